"""Making the lower variant of a video, in the worker: long, visible, and without a transaction around it."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import SYSTEM
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.incoming import Incoming
from yanxiu.training.courses.media.models import Conversion, LessonFile
from yanxiu.training.courses.media.placing import place
from yanxiu.training.courses.media.probing.parent import convert

__all__ = ["make_low", "run_conversion"]

_State = Conversion.State


def _move(conversion: Conversion, state: str, percent: int) -> None:
    Conversion.objects.filter(pk=conversion.pk).update(state=state, percent=percent, moved_at=clock.real_now())


def run_conversion(conversion_id: int) -> str:
    """Its state afterwards. A video that was replaced meanwhile, or got a low one by hand, is left alone."""
    conversion = Conversion.objects.select_related("lesson", "source").get(pk=conversion_id)
    target = store.received([])
    try:
        _move(conversion, _State.RUNNING, 0)
        seen = convert(store.path_of(conversion.source.digest), target, lambda n: _move(conversion, _State.RUNNING, n))
        if _is_wanted(conversion):
            made = Incoming(
                *store.keep_file(target), "video/mp4", conversion.source.duration_ms, seen["width"], seen["height"]
            )
            with transaction.atomic():
                place(SYSTEM, conversion.lesson, kind=LessonFile.Kind.LOW, name=_("流畅版.mp4"), incoming=made)
        state, percent = _State.DONE, 100
    except Refused:
        state, percent = _State.FAILED, 0
    finally:
        target.unlink(missing_ok=True)
    _move(conversion, state, percent)
    return str(state)


def _is_wanted(conversion: Conversion) -> bool:
    current = LessonFile.objects.filter(lesson=conversion.lesson, retired_at=None)
    has_low = current.filter(kind=LessonFile.Kind.LOW).exists()
    return not has_low and current.filter(kind=LessonFile.Kind.VIDEO, file=conversion.source).exists()


@task()
def make_low(conversion_id: int) -> None:
    """The lower variant of a video, in the background."""
    run_conversion(conversion_id)
