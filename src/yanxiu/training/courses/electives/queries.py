"""Reads of choosing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Sum

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import can_view_data, require
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.courses.models import CurriculumItem

__all__ = ["Choosing", "ElectiveRow", "choosing", "chosen_courses", "undecided"]


@dataclass(frozen=True, slots=True)
class ElectiveRow:
    """`left`: places still free, None = not limited."""

    item_id: int
    title: str
    lecturer: str
    minutes: int
    taken: int
    left: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Choosing:
    """The window and the courses of a class as one learner (or, without an enrolment, the staff) sees them."""

    opens_on: date
    closes_on: date
    least: int
    most: int
    places: int | None
    is_open: bool
    is_over: bool
    rows: tuple[ElectiveRow, ...]

    @property
    def mine(self) -> int:
        return sum(row.is_mine for row in self.rows)

    @property
    def is_short(self) -> bool:
        """Are there fewer places than this learner has to choose?"""
        return sum(row.is_mine or row.left != 0 for row in self.rows) < self.least


def choosing(training_class: TrainingClass, enrolment: Enrolment | None = None) -> Choosing | None:
    """None where the class chooses nothing."""
    chosen = ElectiveWindow.objects.filter(training_class=training_class).first()
    if chosen is None:
        return None
    mine = ElectiveChoice.objects.filter(item=OuterRef("pk"), enrolment=enrolment)
    items = CurriculumItem.objects.filter(training_class=training_class, kind=CurriculumItem.Kind.ELECTIVE)
    lengths = dict(items.order_by().values_list("pk").annotate(ms=Sum("course__lessons__duration_ms")))
    rows = (
        items.annotate(taken=Count("choices"), is_mine=Exists(mine), lecturer=F("course__lecturer__name"))
        .order_by("num", "pk")
        .values_list("pk", "course__title", "lecturer", "taken", "is_mine")
    )
    opens, closes = window(chosen.opens_on, chosen.closes_on, training_class.zone)
    now = clock.now()
    return Choosing(
        chosen.opens_on, chosen.closes_on, chosen.least, chosen.most, chosen.places, opens <= now < closes, now >= closes,
        tuple(
            ElectiveRow(
                pk, title, lecturer, -(-(lengths[pk] or 0) // 60_000), taken,
                None if chosen.places is None else max(0, chosen.places - taken), is_mine,
            )
            for pk, title, lecturer, taken, is_mine in rows
        ),
    )  # fmt: skip


def chosen_courses(enrolment: Enrolment) -> set[int] | None:
    """Ids of the elective courses this learner chose; None where the class chooses nothing."""
    if not ElectiveWindow.objects.filter(training_class_id=enrolment.training_class_id).exists():
        return None
    return set(ElectiveChoice.objects.filter(enrolment=enrolment).values_list("item__course_id", flat=True))


@dataclass(frozen=True, slots=True)
class UndecidedRow:
    enrolment_id: int
    person_id: int
    name: str
    organisation: str


def undecided(
    viewer: Viewer, training_class: TrainingClass, *, after: str | None = None, limit: int = 50
) -> Page[UndecidedRow]:
    """Learners who have not chosen anything yet."""
    require(can_view_data, viewer, training_class)
    learners = counted_enrolments(training_class.pk).filter(
        ~Exists(ElectiveChoice.objects.filter(enrolment=OuterRef("pk")))
    )
    return keyset_page(
        learners.select_related("person__organisation"),
        lambda e: UndecidedRow(
            e.pk, e.person_id, e.person.name, e.person.organisation.name if e.person.organisation else ""
        ),
        after=after,
        limit=limit,
    )
