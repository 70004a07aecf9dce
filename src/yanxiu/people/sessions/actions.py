"""Beginning, renaming and ending sessions. Ending deletes the session itself, so that its next request is signed out."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible
from yanxiu.people.models import Account, SessionRecord
from yanxiu.people.queries import Viewer
from yanxiu.people.sessions.devices import device_words

__all__ = ["begin_session", "end_other_sessions", "forget_session", "revoke_session", "touch_session"]

TOUCH_EVERY = timedelta(minutes=5)


def begin_session(account: Account, *, key: str, described: str, pathway: str, address: str) -> SessionRecord:
    """A session has just been opened; rows of sessions that are over by now go on the way."""
    now = clock.real_now()
    with transaction.atomic():
        known = SessionRecord.objects.filter(account=account)
        alive = Session.objects.filter(expire_date__gt=now).values("session_key")
        known.exclude(session_key__in=alive).delete()
        return SessionRecord.objects.create(
            account=account, session_key=key, device=device_words(described), pathway=pathway, address=address[:45],
            began_at=now, seen_at=now,
        )  # fmt: skip


def touch_session(record_id: int, key: str) -> None:
    """Seen now, under this key (keys rotate). The caller asks no oftener than every five minutes."""
    SessionRecord.objects.filter(pk=record_id).update(seen_at=clock.real_now(), session_key=key)


def forget_session(record_id: int) -> None:
    """Its owner signed out."""
    SessionRecord.objects.filter(pk=record_id).delete()


@transaction.atomic
def revoke_session(actor: Viewer, record_id: int) -> None:
    """One of one's own sessions; NotVisible for anybody else's."""
    record = SessionRecord.objects.filter(pk=record_id, account_id=actor.account_id or 0).first()
    if record is None:
        raise NotVisible
    Session.objects.filter(session_key=record.session_key).delete()
    record.delete()
    audit.record(
        "revoke_session", "account", record.account_id, actor_id=actor.person_id, from_state="open", to_state="open",
        sessions=1,
    )  # fmt: skip


@transaction.atomic
def end_other_sessions(actor: Viewer, account: Account, keep: int | None = None) -> int:
    """Everywhere but here: those of the list are deleted, and whatever is not in it dies of the new epoch.

    The caller renews its own session's hash from the account (`sessions_epoch` is set on the instance). How many were listed.
    """
    others = SessionRecord.objects.filter(account=account).exclude(pk=keep or 0)
    keys = list(others.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    others.delete()
    Account.objects.filter(pk=account.pk).update(sessions_epoch=F("sessions_epoch") + 1)
    account.refresh_from_db(fields=["sessions_epoch"])
    audit.record("end_sessions", "account", account.pk, actor_id=actor.person_id, sessions=len(keys))
    return len(keys)
