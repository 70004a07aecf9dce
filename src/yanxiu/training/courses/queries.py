"""Reads of the catalogue and of a class's curriculum."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import STUDY_STATES, is_closed, require_class_window, require_registered
from yanxiu.training.courses.electives.rules import require_chosen
from yanxiu.training.courses.models import Course, Lesson

__all__ = [
    "CatalogueRow",
    "ClassLesson",
    "SessionLesson",
    "catalogue",
    "class_lessons",
    "lesson_for_session",
]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    course_id: int
    title: str
    field: str
    lecturer: str
    lecturer_title: str


def catalogue(*, field_key: str | None = None, after: str | None = None, limit: int = 50) -> Page[CatalogueRow]:
    """Courses of the catalogue, of one field or all; sessions in person are their class's alone and not in it."""
    courses = Course.objects.select_related("field", "lecturer").exclude(lessons__kind=Lesson.Kind.IN_PERSON)
    if field_key is not None:
        courses = courses.filter(field__key=field_key)
    return keyset_page(
        courses,
        lambda c: CatalogueRow(c.pk, c.title, c.field.name, c.lecturer.name, c.lecturer.title),
        after=after,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class ClassLesson:
    """A lesson as a class uses it. `kind` is that of the curriculum (compulsory …), `media` that of the lesson."""

    lesson_id: int
    kind: str
    course_id: int
    course_title: str
    lecturer: str
    lesson_title: str
    num: int
    media: str
    version: int
    duration_ms: int

    @property
    def is_online(self) -> bool:
        """Studied on a screen, and not in a room at a set time."""
        return self.media != Lesson.Kind.IN_PERSON


def class_lessons(class_id: int) -> list[ClassLesson]:
    """All lessons of the curriculum in its order."""
    lessons = (
        Lesson.objects.filter(course__curriculumitem__training_class_id=class_id)
        .annotate(use=F("course__curriculumitem__kind"), place=F("course__curriculumitem__num"))
        .order_by("place", "course_id", "num")
        .values_list(
            "pk",
            "use",
            "course_id",
            "course__title",
            "course__lecturer__name",
            "title",
            "num",
            "kind",
            "version",
            "duration_ms",
        )
    )
    return [ClassLesson(*row) for row in lessons]


@dataclass(frozen=True, slots=True)
class SessionLesson:
    """What opening a study session needs to know; `kind` is that of the lesson (video, reading)."""

    class_id: int
    person_id: int
    enrolment_id: int
    lesson_id: int
    version: int
    kind: str
    duration_ms: int
    zone: str


def lesson_for_session(viewer: Viewer, enrolment_id: int, lesson_id: int) -> SessionLesson:
    """The lesson a learner may study now in their own enrolment; NotVisible for anything that is not theirs."""
    found = Enrolment.objects.select_related("training_class").filter(pk=enrolment_id)
    enrolment = require_registered(viewer, found.first())
    training_class = enrolment.training_class
    lesson = Lesson.objects.filter(pk=lesson_id, course__curriculumitem__training_class=training_class).first()
    if lesson is None:
        raise NotVisible
    if lesson.kind == Lesson.Kind.IN_PERSON:
        raise Refused("in_person", _("面授课不在网上计时：请到现场签到，学时以班主任确认的考勤为准。"))
    if is_closed(training_class):
        raise Refused("class_frozen", _("本班数据已冻结，学习不再计时。"))
    if training_class.state not in STUDY_STATES:
        raise Refused("class_not_running", _("本班尚未开始学习，请等待班主任开班。"))
    require_class_window(training_class, clock.now(), enrolment)
    require_chosen(enrolment, lesson.course_id)
    return SessionLesson(
        training_class.pk, enrolment.person_id, enrolment.pk, lesson.pk, lesson.version, lesson.kind,
        lesson.duration_ms, training_class.zone,
    )  # fmt: skip
