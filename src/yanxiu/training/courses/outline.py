"""A whole curriculum typed or pasted at once: one line a lesson, all of it or nothing; part of the room's `actions`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_organise_in, class_taking_facts, require
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson

__all__ = ["OutlineRow", "import_outline", "read_outline"]

# as written in Chinese, or in English
_KINDS = {
    "必修": "compulsory", "必修课": "compulsory", "compulsory": "compulsory",
    "选修": "elective", "选修课": "elective", "elective": "elective",
    "自修": "self_study", "自修课": "self_study", "self-study": "self_study",
}  # fmt: skip
_MEDIA = {"视频": "video", "阅读": "reading", "video": "video", "reading": "reading"}
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One lesson. `kind` and `media` as stored."""

    num: int  # of the line
    course: str
    lecturer: str
    field: str
    kind: str
    lesson: str
    media: str
    minutes: int


def _bad(num: int, message: str) -> Refused:
    return Refused("bad_line", message, field="outline", row=num)  # its words begin with the line's number


def _row(num: int, text: str) -> OutlineRow:
    parts = [part.strip() for part in re.split(r"[\t｜|]", text)]
    if len(parts) != 7:
        raise _bad(
            num,
            _("要有 7 列（课程、主讲、栏目、性质、讲次名称、类型、分钟），现有 %(count)d 列。") % {"count": len(parts)},
        )
    course, lecturer, field, kind, lesson, media, minutes = parts
    if kind not in _KINDS:
        raise _bad(num, _("性质“%(kind)s”不对，应为必修、选修或自修。") % {"kind": kind})
    if media not in _MEDIA:
        raise _bad(num, _("类型“%(media)s”不对，应为视频或阅读。") % {"media": media})
    if not minutes.isascii() or not minutes.isdigit() or not 1 <= int(minutes) <= 1440:
        raise _bad(num, _("分钟“%(minutes)s”不对，应为 1 到 1440 的整数。") % {"minutes": minutes})
    for label, value, limit in (
        (_("课程"), course, 120),
        (_("主讲"), lecturer, 50),
        (_("栏目"), field, 40),
        (_("讲次名称"), lesson, 120),
    ):
        line(value, field="outline", label=_("第 %(num)d 行的%(label)s") % {"num": num, "label": label}, limit=limit)
    return OutlineRow(num, course, lecturer, field, _KINDS[kind], lesson, _MEDIA[media], int(minutes))


def read_outline(text: str) -> list[OutlineRow]:
    """The lines of a pasted table (tabs, as from Excel, or ｜); a heading that begins with 课程 is left out.

    Raises Refused with the number of the first line that is wrong.
    """
    lines = [(num, part) for num, part in enumerate(text.splitlines(), start=1) if part.strip()]
    rows = [
        _row(num, part)
        for num, part in lines
        if not re.match(r"\s*(课程\s*[\t｜|]\s*主讲|course\s*[\t｜|]\s*lecturer)", part, re.IGNORECASE)
    ]
    if not rows:
        raise Refused("empty", _("请先粘贴教学计划，一行一讲。"), field="outline")
    if len(rows) > _MOST:
        raise Refused("too_long", _("一次最多 %(most)d 讲，请分几次粘贴。") % {"most": _MOST}, field="outline")
    kinds: dict[tuple[str, str], str] = {}
    for row in rows:
        if kinds.setdefault((row.course, row.lecturer), row.kind) != row.kind:
            raise _bad(row.num, _("课程《%(course)s》前面写的是另一种性质。") % {"course": row.course})
    return rows


def _fields(actor: Viewer, rows: Sequence[OutlineRow]) -> dict[str, Field]:
    found = {field.name: field for field in Field.objects.filter(name__in={row.field for row in rows})}
    for name in dict.fromkeys(row.field for row in rows):
        if name not in found:
            number = Field.objects.count() + 1
            while Field.objects.filter(key=f"field-{number}").exists():
                number += 1
            found[name] = Field.objects.create(key=f"field-{number}", name=name)
            audit.record("create_field", "field", found[name].pk, actor_id=actor.person_id, to_state="created")
    return found


def _courses(actor: Viewer, rows: Sequence[OutlineRow]) -> dict[tuple[str, str], Course]:
    """New courses for the (title, lecturer) pairs of the outline, in its order."""
    fields, lecturers, made = _fields(actor, rows), {}, {}
    for row in rows:
        if row.lecturer not in lecturers:
            known = Lecturer.objects.filter(name=row.lecturer).order_by("pk").first()
            lecturers[row.lecturer] = known or Lecturer.objects.create(name=row.lecturer)
        if (row.course, row.lecturer) not in made:
            course = Course.objects.create(field=fields[row.field], lecturer=lecturers[row.lecturer], title=row.course)
            audit.record("create_course", "course", course.pk, actor_id=actor.person_id, to_state="created")
            made[row.course, row.lecturer] = course
    return made


@transaction.atomic
def import_outline(actor: Viewer, training_class: TrainingClass, *, text: str) -> int:
    """Courses, lessons and curriculum from a pasted table; how many lessons. A course already in the curriculum is refused."""
    require(can_manage, actor, training_class)
    if not can_organise_in(actor, training_class.region):
        raise Refused("not_allowed", _("课程由组织管理者录入，请联系本地区的组织管理者。"))
    stored, rows = class_taking_facts(training_class.pk), read_outline(text)
    have = set(stored.curriculum.values_list("course__title", "course__lecturer__name"))
    for row in rows:
        if (row.course, row.lecturer) in have:
            raise _bad(row.num, _("课程《%(course)s》已在本班教学计划中。") % {"course": row.course})
    courses = _courses(actor, rows)
    num = stored.curriculum.aggregate(last=Max("num"))["last"] or 0
    numbers: dict[int, int] = {}
    for row in rows:
        course = courses[row.course, row.lecturer]
        if course.pk not in numbers:
            num += 1
            item = CurriculumItem.objects.create(training_class=stored, course=course, kind=row.kind, num=num)
            audit.record(
                "add_to_curriculum", "curriculum_item", item.pk, actor_id=actor.person_id, class_id=stored.pk,
                to_state=row.kind, course=course.pk,
            )  # fmt: skip
        numbers[course.pk] = numbers.get(course.pk, 0) + 1
        lesson = Lesson.objects.create(
            course=course, num=numbers[course.pk], title=row.lesson, kind=row.media, duration_ms=row.minutes * 60_000
        )
        audit.record(
            "create_lesson", "lesson", lesson.pk, actor_id=actor.person_id, to_state="created", minutes=row.minutes
        )
    return len(rows)
