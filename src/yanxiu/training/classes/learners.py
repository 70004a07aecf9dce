"""Writes about places in a class; part of the room's `actions`."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.models import Organisation, Person
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require

__all__ = [
    "enrol_learner",
    "extend_learner",
    "nominate_each",
    "readmit_learner",
    "register_learner",
    "require_enrolling",
    "withdraw_learner",
]

ENROLLING_STATES = frozenset({TrainingClass.State.APPROVED, TrainingClass.State.ENROLLING, TrainingClass.State.RUNNING})


def require_enrolling(training_class: TrainingClass) -> TrainingClass:
    """The class as stored now, if it takes nominations."""
    stored = class_taking_facts(training_class.pk)
    if stored.state not in ENROLLING_STATES:
        raise Refused("not_enrolling", _("本班当前状态不接收报名；请先批准班级并开放报名。"))
    return stored


def nominate_each(
    actor: Viewer, stored: TrainingClass, nominations: Iterable[tuple[Person, Organisation]]
) -> list[Enrolment]:
    """The writes alone, inside an action that has checked everything; one audit entry each."""
    enrolments = Enrolment.objects.bulk_create(
        (Enrolment(training_class=stored, person=person, nominating_org=unit) for person, unit in nominations),
        batch_size=500,
    )
    audit.record_each(
        "enrol_learner", "enrolment",
        ((e.pk, {"person": e.person_id, "organisation": e.nominating_org_id}) for e in enrolments),
        actor_id=actor.person_id, to_state=Enrolment.State.NOMINATED, class_id=stored.pk,
    )  # fmt: skip
    return enrolments


@transaction.atomic
def enrol_learner(
    actor: Viewer, training_class: TrainingClass, *, person: Person, nominating_org: Organisation
) -> Enrolment:
    """Nominate a person; the same person again is refused."""
    require(can_manage, actor, training_class)
    stored = require_enrolling(training_class)
    if stored.enrolments.filter(person=person).exists():
        raise Refused("already_enrolled", _("此人已在本班名单中，无需重复添加。"), field="person")
    (enrolment,) = nominate_each(actor, stored, [(person, nominating_org)])
    return enrolment


@transaction.atomic
def register_learner(actor: Viewer, enrolment: Enrolment) -> Enrolment:
    """注册: the learner (or the class manager for them) confirms the place. Doing it twice changes nothing."""
    stored = Enrolment.objects.select_for_update().select_related("training_class").filter(pk=enrolment.pk).first()
    if stored is None:
        raise NotVisible
    if stored.person_id != actor.person_id:
        require(can_manage, actor, stored.training_class)
    training_class = class_taking_facts(stored.training_class_id)
    if stored.state == Enrolment.State.REGISTERED:
        return stored
    if stored.state == Enrolment.State.WITHDRAWN:
        raise Refused("withdrawn", _("此人已退班，不能再注册；请由班主任先恢复报名。"))
    if training_class.state == TrainingClass.State.DRAFT:
        raise Refused("not_enrolling", _("班级还是草稿，批准以后才能注册。"))
    stored.state = Enrolment.State.REGISTERED
    stored.registered_at = clock.now()
    stored.save(update_fields=["state", "registered_at"])
    audit.record(
        "register_learner", "enrolment", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state=Enrolment.State.NOMINATED, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def readmit_learner(actor: Viewer, enrolment: Enrolment, *, reason: str) -> Enrolment:
    """Back from 退班 to nominated, with a reason; the place must be confirmed again."""
    stored = Enrolment.objects.select_for_update().select_related("training_class").filter(pk=enrolment.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    require_enrolling(stored.training_class)
    line(reason, field="reason", label=_("恢复原因"), limit=200)
    if stored.state != Enrolment.State.WITHDRAWN:
        raise Refused("wrong_state", _("此人没有退班，无需恢复。"))
    stored.state, stored.withdrawn_at, stored.registered_at = Enrolment.State.NOMINATED, None, None
    stored.withdrawal_reason = ""
    stored.save(update_fields=["state", "withdrawn_at", "registered_at", "withdrawal_reason"])
    audit.record(
        "readmit_learner", "enrolment", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        from_state=Enrolment.State.WITHDRAWN, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def extend_learner(actor: Viewer, enrolment: Enrolment, *, until: date) -> Enrolment:
    """延期: this learner's own last day, later than the class's; study and submissions count until its end."""
    stored = Enrolment.objects.select_for_update().select_related("training_class").filter(pk=enrolment.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    training_class = class_taking_facts(stored.training_class_id)
    if until <= training_class.ends_on:
        raise Refused("bad_dates", _("延期到的日期要晚于班级的结束日期。"), field="until")
    stored.extended_to = until
    stored.save(update_fields=["extended_to"])
    audit.record(
        "extend_learner", "enrolment", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
        until=str(until),
    )  # fmt: skip
    return stored


@transaction.atomic
def withdraw_learner(actor: Viewer, enrolment: Enrolment, *, reason: str) -> Enrolment:
    """退班, with a reason. Allowed after the freeze too: a frozen figure then shows it as drift."""
    stored = Enrolment.objects.select_for_update().select_related("training_class").filter(pk=enrolment.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    reason = line(reason, field="reason", label=_("退班原因"), limit=200)
    if stored.state == Enrolment.State.WITHDRAWN:
        raise Refused("withdrawn", _("此人已经退班。"))
    before, stored.state, stored.withdrawn_at = stored.state, Enrolment.State.WITHDRAWN, clock.now()
    stored.withdrawal_reason = reason
    stored.save(update_fields=["state", "withdrawn_at", "withdrawal_reason"])
    audit.record(
        "withdraw_learner", "enrolment", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        from_state=before, to_state=stored.state,
    )  # fmt: skip
    return stored
