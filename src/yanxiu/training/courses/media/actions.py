"""Writes: a file becomes part of a lesson, or is taken away. The looking into files happens before the transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.kit.richtext import clean
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.conversions import make_low
from yanxiu.training.courses.media.incoming import Incoming, prepared, within
from yanxiu.training.courses.media.models import Conversion, LessonFile, LessonText, MediaFile
from yanxiu.training.courses.media.placing import current, place, retire
from yanxiu.training.courses.media.probing.limits import kinds
from yanxiu.training.courses.models import Lesson

__all__ = ["attach", "lesson_to_furnish", "retire_file", "start_conversion", "upload", "write_article"]

LOW_ENOUGH = 700_000  # bit/s: below this a video needs no lower variant

_Kind = LessonFile.Kind
_OF_VIDEO = frozenset({_Kind.VIDEO, _Kind.LOW, _Kind.CAPTIONS, _Kind.POSTER})


def lesson_to_furnish(actor: Viewer, training_class: TrainingClass, lesson_id: int) -> Lesson:
    """A lesson of the class's curriculum, for who manages the class."""
    require(can_manage, actor, training_class)
    lessons = Lesson.objects.filter(course__curriculumitem__training_class=training_class)
    lessons = lessons.exclude(kind=Lesson.Kind.IN_PERSON)  # nothing of it is on a screen
    found = lessons.select_related("course").filter(pk=lesson_id).first()
    if found is None:
        raise NotVisible
    return found


def upload(
    actor: Viewer, training_class: TrainingClass, lesson_id: int, *, kind: str, name: str, chunks: Iterable[bytes]
) -> LessonFile:
    """Take a file into use. A video of another length is a new version of its lesson, which is for organisers to decide."""
    lesson = lesson_to_furnish(actor, training_class, lesson_id)
    if kind not in kinds():
        raise Refused("bad_kind", _("请选择文件的用途。"), field="kind")
    if (kind in _OF_VIDEO) != (lesson.kind == Lesson.Kind.VIDEO) and kind != _Kind.HANDOUT:
        raise Refused("bad_kind", _("视频课上传视频、字幕和封面，阅读课上传阅读文档，请重新选择。"), field="kind")
    name = line(name.rpartition("/")[2].rpartition("\\")[2], field="name", label=_("文件名"))
    path = store.received(within(chunks, kind))
    try:
        incoming = prepared(kind, path)
        return attach(actor, lesson, kind=kind, name=name, incoming=incoming)
    finally:
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink(missing_ok=True)


@transaction.atomic
def attach(actor: Viewer, lesson: Lesson, *, kind: str, name: str, incoming: Incoming) -> LessonFile:
    """Put stored contents into use; a heavy video gets a lower variant. The caller has asked whether the actor may."""
    row = place(actor, lesson, kind=kind, name=name, incoming=incoming)
    if kind == _Kind.VIDEO and incoming.size * 8000 > LOW_ENOUGH * incoming.duration_ms:
        start_conversion(row.lesson, row.file)
    return row


def start_conversion(lesson: Lesson, source: MediaFile) -> Conversion:
    """Queue the making of a lower variant."""
    now = clock.real_now()
    conversion = Conversion.objects.create(lesson=lesson, source=source, started_at=now, moved_at=now)
    transaction.on_commit(lambda: make_low.enqueue(conversion.pk))
    return conversion


@transaction.atomic
def retire_file(actor: Viewer, training_class: TrainingClass, lesson_id: int, file_id: int) -> LessonFile:
    """Take a file out of use; its content stays in the store. A lesson keeps its video: that can only be replaced."""
    lesson = lesson_to_furnish(actor, training_class, lesson_id)
    row = current(lesson).select_for_update().filter(pk=file_id).exclude(kind=_Kind.PAGE).first()
    if row is None:
        raise NotVisible
    if row.kind == _Kind.VIDEO:
        raise Refused("video_stays", _("视频不能直接撤下，请上传新的视频来替换。"))
    retire(lesson, {row.kind} if row.kind != _Kind.HANDOUT else ())
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    if row.kind == _Kind.DOCUMENT:
        retire(lesson, {_Kind.PAGE})
    audit.record(
        "retire_file", "lesson", lesson.pk, actor_id=actor.person_id, to_state="furnished", kind=row.kind, file=row.pk
    )
    return row


@transaction.atomic
def write_article(actor: Viewer, training_class: TrainingClass, lesson_id: int, *, html: str) -> LessonText:
    """The text of a reading, cleaned as it is stored."""
    lesson = lesson_to_furnish(actor, training_class, lesson_id)
    if lesson.kind != Lesson.Kind.READING:
        raise Refused("bad_kind", _("只有阅读课有文章；视频课请上传讲义附件。"), field="html")
    made = clean(html)
    if not made.text.strip():
        raise Refused("empty", _("请填写文章正文。"), field="html")
    values = {"html": made.html, "text": made.text, "written_at": clock.now()}
    row, _made = LessonText.objects.update_or_create(lesson=lesson, defaults=values)
    audit.record(
        "write_article", "lesson", lesson.pk, actor_id=actor.person_id, to_state="furnished", length=len(row.text)
    )
    return row
