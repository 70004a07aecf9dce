"""Reads for founding a class: where the viewer may, for whom, and who works in it; part of the room's `queries`."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from yanxiu.kit.errors import NotVisible
from yanxiu.people.models import Organisation, Region
from yanxiu.people.queries import Viewer, regions_with_role
from yanxiu.training.classes.lifecycle import class_moves
from yanxiu.training.classes.models import ClassRole, Enrolment, TrainingClass, TrainingProgram
from yanxiu.training.classes.queries import roles_in

__all__ = [
    "ClassStaff",
    "class_staff",
    "enrolment_in",
    "moves_for",
    "organiser_programs",
    "organiser_regions",
    "organiser_units",
    "role_of",
]


def _below(viewer: Viewer, prefix: str) -> Q:
    """Everything at or below the regions the viewer organises; nothing for anybody else."""
    paths = regions_with_role(viewer, "organiser")
    return reduce(or_, (Q(**{f"{prefix}startswith": path}) for path in paths), Q(pk__in=[]))


def organiser_regions(viewer: Viewer) -> list[Region]:
    """The regions in which the viewer may found a class, from the top down."""
    return list(Region.objects.filter(_below(viewer, "path__")).order_by("path")[:500])


def organiser_programs(viewer: Viewer) -> list[TrainingProgram]:
    """Programmes run by units of those regions, newest first."""
    return list(TrainingProgram.objects.filter(_below(viewer, "organizer_org__region__path__")).order_by("-pk")[:100])


def organiser_units(viewer: Viewer) -> list[Organisation]:
    """Bureaus and institutes of those regions: who commissions and who runs a programme."""
    units = Organisation.objects.filter(_below(viewer, "region__path__")).exclude(kind=Organisation.Kind.SCHOOL)
    return list(units.order_by("region__path", "name")[:500])


@dataclass(frozen=True, slots=True)
class ClassStaff:
    """Somebody with a staff role in a class."""

    class_role_id: int
    name: str
    organisation: str
    role: str
    role_label: str


def class_staff(training_class: TrainingClass) -> list[ClassStaff]:
    """Managers first, then tutors and auditors."""
    rows = training_class.roles.select_related("person__organisation").order_by("role", "pk")
    return [
        ClassStaff(
            row.pk, row.person.name, row.person.organisation.name if row.person.organisation else "", row.role,
            str(row.get_role_display()),
        )
        for row in rows
    ]  # fmt: skip


def role_of(training_class: TrainingClass, class_role_id: int) -> ClassRole | None:
    """The role with that id, if it is one of this class."""
    return training_class.roles.select_related("training_class__region", "person").filter(pk=class_role_id).first()


def enrolment_in(training_class: TrainingClass, enrolment_id: int) -> Enrolment:
    """A place in the class; NotVisible for one of another class."""
    found = training_class.enrolments.filter(pk=enrolment_id).first()
    if found is None:
        raise NotVisible
    return found


def moves_for(viewer: Viewer, training_class: TrainingClass) -> list[str]:
    """The states the viewer may move the class to now; freezing is the report's business and not among them."""
    roles = roles_in(viewer, training_class)
    return [
        move.to_state
        for move in class_moves()
        if move.from_state == training_class.state and move.who & roles and move.to_state != TrainingClass.State.FROZEN
    ]
