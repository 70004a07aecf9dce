"""The report page in each of its states: what it shows, and what may be done next and by whom."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import local_day
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.forms import NarrativeForm
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.record.documents.html import render_html
from yanxiu.record.figures.queries import facts, shown_values
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.quantities import HandTyped
from yanxiu.record.reports.queries import composed, drift, live_doc, report_of, reports_of
from yanxiu.record.reports.quoting.queries import Wanting, wanting
from yanxiu.record.reports.tree import Doc
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage

__all__ = ["Preview", "article", "desk", "first_front", "preview_of"]


@dataclass(frozen=True)
class Preview:
    """A draft as it would be printed now, or why it cannot be."""

    article: SafeString | None
    hand_typed: tuple[HandTyped, ...]
    refused: Refused | None
    wanting: tuple[Wanting, ...] = ()


def article(training_class: TrainingClass, doc: Doc) -> SafeString:
    """The tree as HTML; every figure opens its popover and lights its row of the table."""
    address = reverse("staff:figure", args=[training_class.key, "KEY"]).replace("KEY", "{key}")
    html = render_html(doc, address).replace('<a class="fig" data-key=', '<a class="fig" data-pop data-row=')
    return mark_safe(html)  # noqa: S308  (the renderer escapes every text of the tree)


def preview_of(report: Report) -> Preview:
    try:
        made = composed(report)
    except Refused as refused:
        return Preview(None, (), refused)
    return Preview(
        article(report.training_class, made.doc), made.hand_typed, None, tuple(wanting(report, made.unagreed))
    )


def starter() -> str:
    """The text a first draft begins with."""
    return files("yanxiu.faces.staff").joinpath("starter.md").read_text(encoding="utf-8")


def first_front(training_class: TrainingClass) -> dict[str, object]:
    """What is printed around the text of a first draft, to be changed there: the organising unit, today."""
    unit = training_class.program.organizer_org.name
    today = local_day(clock.now_ms(), training_class.zone).isoformat()
    return {
        "name": _("学习简报"), "org": unit, "issuer": unit, "sign_org": unit, "issued_on": today, "signed_on": today,
        "number": str(training_class.session_no),
    }  # fmt: skip


def _revision(request: FrameRequest) -> int | None:
    asked = request.GET.get("revision", "")
    return int(asked) if asked.isdecimal() and len(asked) < 5 else None


def desk(
    request: FrameRequest, training_class: TrainingClass, *, refused: Refused | None = None, typed: Report | None = None
) -> dict[str, Any]:
    """Context of the page; `typed` holds what somebody has typed and could not save."""
    context: dict[str, Any] = {
        "class": training_class,
        "may_manage": can_manage(request.viewer, training_class),
        "reports": reports_of(request.viewer, training_class),
        "refused": refused,
        "asked": request.GET.get("asked") == "1",
    }
    try:
        report = typed or report_of(request.viewer, training_class, _revision(request))
    except NotVisible:
        if _revision(request) is not None:
            raise
        return context | {"state": "none", "form": NarrativeForm(), "starter": starter(), "template": "jianbao"}
    context |= {"report": report, "state": report.state, "is_drafter": report.drafted_by_id == request.viewer.person_id}
    if report.state == Report.State.FROZEN:
        return context | _frozen(report)
    front = report.frontmatter
    return context | {
        "preview": preview_of(report),
        "printed": [(name, front.get(name, "")) for name in NarrativeForm.PRINTED],
        "values": shown_values(training_class),
        "facts": facts(training_class),
    }


def _frozen(report: Report) -> dict[str, Any]:
    """Frozen values with what has moved since beside them."""
    moved = {each.key: each for each in drift(report)}
    rows = [(figure, moved.get(figure.key)) for figure in report.figures.order_by("pk")]
    code = report.digest[:12].upper()
    return {
        "article": article(report.training_class, live_doc(report)),
        "frozen": rows,
        "moved": len(moved),
        "code": "·".join(code[n : n + 4] for n in range(0, 12, 4)),
    }
