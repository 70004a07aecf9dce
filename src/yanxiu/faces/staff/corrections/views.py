"""The class manager decides corrections and, in a closed class, erasures; everything decided stays listed below."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import Correction
from yanxiu.people.privacy.actions import decide_erasure
from yanxiu.people.privacy.queries import erasure_among, erasures_of_people
from yanxiu.people.profile.corrections import decide_correction
from yanxiu.people.profile.queries import correction_among, corrections_of_people
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.people import people_of_class
from yanxiu.training.notices.inbox.actions import Words, notify
from yanxiu.training.notices.inbox.speaking import in_our_language

__all__ = ["corrections"]


def _id(request: FrameRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise NotVisible
    return int(given)


def _decide(request: FrameRequest, training_class: TrainingClass) -> None:
    people, reason = people_of_class(training_class), request.POST.get("reason", "")
    approve = request.POST.get("decision") == "approve"
    if "erasure" in request.POST:
        decide_erasure(request.viewer, erasure_among(people, _id(request, "erasure")), approve=approve, reason=reason)
        return
    decided = decide_correction(
        request.viewer, correction_among(people, _id(request, "correction")), approve=approve, reason=reason,
        region_path=training_class.region.path, class_id=training_class.pk,
    )  # fmt: skip
    _tell(decided, approved=approve)


@in_our_language
def _tell(decided: Correction, *, approved: bool) -> None:
    """Leads to 「我的」, which staff have as well as learners."""
    words = _("您申请更正的%(field)s已经生效") if approved else _("您申请更正的%(field)s没有同意")
    title = words % {"field": decided.get_field_display()}
    notify([decided.person_id], "decision", f"correction-{decided.pk}", Words(title, decided.reason))


def corrections(request: FrameRequest, key: str) -> HttpResponse:
    """GET lists them; POST decides one."""
    training_class = managed_class(request, key)
    context: dict[str, Any] = {"class": training_class}
    status = 200
    if request.method == "POST":
        try:
            _decide(request, training_class)
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            context["refused"], status = refused, 409 if refused.code == "wrong_state" else 422
    people = people_of_class(training_class)
    context |= {
        "page": corrections_of_people(people, after=request.GET.get("after") or None),
        "erasures": erasures_of_people(people),
    }
    return render(request, "staff/corrections/corrections.html", context, status=status)
