"""How a learner stands, with reasons; after the freeze it is final. And the certificate of those who passed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from yanxiu.faces.frame.learning.dues import todo
from yanxiu.faces.frame.learning.path import blockers, path_steps
from yanxiu.faces.frame.learning.words import reason_words, scheme_name
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.home.card import card_of
from yanxiu.faces.learner.result.marks import mark_lines
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.kit.errors import NotVisible
from yanxiu.record.assessment.queries import agenda, marked, outlook
from yanxiu.record.certificates.badge import badge_jwt
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.certificates.pdf import certificate_pdf, hours_pdf
from yanxiu.record.certificates.queries import own_certificate

__all__ = ["certificate", "result"]


def result(request: FrameRequest, key: str) -> HttpResponse:
    """Every number comes from the records; nothing here is typed by anybody."""
    place = own_place(request, key)
    class_ = place.training_class
    found, out = agenda(class_, place.enrolment), outlook(class_, place.enrolment.pk)
    exams = [todo(class_, due) for due in found.dues if due.kind == "exam"]
    own = own_certificate(request.viewer, place.enrolment)
    context: dict[str, Any] = {"agenda": found, "out": out, "exams": exams, "certificate": own}
    if out is not None:
        reasons = [
            (reason.ok, reason_words(out.scheme, reason))
            for reason in out.verdict.reasons
            if reason.ok or reason.what != "points"  # no points yet: the lines say so
        ]
        context |= {
            "marks": mark_lines(class_, out.scheme, marked(class_, out.scheme, place.enrolment)),
            "card": card_of(out), "scheme": scheme_name(out.scheme), "steps": path_steps(class_, out),
            "blockers": blockers(out),
            "missing": [text for ok, text in reasons if not ok], "reached": [text for ok, text in reasons if ok],
        }  # fmt: skip
    return learner_page(request, place, "learner/result/result.html", "learner:result", context)


_FILES: Mapping[str, tuple[str, str, Callable[[Certificate], bytes]]] = {
    "pdf": ("application/pdf", ".pdf", certificate_pdf),
    "hours": ("application/pdf", "-hours.pdf", hours_pdf),
    "badge": ("application/vc+jwt", ".jwt", lambda found: badge_jwt(found).encode()),
}


def certificate(request: FrameRequest, key: str, kind: str) -> HttpResponse:
    """One's own valid certificate as PDF, the statement of hours, or the Open Badge."""
    own = own_certificate(request.viewer, own_place(request, key).enrolment)
    if own is None or own.state != Certificate.State.ISSUED or kind not in _FILES:
        raise NotVisible
    content_type, ending, made = _FILES[kind]
    response = HttpResponse(made(own), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{own.number}{ending}"'
    return response
