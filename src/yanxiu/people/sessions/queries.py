"""The list of one's own sessions."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session

from yanxiu.core.time import clock
from yanxiu.people.models import SessionRecord
from yanxiu.people.queries import Viewer

__all__ = ["SessionRow", "own_sessions"]


@dataclass(frozen=True, slots=True)
class SessionRow:
    record_id: int
    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def own_sessions(viewer: Viewer, here: int | None, limit: int = 50) -> list[SessionRow]:
    """Those still alive, the newest sign of life first."""
    alive = Session.objects.filter(expire_date__gt=clock.real_now()).values("session_key")
    rows = SessionRecord.objects.filter(account_id=viewer.account_id or 0, session_key__in=alive)
    return [
        SessionRow(r.pk, r.device, r.address, r.began_at, r.seen_at, is_this=r.pk == here)
        for r in rows.order_by("-seen_at", "-pk")[:limit]
    ]
