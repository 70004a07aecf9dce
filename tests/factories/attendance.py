"""Sessions in person of the small world, and a ledger of the test's own for their facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from factories.worlds import World

from yanxiu.config.wiring import plug_engines
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study import ports
from yanxiu.training.participation.attendance.correcting import propose_correction
from yanxiu.training.participation.attendance.marking import Mark
from yanxiu.training.participation.attendance.models import InPersonSession
from yanxiu.training.participation.attendance.planning import Plan, plan_session

__all__ = ["attendance_ids", "instant", "own_ledger", "planned"]


@contextmanager
def own_ledger(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    """Everything else plugged as in the product."""
    plug_engines()
    store = SqliteLedger(folder / "ledger.sqlite3")
    monkeypatch.setattr(ports, "_plugged", [("test", lambda: store)])
    monkeypatch.setattr(ports, "_open", [store])
    monkeypatch.setattr(ports, "_view", [])
    yield store
    store.close()


def instant(text: str) -> datetime:
    """Such as "2017-06-20 14:00", in Shanghai."""
    return datetime.fromisoformat(f"{text.replace(' ', 'T')}:00+08:00")


def planned(
    world: World,
    starts: str = "2017-06-20 14:00",
    *,
    title: str = "党史专题",
    kind: str = "compulsory",
    hours: float = 2,
) -> InPersonSession:
    """A session of the class, by its manager."""
    begins = instant(starts)
    plan = Plan(title, "钱学礼", "青衫楼 301", kind, begins, begins + timedelta(hours=hours))
    return plan_session(world.manager, world.cls, plan)


def attendance_ids(world: World) -> dict[str, Any]:
    """For the personae: a session that takes check-ins on the first day at eight, and a correction of an earlier one that waits."""
    held = planned(world, "2017-06-10 01:00")
    InPersonSession.objects.filter(pk=held.pk).update(state="confirmed")  # nothing of it is in a ledger
    learner = world.learners[1].enrolment.pk
    made = propose_correction(world.manager, held, enrolment_id=learner, mark=Mark("absent"), reason="没有来")
    return {"session": planned(world, "2017-06-10 07:45", title="开班式").uuid, "correction": made.pk}
