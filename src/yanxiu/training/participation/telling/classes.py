"""A class opens: its learners are told on its first day, or when it is opened later than that."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.notices.inbox.actions import fan_out
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_of_openings", "tell_opened", "tell_started"]

LATE = timedelta(days=7)  # a class that has been running longer than this is no news


def tell_opened(cls: TrainingClass) -> int:
    """Once a class; nothing before its first day, nothing while it is not running."""
    opens, _closes = window(cls.starts_on, cls.ends_on, cls.zone)
    if cls.state != TrainingClass.State.RUNNING or clock.now() < opens:
        return 0
    words = Words(
        say(_("%(name)s开班了"), name=cls.short_name),
        say(
            _("从今天起学习开始计时，%(month)d月%(day)d日 24:00 结束。请进入班级查看要求。"),
            month=cls.ends_on.month,
            day=cls.ends_on.day,
        ),
    )
    persons = counted_enrolments(cls.pk).values_list("person_id", flat=True)
    return fan_out(cls, "opening", f"opened:{cls.pk}", words, persons) or 0


def tell_started(entry: AuditEntry) -> int:
    """A class changed its state: it may have opened later than its first day. Told late, it is no news."""
    if entry.to_state != TrainingClass.State.RUNNING or clock.now() - entry.at > LATE:
        return 0
    return sum(tell_opened(cls) for cls in TrainingClass.objects.filter(pk=entry.object_id))


def tell_of_openings() -> int:
    """Every class that opened lately."""
    today = clock.now().date()
    fresh = TrainingClass.objects.filter(
        state=TrainingClass.State.RUNNING, starts_on__lte=today + timedelta(days=1), starts_on__gt=today - LATE
    )
    return sum(tell_opened(cls) for cls in fresh)
