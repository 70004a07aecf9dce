"""From nothing to a class that people study in: each button is one action."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.founding.demands import all_schemes, policy_choices, policy_words, scheme_words
from yanxiu.faces.staff.founding.forms import ZONES, ClassForm, QuotaForm, StaffForm
from yanxiu.faces.staff.founding.readiness import checklist
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import organisation_named, person_of_phone
from yanxiu.record.assessment.queries import scheme_ids
from yanxiu.record.assessment.setting.actions import open_class
from yanxiu.study.policies.actions import set_class_policy
from yanxiu.study.policies.queries import DEFAULT, policies, policy_of_class
from yanxiu.training.classes import actions
from yanxiu.training.classes.founding import (
    class_staff,
    enrolment_in,
    moves_for,
    organiser_programs,
    organiser_regions,
    organiser_units,
    role_of,
)
from yanxiu.training.classes.models import ClassRole, TrainingClass
from yanxiu.training.classes.queries import quota_rows
from yanxiu.training.classes.rules import can_organise_in, require_region
from yanxiu.training.courses.outline import import_outline
from yanxiu.training.courses.queries import class_lessons

__all__ = ["curriculum", "learner", "new_class", "quota", "setup", "staff", "state"]


def _picked(rows: Iterable[Any], pk: int | None, field: str) -> Any:
    """The row of that id among those the viewer may use."""
    for row in rows:
        if row.pk == pk:
            return row
    raise _not_chosen(field)


def _not_chosen(field: str) -> Refused:
    label = ClassForm.base_fields[field].label
    return Refused("not_chosen", _("%(label)s：请在列表中选择。") % {"label": label}, field=field)


@transaction.atomic
def _found(request: FrameRequest, values: dict[str, Any]) -> TrainingClass:
    """Programme (where it is new), class and its policy together, or nothing."""
    viewer = request.viewer
    for field, known in (("scheme", scheme_ids()), ("policy", policies())):
        if values[field] not in known:
            raise _not_chosen(field)
    if values["program"]:
        program = _picked(organiser_programs(viewer), values["program"], "program")
    else:
        units = organiser_units(viewer)
        program = actions.create_program(
            viewer, name=values["program_name"], sponsor_org=_picked(units, values["sponsor"], "sponsor"),
            organizer_org=_picked(units, values["organizer"], "organizer"),
        )  # fmt: skip
    made = actions.create_class(
        viewer, key=values["key"], program=program, region=_picked(organiser_regions(viewer), values["region"], "region"),
        name=values["name"], short_name=values["short_name"], session_no=values["session_no"],
        starts_on=values["starts_on"], ends_on=values["ends_on"], zone=values["zone"].strip(), scheme_id=values["scheme"],
    )  # fmt: skip
    set_class_policy(viewer, class_id=made.pk, policy_id=values["policy"])
    return made


def new_class(request: FrameRequest) -> HttpResponse:
    """For organisers; everybody else is refused."""
    require_region(request.viewer)
    refused = None
    if request.method == "POST":
        try:
            made = _found(request, ClassForm(request.POST).values())
            return HttpResponseRedirect(reverse("staff:setup", args=[made.key]))
        except Refused as error:
            refused = error
    context = {
        "programs": organiser_programs(request.viewer), "regions": organiser_regions(request.viewer),
        "units": organiser_units(request.viewer), "schemes": all_schemes(),
        "policies": policy_choices(), "default_policy": DEFAULT, "zones": ZONES, "refused": refused, "typed": request.POST,
    }  # fmt: skip
    return render(request, "staff/founding/new.html", context, status=422 if refused else 200)


def _page(request: FrameRequest, training_class: TrainingClass, refused: Refused | None = None) -> HttpResponse:
    labels = dict(TrainingClass.State.choices)
    lessons, checks = class_lessons(training_class.pk), checklist(training_class)
    context = {
        "class": training_class,
        "moves": [
            {"to": to, "label": labels[TrainingClass.State(to)]} for to in moves_for(request.viewer, training_class)
        ],
        "staff": class_staff(training_class),
        "roles": ClassRole.Role.choices,
        "quotas": quota_rows(training_class),
        "lessons": len(lessons),
        "courses": len({lesson.course_id for lesson in lessons}),
        "checks": checks,
        "lacking": sum(line.must and not line.ok for line in checks),
        "scheme": scheme_words(training_class.scheme_id),
        "policy": policy_words(policy_of_class(training_class.pk)),
        "organises": can_organise_in(request.viewer, training_class.region),
        "refused": refused,
        "typed": request.POST if refused else {},
        "done": request.GET.get("done", ""),
    }
    return render(request, "staff/founding/setup.html", context, status=422 if refused else 200)


def setup(request: FrameRequest, key: str) -> HttpResponse:
    """What the class still needs, with the forms to give it."""
    return _page(request, managed_class(request, key))


def _done(request: FrameRequest, key: str, done: str, act: Callable[[TrainingClass], object]) -> HttpResponse:
    training_class = managed_class(request, key)
    try:
        act(training_class)
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        return _page(request, training_class, refused)
    return HttpResponseRedirect(f"{reverse('staff:setup', args=[key])}?done={done}")


def state(request: FrameRequest, key: str) -> HttpResponse:
    """One move; into study only with everything there that it takes."""
    to = request.POST.get("to", "")

    def act(training_class: TrainingClass) -> None:
        if to == TrainingClass.State.RUNNING:
            open_class(request.viewer, training_class)
        else:
            actions.change_state(request.viewer, training_class, to)

    return _done(request, key, "state", act)


def staff(request: FrameRequest, key: str) -> HttpResponse:
    """Assign a role by phone; with `remove`, take one away."""

    def act(training_class: TrainingClass) -> None:
        if pk := request.POST.get("remove", ""):
            role = role_of(training_class, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 15 else None
            if role is None:
                raise NotVisible
            actions.remove_role(request.viewer, role)
            return
        values = StaffForm(request.POST).values()
        person = person_of_phone(values["phone"].strip())
        if person is None:
            raise Refused("unknown_phone", _("没有这个手机号的人员；请先由系统管理员登记，或核对号码。"), field="phone")
        actions.assign_role(request.viewer, training_class, person=person, role=values["role"])

    return _done(request, key, "staff", act)


def quota(request: FrameRequest, key: str) -> HttpResponse:
    """名额 of a unit of the class's region, by its name."""

    def act(training_class: TrainingClass) -> None:
        values = QuotaForm(request.POST).values()
        unit = organisation_named(values["unit"].strip(), training_class.region.path)
        if unit is None:
            raise Refused("unknown_unit", _("本班地区内没有这个单位（或有几个同名单位），请核对全称。"), field="unit")
        actions.allot_quota(request.viewer, training_class, org=unit, seats=values["seats"], edition=values["edition"])

    return _done(request, key, "quota", act)


def curriculum(request: FrameRequest, key: str) -> HttpResponse:
    """A pasted table of lessons, all of it or nothing."""
    text = request.POST.get("outline", "")[:400_000]
    return _done(request, key, "curriculum", lambda cls: import_outline(request.viewer, cls, text=text))


def learner(request: FrameRequest, key: str, enrolment: int) -> HttpResponse:
    """Register, withdraw or readmit one learner; back to the roster, or the refusal on a page of its own."""
    training_class = managed_class(request, key)
    place, pressed, reason = (
        enrolment_in(training_class, enrolment),
        request.POST.get("then", ""),
        request.POST.get("reason", ""),
    )
    if pressed == "register":
        actions.register_learner(request.viewer, place)
    elif pressed == "withdraw":
        actions.withdraw_learner(request.viewer, place, reason=reason)
    elif pressed == "readmit":
        actions.readmit_learner(request.viewer, place, reason=reason)
    else:
        raise Refused("unknown_button", _("请求格式不对，请刷新页面再试。"))
    return HttpResponseRedirect(reverse("staff:roster", args=[key]))
