"""修改班级: its own data in one form, the rules it is judged by in another, which first says what would change."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import founded_class
from yanxiu.faces.staff.founding.demands import all_schemes, policy_choices, policy_words, scheme_words
from yanxiu.faces.staff.founding.forms import ZONES, PlanForm, RulesForm
from yanxiu.kit.errors import Refused
from yanxiu.record.assessment.setting.actions import Rules, change_rules, require_rules
from yanxiu.record.assessment.setting.queries import rule_changes
from yanxiu.record.assessment.setting.trial import Trial, trial
from yanxiu.study.policies.queries import policies, policy_of_class
from yanxiu.training.classes.editing.actions import change_class
from yanxiu.training.classes.editing.rules import Plan, leeway
from yanxiu.training.classes.models import TrainingClass

__all__ = ["edit", "rules"]

STATUS = {"conflict": 409, "class_frozen": 409, "not_confirmed": 409}


def _history(training_class: TrainingClass) -> list[dict[str, Any]]:
    known = policies()
    return [
        {
            "row": row, "scheme_before": scheme_words(row.scheme_before), "scheme_after": scheme_words(row.scheme_after),
            "policy_before": policy_words(known[row.policy_before]) if row.policy_before in known else row.policy_before,
            "policy_after": policy_words(known[row.policy_after]) if row.policy_after in known else row.policy_after,
        }
        for row in rule_changes(training_class)
    ]  # fmt: skip


def _values(training_class: TrainingClass) -> dict[str, Any]:
    c = training_class
    return {
        "name": c.name, "short_name": c.short_name, "session_no": c.session_no, "starts_on": c.starts_on.isoformat(),
        "ends_on": c.ends_on.isoformat(), "zone": c.zone,
    }  # fmt: skip


def _page(
    request: FrameRequest, training_class: TrainingClass, part: str = "", refused: Refused | None = None,
    told: Trial | None = None,
) -> HttpResponse:  # fmt: skip
    """`part`: which of the two forms was sent; what was typed into it stays, beside what the class says now."""
    now, allowed = _values(training_class), leeway(training_class.state)
    typed = request.POST.dict() if part else {}
    policy = policy_of_class(training_class.pk)
    chosen = {"scheme": training_class.scheme_id, "policy": policy.id, "reason": ""}
    shown = {name: typed.get(name, value) if part == "plan" else value for name, value in now.items()}
    labels = {name: str(PlanForm.base_fields[name].label) for name in now}
    context = {
        "class": training_class, "leeway": allowed, "refused": refused, "part": part, "shown": shown, "zones": ZONES,
        "differs": [
            (labels[name], value) for name, value in now.items() if str(shown[name]).strip() != str(value)
        ] if refused is not None and refused.code == "conflict" else [],
        "rules": {**chosen, **{k: v for k, v in typed.items() if k in chosen}} if part == "rules" else chosen,
        "schemes": all_schemes(), "policies": policy_choices(), "scheme": scheme_words(training_class.scheme_id),
        "policy": policy_words(policy), "told": told, "history": _history(training_class),
        "new_scheme": scheme_words(typed.get("scheme", "")), "same_scheme": typed.get("scheme") == training_class.scheme_id,
        "same_policy": typed.get("policy") == policy.id, "done": request.GET.get("done", ""),
    }  # fmt: skip
    status = STATUS.get(refused.code, 422) if refused else 200
    return render(request, "staff/founding/edit.html", context, status=status)


def edit(request: FrameRequest, key: str) -> HttpResponse:
    """GET: both forms, as far as the class's state allows. POST: name, dates, zone."""
    training_class = founded_class(request, key)
    if request.method != "POST":
        return _page(request, training_class)
    try:
        values = PlanForm(request.POST).values()
        edition = values.pop("edition")
        change_class(request.viewer, training_class, edition=-1 if edition is None else edition, plan=Plan(**values))
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        return _page(request, founded_class(request, key), "plan", refused)
    return HttpResponseRedirect(f"{reverse('staff:setup_edit', args=[key])}?done=plan")


def rules(request: FrameRequest, key: str) -> HttpResponse:
    """First what the change would do and for how many; with `confirmed`, the change."""
    training_class = founded_class(request, key)
    told = None
    try:
        values = RulesForm(request.POST).values()
        wanted = require_rules(training_class, Rules(values["scheme"], values["policy"], values["reason"]))
        if values["confirmed"]:
            edition = -1 if values["edition"] is None else values["edition"]
            change_rules(request.viewer, training_class, edition=edition, rules=wanted, confirmed=values["confirmed"])
            return HttpResponseRedirect(f"{reverse('staff:setup_edit', args=[key])}?done=rules")
        refused = None
    except Refused as error:
        if error.code == "not_allowed":
            raise
        refused = error
    stored = founded_class(request, key)
    if refused is None or refused.code in {"not_confirmed", "conflict"}:
        told = trial(stored, request.POST.get("scheme", ""))
    return _page(request, stored, "rules", refused, told)
