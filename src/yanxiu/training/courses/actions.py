"""Writes of the catalogue (by organisers) and of a class's curriculum (by its managers)."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require, require_region
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson

__all__ = [
    "add_to_curriculum",
    "create_course",
    "create_field",
    "create_lecturer",
    "create_lesson",
    "renew_version",
    "replace_lesson_file",
]

LONGEST_LESSON_MS = 24 * 3_600_000


@transaction.atomic
def create_field(actor: Viewer, *, key: str, name: str) -> Field:
    """A field of the catalogue."""
    require_region(actor)
    if Field.objects.filter(key=key).exists():
        raise Refused("key_taken", _("栏目标识已被使用，请换一个。"), field="key")
    field = Field.objects.create(
        key=line(key, field="key", label=_("栏目标识"), limit=40),
        name=line(name, field="name", label=_("栏目名称"), limit=40),
    )
    audit.record("create_field", "field", field.pk, actor_id=actor.person_id, to_state="created")
    return field


@transaction.atomic
def create_lecturer(actor: Viewer, *, name: str, title: str = "") -> Lecturer:
    """Who teaches a course."""
    require_region(actor)
    lecturer = Lecturer.objects.create(
        name=line(name, field="name", label=_("姓名"), limit=50),
        title=line(title, field="title", label=_("职务职称"), limit=80, required=False),
    )
    audit.record("create_lecturer", "lecturer", lecturer.pk, actor_id=actor.person_id, to_state="created")
    return lecturer


@transaction.atomic
def create_course(actor: Viewer, *, field: Field, lecturer: Lecturer, title: str) -> Course:
    """A course, still without lessons."""
    require_region(actor)
    course = Course.objects.create(
        field=field, lecturer=lecturer, title=line(title, field="title", label=_("课程名称"))
    )
    audit.record("create_course", "course", course.pk, actor_id=actor.person_id, to_state="created")
    return course


def _checked_duration(duration_ms: int) -> int:
    if not 0 < duration_ms <= LONGEST_LESSON_MS:
        raise Refused("bad_duration", _("课时长度应大于 0 且不超过 24 小时。"), field="duration_ms")
    return duration_ms


@transaction.atomic
def create_lesson(actor: Viewer, *, course: Course, num: int, title: str, kind: str, duration_ms: int) -> Lesson:
    """A video or a reading of a course, version 1."""
    require_region(actor)
    if kind not in {Lesson.Kind.VIDEO, Lesson.Kind.READING}:  # sessions in person are planned by their class
        raise Refused("bad_kind", _("课时类型只有视频和阅读两种。"), field="kind")
    if course.lessons.filter(num=num).exists():
        raise Refused("num_taken", _("本课程已有第 %(num)d 讲，请换一个序号。") % {"num": num}, field="num")
    lesson = Lesson.objects.create(
        course=course, num=num, title=line(title, field="title", label=_("课时名称")), kind=kind,
        duration_ms=_checked_duration(duration_ms),
    )  # fmt: skip
    audit.record(
        "create_lesson", "lesson", lesson.pk, actor_id=actor.person_id, to_state="created", duration_ms=duration_ms
    )
    return lesson


@transaction.atomic
def replace_lesson_file(actor: Viewer, lesson: Lesson, *, duration_ms: int) -> Lesson:
    """A new file of the lesson is a new version; credit stays with the version it was earned in."""
    require_region(actor)
    return renew_version(actor, lesson.pk, duration_ms=duration_ms)


def renew_version(actor: Viewer, lesson_id: int, *, duration_ms: int) -> Lesson:
    """The next version of a lesson, inside the transaction of whoever has asked whether the actor may."""
    stored = Lesson.objects.select_for_update().get(pk=lesson_id)
    stored.version += 1
    stored.duration_ms = _checked_duration(duration_ms)
    stored.save(update_fields=["version", "duration_ms"])
    audit.record(
        "replace_lesson_file", "lesson", stored.pk, actor_id=actor.person_id, to_state="replaced",
        version=stored.version, duration_ms=duration_ms,
    )  # fmt: skip
    return stored


@transaction.atomic
def add_to_curriculum(
    actor: Viewer, training_class: TrainingClass, *, course: Course, kind: str, num: int
) -> CurriculumItem:
    """A course becomes compulsory, elective or self-study in a class; once only."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if kind not in CurriculumItem.Kind.values:
        raise Refused("bad_kind", _("课程性质只有必修、选修、自修三种。"), field="kind")
    if course.lessons.filter(kind=Lesson.Kind.IN_PERSON).exists():
        raise Refused("in_person", _("面授课只属于安排它的班级；请在本班“面授与考勤”里另行安排。"), field="course")
    if stored.curriculum.filter(course=course).exists():
        raise Refused("course_taken", _("这门课程已在本班教学计划中。"), field="course")
    item = CurriculumItem.objects.create(training_class=stored, course=course, kind=kind, num=num)
    audit.record(
        "add_to_curriculum", "curriculum_item", item.pk, actor_id=actor.person_id, class_id=stored.pk,
        to_state=kind, course=course.pk,
    )  # fmt: skip
    return item
