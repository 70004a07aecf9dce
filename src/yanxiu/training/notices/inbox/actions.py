"""Writes of notices. The occasion's key makes each of them happen once, however often it is asked for; so many persons are
told in several transactions, and what one of them interrupted is told by asking again.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.inbox.kinds import kind, out_of_quiet_hours
from yanxiu.training.notices.inbox.words import Words, as_data, in_chinese
from yanxiu.training.notices.models import Delivery, FanOut, MutedChannel, Notice
from yanxiu.training.notices.ports import channels

__all__ = ["fan_out", "mark_all_read", "mute_channel", "notify"]

_CHUNK = 500


def _queue(notices: Iterable[Notice], at: datetime) -> None:
    """Deliveries for the notices just made, one a plugged channel, except where the person muted it."""
    ids = {notice.pk: notice.person_id for notice in notices}
    if not ids or not channels():
        return
    muted = set(MutedChannel.objects.filter(person_id__in=set(ids.values())).values_list("person_id", "channel"))
    Delivery.objects.bulk_create(
        [
            Delivery(notice_id=notice_id, channel=channel.name, due_at=at)
            for notice_id, person_id in ids.items()
            for channel in channels()
            if (person_id, channel.name) not in muted
        ],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )


def _notices(
    persons: Iterable[int], kind_name: str, key: str, words: Words, class_: TrainingClass | None
) -> list[Notice]:
    """One a person, not stored yet."""
    title, body = in_chinese(words.title)[:120], in_chinese(words.body)[:300]
    ours = not (isinstance(words.title, str) and isinstance(words.body, str))
    said = {"title": as_data(words.title), "body": as_data(words.body)} if ours else {}
    at = clock.now()
    return [
        Notice(
            person_id=person_id, training_class=class_, kind=kind_name, key=key, title=title, body=body, said=said,
            place=words.place, created_at=at,
        )
        for person_id in persons
    ]  # fmt: skip


def notify(
    persons: Iterable[int], kind_name: str, key: str, words: Words, training_class: TrainingClass | None = None
) -> int:
    """Notices to these persons (ids), each at most once for `key`; how many are new. KeyError for an unknown kind."""
    known, at = kind(kind_name), clock.now()
    zone = training_class.zone if training_class else "Asia/Shanghai"
    due = out_of_quiet_hours(at, zone) if known.quiet else at
    wanted, made = sorted(set(persons)), 0
    for part in (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)):
        with transaction.atomic():
            had = set(Notice.objects.filter(key=key, person_id__in=part).values_list("person_id", flat=True))
            fresh = [person_id for person_id in part if person_id not in had]
            created = Notice.objects.bulk_create(_notices(fresh, kind_name, key, words, training_class))
            made += len(created)
            if known.leaves:
                _queue(created, due)
    return made


def fan_out(
    training_class: TrainingClass, kind_name: str, key: str, words: Words, persons: Iterable[int], *, again: str = ""
) -> int | None:
    """`notify` for an occasion of a class; None when it has been done before (nothing is worked out again).

    `again` ("@20170710") looks once more at who is concerned; whoever was told of `key` before is not told twice.
    """
    if FanOut.objects.filter(training_class=training_class, key=key + again).exists():
        return None
    made = notify(persons, kind_name, key, words, training_class)
    FanOut.objects.get_or_create(
        training_class=training_class, key=key + again, defaults={"persons": made, "at": clock.now()}
    )
    return made


@transaction.atomic
def mark_all_read(actor: Viewer) -> int:
    """Everything the viewer has not read yet; how many there were."""
    if actor.person_id is None:
        raise Refused("signed_out", _("请先登录。"))
    return Notice.objects.filter(person_id=actor.person_id, read_at=None).update(read_at=clock.now())


@transaction.atomic
def mute_channel(actor: Viewer, *, channel: str, muted: bool) -> None:
    """Stop (or take up again) sending the viewer's notices through a channel; the app itself cannot be muted."""
    if actor.person_id is None or channel not in {each.name for each in channels()}:
        raise Refused("no_such_channel", _("没有这种通知方式。"), field="channel")
    if muted:
        MutedChannel.objects.get_or_create(person_id=actor.person_id, channel=channel)
    else:
        MutedChannel.objects.filter(person_id=actor.person_id, channel=channel).delete()
