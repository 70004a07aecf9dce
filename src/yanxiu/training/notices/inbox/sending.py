"""Sending what is due. A delivery is claimed in its own transaction before it is sent: a crash may lose a message, it never
sends one twice; what nobody can know is said to be unsure and left to a person.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import translation

from yanxiu.core.time import clock
from yanxiu.people.profile.language import languages_of
from yanxiu.training.notices.inbox.kinds import kind, most_attempts, wait_before
from yanxiu.training.notices.inbox.words import shown
from yanxiu.training.notices.models import Delivery, Notice
from yanxiu.training.notices.ports import Channel, Message, NotDelivered, channels

__all__ = ["send_due"]

log = logging.getLogger(__name__)
_STALE = timedelta(minutes=10)


@transaction.atomic
def _claim(at: datetime, names: set[str], limit: int) -> list[Delivery]:
    """Some deliveries that are due, now ours; and those whose sender died are given up as unsure."""
    Delivery.objects.filter(state=Delivery.State.CLAIMED, claimed_at__lt=at - _STALE).update(
        state=Delivery.State.UNSURE, why="发送途中中断"
    )
    due = (
        Delivery.objects.select_for_update()
        .filter(state=Delivery.State.WAITING, due_at__lte=at, channel__in=names)
        .select_related("notice__person", "notice__training_class")
        .order_by("due_at", "pk")[:limit]
    )
    claimed = list(due)
    ids = [delivery.pk for delivery in claimed]
    Delivery.objects.filter(pk__in=ids).update(state=Delivery.State.CLAIMED, claimed_at=at)
    return claimed


def _message(delivery: Delivery, email: str, link_of: Callable[[Notice], str], language: str) -> Message:
    notice = delivery.notice
    person, class_, known = notice.person, notice.training_class, kind(notice.kind)
    with translation.override(language):
        title, text = shown(notice)
        return Message(
            id=f"notice-{notice.pk}-{delivery.channel}", name=person.name, phone=person.phone or "", email=email,
            title=title, text=text, link=link_of(notice), language=language, kind=known.name,
            where=class_.short_name if class_ else "", is_quiet=known.quiet,
        )  # fmt: skip


def _sent(channel: Channel, message: Message, delivery: Delivery) -> None:
    """Sends it and says in `delivery` what happened."""
    now = clock.now()
    if not channel.reaches(message):
        delivery.state, delivery.why = Delivery.State.FAILED, "没有可用的地址"
        return
    try:
        channel.send(message)
    except NotDelivered as failed:
        delivery.why = failed.why[:200]
        if failed.again is None:
            delivery.state = Delivery.State.UNSURE
        elif failed.again and delivery.attempts < most_attempts():
            delivery.state, delivery.due_at = Delivery.State.WAITING, now + wait_before(delivery.attempts)
        else:
            delivery.state = Delivery.State.FAILED
        log.warning("%s not delivered by %s: %s", message.id, channel.name, failed.why)
    else:
        delivery.state, delivery.sent_at, delivery.why = Delivery.State.SENT, now, ""


def _tried(channel: Channel, delivery: Delivery, worded: Callable[[], Message]) -> None:
    """One delivery. What nobody foresaw (a gateway that answers no HTTP, a notice that cannot be worded) is unsure, and its own."""
    delivery.attempts += 1
    try:
        _sent(channel, worded(), delivery)
    except Exception as odd:
        log.exception("notice-%d not delivered by %s", delivery.notice_id, channel.name)
        delivery.state, delivery.why = Delivery.State.UNSURE, f"程序出错：{type(odd).__name__}"


def send_due(
    emails_of: Callable[[set[int]], dict[int, str]], link_of: Callable[[Notice], str], limit: int = 100
) -> int:
    """Send up to `limit` deliveries; how many were tried. `emails_of`: confirmed addresses by person id."""
    plugged = {channel.name: channel for channel in channels()}
    claimed = _claim(clock.now(), set(plugged), limit) if plugged else []
    persons = {delivery.notice.person_id for delivery in claimed}
    emails, languages = (emails_of(persons), languages_of(persons)) if claimed else ({}, {})
    for delivery in claimed:
        who = delivery.notice.person_id
        language, email = languages.get(who, settings.LANGUAGE_CODE), emails.get(who, "")
        _tried(plugged[delivery.channel], delivery, partial(_message, delivery, email, link_of, language))
        with transaction.atomic():
            delivery.save(update_fields=["state", "due_at", "attempts", "sent_at", "why"])
    return len(claimed)
