"""Writes of the room: programmes, classes, quotas, roles; with those of `learners`, `lifecycle` and `roster`."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import line
from yanxiu.people.actions import note_role_change
from yanxiu.people.models import Organisation, Person, Region
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.editing.actions import change_class, require_edition, turn_edition
from yanxiu.training.classes.editing.rules import check_dates
from yanxiu.training.classes.learners import enrol_learner, readmit_learner, register_learner, withdraw_learner
from yanxiu.training.classes.lifecycle import change_state, freeze_class
from yanxiu.training.classes.models import ClassRole, QuotaAllocation, TrainingClass, TrainingProgram
from yanxiu.training.classes.roster.importing import RosterOutcome, import_roster
from yanxiu.training.classes.rules import can_manage, can_organise_in, class_taking_facts, require, require_region

__all__ = [
    "RosterOutcome",
    "allot_quota",
    "assign_role",
    "change_class",
    "change_state",
    "create_class",
    "create_program",
    "enrol_learner",
    "freeze_class",
    "import_roster",
    "readmit_learner",
    "register_learner",
    "remove_role",
    "withdraw_learner",
]


@transaction.atomic
def create_program(
    actor: Viewer, *, name: str, sponsor_org: Organisation, organizer_org: Organisation
) -> TrainingProgram:
    """A programme, by an organiser of the region of the executing unit."""
    require_region(actor, organizer_org.region)
    program = TrainingProgram.objects.create(
        name=line(name, field="name", label=_("项目名称")), sponsor_org=sponsor_org, organizer_org=organizer_org
    )
    audit.record("create_program", "program", program.pk, actor_id=actor.person_id, to_state="created")
    return program


@transaction.atomic
def create_class(
    actor: Viewer,
    *,
    key: str,
    program: TrainingProgram,
    region: Region,
    name: str,
    short_name: str,
    starts_on: date,
    ends_on: date,
    session_no: int = 1,
    zone: str = "Asia/Shanghai",
    scheme_id: str = "seed-2017@1",
    figure_profile: str = "enaea-2017",
) -> TrainingClass:
    """A class in state draft."""
    require_region(actor, region)
    check_dates(starts_on, ends_on, zone)
    if TrainingClass.objects.filter(key=key).exists():
        raise Refused("key_taken", _("班级标识已被使用，请换一个。"), field="key")
    created = TrainingClass.objects.create(
        key=line(key, field="key", label=_("班级标识"), limit=40), program=program, region=region,
        name=line(name, field="name", label=_("班级名称")),
        short_name=line(short_name, field="short_name", label=_("班级简称"), limit=40),
        session_no=session_no, starts_on=starts_on, ends_on=ends_on, zone=zone,
        scheme_id=scheme_id, figure_profile=figure_profile,
    )  # fmt: skip
    audit.record(
        "create_class", "class", created.pk, actor_id=actor.person_id, class_id=created.pk, to_state=created.state
    )
    return created


@transaction.atomic
def allot_quota(
    actor: Viewer, training_class: TrainingClass, *, org: Organisation, seats: int, edition: int | None = None
) -> QuotaAllocation:
    """名额 of one nominating unit; a later call replaces the number, if the class is still in the edition that was read."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if not 0 <= seats <= 100_000:
        raise Refused("bad_seats", _("名额应是 0 到 100000 的整数。"), field="seats")
    before = QuotaAllocation.objects.filter(training_class=stored, nominating_org=org).first()
    if edition is not None and not (before and before.seats == seats):
        require_edition(stored, edition)
    quota, _created = QuotaAllocation.objects.update_or_create(
        training_class=stored, nominating_org=org, defaults={"seats": seats}
    )
    audit.record(
        "allot_quota", "quota", quota.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="allotted",
        seats=seats, seats_before=before.seats if before else 0,
    )  # fmt: skip
    turn_edition(stored)
    return quota


def _may_assign(actor: Viewer, training_class: TrainingClass, role: str) -> None:
    require(can_manage, actor, training_class)
    if role != ClassRole.Role.TUTOR and not can_organise_in(actor, training_class.region):
        raise Refused("not_allowed", _("班主任和督学由组织管理者指定。"), field="role")


@transaction.atomic
def assign_role(actor: Viewer, training_class: TrainingClass, *, person: Person, role: str) -> ClassRole:
    """A staff role in the class. Class managers may name tutors; organisers anybody. Twice changes nothing."""
    if role not in ClassRole.Role.values:
        raise Refused("bad_role", _("没有这种角色。"), field="role")
    _may_assign(actor, training_class, role)
    assigned, created = ClassRole.objects.get_or_create(training_class=training_class, person=person, role=role)
    if created:
        audit.record(
            "assign_role", "class_role", assigned.pk, actor_id=actor.person_id, class_id=training_class.pk,
            to_state="assigned", person=person.pk, role=role,
        )  # fmt: skip
        note_role_change(person)
    return assigned


@transaction.atomic
def remove_role(actor: Viewer, class_role: ClassRole) -> None:
    """Take a staff role away; what its holder wrote stays theirs."""
    _may_assign(actor, class_role.training_class, class_role.role)
    audit.record(
        "remove_role", "class_role", class_role.pk, actor_id=actor.person_id, class_id=class_role.training_class_id,
        from_state="assigned", to_state="removed", person=class_role.person_id, role=class_role.role,
    )  # fmt: skip
    note_role_change(class_role.person)
    class_role.delete()
