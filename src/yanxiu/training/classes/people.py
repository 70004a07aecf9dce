"""Who is in a class or works in one: what accounts, privacy and second factors ask."""

from typing import Any

from django.db.models import Q, QuerySet

from yanxiu.people.models import Person
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import ClassRole, Enrolment, TrainingClass
from yanxiu.training.classes.rules import CLOSED_STATES

__all__ = ["has_closed_class", "outside_classes", "people_of_class", "works_anywhere", "works_in_any_class"]


def people_of_class(training_class: TrainingClass) -> QuerySet[Person, Any]:
    """Ids of its learners (whatever became of them) and its staff, as a subquery."""
    mine = Q(enrolments__training_class=training_class) | Q(class_roles__training_class=training_class)
    return Person.objects.filter(mine).values("pk")


def outside_classes(people: QuerySet[Person, Any]) -> QuerySet[Person, Any]:
    """Ids of those among them who neither learn nor work in any class, as a subquery."""
    return people.filter(enrolments=None, class_roles=None).values("pk")


def works_in_any_class(viewer: Viewer) -> bool:
    """Class manager, tutor or auditor of at least one class."""
    return ClassRole.objects.filter(person_id=viewer.person_id or 0).exists()


def works_anywhere(viewer: Viewer) -> bool:
    """In a class or over a region: first steps and messages speak to staff in their own words."""
    return bool(viewer.region_roles) or works_in_any_class(viewer)


def has_closed_class(person_id: int) -> bool:
    """Has a class they studied in been frozen, reported or archived?"""
    return Enrolment.objects.filter(person_id=person_id, training_class__state__in=CLOSED_STATES).exists()
