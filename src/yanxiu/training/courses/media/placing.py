"""Putting stored contents into use as files of a lesson's version; below the actions and below the worker."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import require_region
from yanxiu.training.courses.actions import renew_version
from yanxiu.training.courses.media.incoming import Incoming
from yanxiu.training.courses.media.models import LessonFile, MediaFile
from yanxiu.training.courses.models import Lesson

__all__ = ["current", "place", "retire"]

SAME_MS = 1000  # files whose lengths differ by less show the same lesson

_Kind = LessonFile.Kind


def place(actor: Viewer, lesson: Lesson, *, kind: str, name: str, incoming: Incoming) -> LessonFile:
    """Put stored contents into use, inside a transaction of the caller, who has asked whether the actor may."""
    stored = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if kind == _Kind.VIDEO:
        stored = _of_this_length(actor, stored, incoming.duration_ms)
    elif kind == _Kind.LOW:
        _must_match(stored, incoming.duration_ms)
    num = 1
    if kind == _Kind.HANDOUT:
        num = 1 + (current(stored).filter(kind=kind).order_by("-num").values_list("num", flat=True).first() or 0)
    else:
        retire(stored, {kind, _Kind.PAGE} if kind == _Kind.DOCUMENT else {kind})
    row = _use(actor, stored, incoming, kind=kind, num=num, name=name)
    for page, content in enumerate(incoming.pages, start=1):
        _use(actor, stored, content, kind=_Kind.PAGE, num=page, name=f"{page}.jpg")
    audit.record(
        "attach_file", "lesson", stored.pk, actor_id=actor.person_id, to_state="furnished", kind=kind, file=row.pk,
        version=stored.version,
    )  # fmt: skip
    return row


def current(lesson: Lesson) -> QuerySet[LessonFile]:
    return LessonFile.objects.filter(lesson=lesson, retired_at=None)


def retire(lesson: Lesson, which: Iterable[str]) -> None:
    current(lesson).filter(kind__in=list(which)).update(retired_at=clock.now())


def _of_this_length(actor: Viewer, lesson: Lesson, duration_ms: int) -> Lesson:
    """The lesson as it is with a video of that length: the same version, or a new one without the old one's files."""
    if abs(lesson.duration_ms - duration_ms) <= SAME_MS:
        retire(lesson, {_Kind.LOW})
        return lesson
    if current(lesson).filter(kind=_Kind.VIDEO).exists():
        if not (actor.is_system or any(fact.role == "organiser" for fact in actor.region_roles)):
            message = _("新视频与现有视频时长不同，会成为新的一版，影响所有用到本讲的班级；请由组织管理者上传。")
            raise Refused("new_version", message, field="file")
        require_region(actor)
    retire(lesson, {_Kind.LOW, _Kind.CAPTIONS})
    return renew_version(actor, lesson.pk, duration_ms=duration_ms)


def _must_match(lesson: Lesson, duration_ms: int) -> None:
    if not current(lesson).filter(kind=_Kind.VIDEO).exists():
        raise Refused("no_video", _("请先上传清晰版视频，再上传流畅版。"), field="kind")
    if abs(lesson.duration_ms - duration_ms) > SAME_MS:
        raise Refused("other_length", _("流畅版与清晰版的时长不同，请确认是同一讲的视频。"), field="file")


def _use(actor: Viewer, lesson: Lesson, content: Incoming, *, kind: str, num: int, name: str) -> LessonFile:
    file, _made = MediaFile.objects.get_or_create(
        digest=content.digest,
        defaults={
            "size": content.size, "mime": content.mime, "duration_ms": content.duration_ms, "width": content.width,
            "height": content.height,
        },
    )  # fmt: skip
    return LessonFile.objects.create(
        lesson=lesson, version=lesson.version, kind=kind, num=num, name=name, text=content.text, file=file,
        uploaded_by_id=actor.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
