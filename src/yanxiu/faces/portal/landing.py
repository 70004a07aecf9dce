"""Where each of a viewer's classes leads them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import NoReverseMatch, reverse

from yanxiu.faces.frame.learning.dues import NextStep, next_step
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.queries import agenda
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import enrolment_of, roles_in, visible_classes

__all__ = ["ClassLink", "class_links", "first_page"]

NEVER = datetime.max.replace(tzinfo=UTC)
_STAFF = frozenset({"class_manager", "tutor", "auditor", "organiser"})


@dataclass(frozen=True, slots=True)
class ClassLink:
    training_class: TrainingClass
    roles: frozenset[str]
    href: str
    step: NextStep | None = None  # of a learner: the one thing to do there now


def _href(training_class: TrainingClass, roles: frozenset[str]) -> str:
    name = "staff:class_data" if roles & _STAFF else "learner:home"
    try:
        return reverse(name, args=[training_class.key])
    except NoReverseMatch:
        return ""


def _step(viewer: Viewer, training_class: TrainingClass, roles: frozenset[str]) -> NextStep | None:
    if roles & _STAFF or "learner" not in roles:
        return None
    enrolment = enrolment_of(viewer, training_class)
    return None if enrolment is None else next_step(training_class, agenda(training_class, enrolment))


def class_links(viewer: Viewer, limit: int = 50) -> list[ClassLink]:
    """Where something closes soonest comes first, then the newest classes. One query, and a fixed number a class."""
    found = visible_classes(viewer).select_related("region").order_by("-starts_on", "pk")[:limit]
    with_roles = [(training_class, roles_in(viewer, training_class)) for training_class in found]
    links = [
        ClassLink(training_class, roles, _href(training_class, roles), _step(viewer, training_class, roles))
        for training_class, roles in with_roles
    ]
    return sorted(links, key=lambda link: (link.step and link.step.closes_at) or NEVER)


def first_page(viewer: Viewer) -> str:
    """Where a sign-in ends: a learner of one class in that class, everybody else at the list of theirs."""
    found = list(visible_classes(viewer).select_related("region")[:2])
    if len(found) != 1:
        return "/"
    roles = roles_in(viewer, found[0])
    return _href(found[0], roles) or "/" if roles == {"learner"} else "/"
