"""The daily digest: one notice a day, person and class, and none where nothing waits."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _

from yanxiu.core.time import clock
from yanxiu.people.queries import holders_above
from yanxiu.record.duties.queries import MANAGER, ORGANISER, TUTOR, Duty, duties_of
from yanxiu.training.classes.models import ClassRole, TrainingClass
from yanxiu.training.notices.inbox.actions import fan_out, notify
from yanxiu.training.notices.inbox.words import Words, say
from yanxiu.training.notices.models import FanOut

__all__ = ["tell_of_duties"]

FROM_HOUR = 8
_AT_ONCE = 200  # classes a minute, so that a thousand of them do not keep the other chores waiting
_ASLEEP = frozenset({TrainingClass.State.DRAFT, TrainingClass.State.ARCHIVED})


def _words(class_: TrainingClass, duties: Sequence[Duty]) -> Words:
    number = sum(duty.count for duty in duties)
    title = say(_("%(name)s：%(number)d 件事等您处理"), name=class_.short_name, number=number)
    places = {duty.place for duty in duties}
    body = [say(_("%(what)s %(count)d"), what=say(duty.name), count=duty.count) for duty in duties]
    return Words(title, body, places.pop() if len(places) == 1 else "")


def _persons(class_: TrainingClass, role: str) -> Iterable[int]:
    if role == ORGANISER:
        return holders_above(ORGANISER, class_.region.path)
    return ClassRole.objects.filter(training_class=class_, role=role).values_list("person_id", flat=True)


def _tell(class_: TrainingClass, today: date) -> int:
    """Each person by the first of their roles that has something to do; not of what they cannot decide themselves."""
    duties, key, made = duties_of(class_), f"duties:{today:%Y%m%d}", 0
    apart = {person for duty in duties for person in duty.besides}
    for role in (MANAGER, TUTOR, ORGANISER) if duties else ():
        persons = set(_persons(class_, role))
        for group in (persons - apart, *({person} for person in persons & apart)):
            mine = [duty for duty in duties if role in duty.roles and not duty.besides & group]
            if mine and group:
                made += notify(group, "duties", f"{key}:{class_.pk}", _words(class_, mine), class_)
    fan_out(class_, "duties", key, Words(""), ())
    return made


def tell_of_duties() -> int:
    """In the morning of every class's own day; how many notices are new."""
    at, made, looked_at = clock.now(), 0, 0
    classes = TrainingClass.objects.exclude(state__in=_ASLEEP).select_related("region").order_by("pk")
    near = [f"duties:{at + timedelta(days=n):%Y%m%d}" for n in (-1, 0, 1)]  # whatever the zones
    told = set(FanOut.objects.filter(key__in=near).values_list("training_class_id", "key"))
    for class_ in classes.iterator():
        local = at.astimezone(ZoneInfo(class_.zone))
        if local.hour >= FROM_HOUR and (class_.pk, f"duties:{local:%Y%m%d}") not in told:
            made += _tell(class_, local.date())
            looked_at += 1
        if looked_at == _AT_ONCE:
            break
    return made
