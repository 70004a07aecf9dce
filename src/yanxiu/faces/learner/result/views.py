"""How a learner stands, with reasons; after the freeze it is final."""

from django.http import HttpResponse

from yanxiu.faces.frame.learning.dues import todo
from yanxiu.faces.frame.learning.path import path_steps
from yanxiu.faces.frame.learning.words import reason_words, scheme_name
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.home.card import card_of
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.record.assessment.queries import agenda, outlook

__all__ = ["result"]


def result(request: FrameRequest, key: str) -> HttpResponse:
    """Every number comes from the records; nothing here is typed by anybody."""
    place = own_place(request, key)
    class_ = place.training_class
    found, out = agenda(class_, place.enrolment), outlook(class_, place.enrolment.pk)
    exams = [todo(class_, due) for due in found.dues if due.kind == "exam"]
    context = {"agenda": found, "out": out, "exams": exams}
    if out is not None:
        reasons = [(reason.ok, reason_words(out.scheme, reason)) for reason in out.verdict.reasons]
        context |= {
            "card": card_of(out), "scheme": scheme_name(out.scheme), "steps": path_steps(class_, out),
            "missing": [text for ok, text in reasons if not ok], "reached": [text for ok, text in reasons if ok],
        }  # fmt: skip
    return learner_page(request, place, "learner/result/result.html", "learner:result", context)
