"""A crash between the ledger and our own records loses no decision and counts none twice, wherever it strikes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from factories.attendance import own_ledger, planned
from factories.worlds import At, World, small_world

from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.ports import NotStored
from yanxiu.study.queries import credited_by_enrolment
from yanxiu.training.participation.attendance import confirming
from yanxiu.training.participation.attendance.books import ports
from yanxiu.training.participation.attendance.confirming import confirm_sheet, finish_decided
from yanxiu.training.participation.attendance.correcting import (
    confirm_correction,
    decline_correction,
    propose_correction,
)
from yanxiu.training.participation.attendance.marking import Mark, fill_sheet, save_marks
from yanxiu.training.participation.attendance.models import Attendance, AttendanceDecision, InPersonSession
from yanxiu.training.participation.attendance.planning import cancel_session

pytestmark = pytest.mark.django_db
HOUR = 3_600_000
AFTER = "2017-06-20T16:00:00+08:00"
SEAMS = ("before the ledger", "after the ledger", "in our own records")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    with own_ledger(tmp_path, monkeypatch) as store:
        yield store


class Death(BaseException):
    """Nobody catches it."""


class Dying:
    """Books whose process dies at a seam."""

    def __init__(self, real: Any, seam: str) -> None:
        self.real, self.seam = real, seam

    def _through(self, call: Any, *given: Any, **named: Any) -> Any:
        if self.seam == "before the ledger":
            raise Death
        found = call(*given, **named)
        if self.seam == "after the ledger":
            raise Death
        return found

    def enter(self, *given: Any, **named: Any) -> Any:
        return self._through(self.real.enter, *given, **named)

    def correct(self, *given: Any, **named: Any) -> Any:
        return self._through(self.real.correct, *given, **named)


def dying(monkeypatch: pytest.MonkeyPatch, seam: str) -> None:
    monkeypatch.setattr(ports, "_plugged", [Dying(ports.books(), seam)])
    if seam == "in our own records":
        monkeypatch.setattr(confirming.audit, "record", lambda *_a, **_k: (_ for _ in ()).throw(Death()))


def marked(at: At) -> tuple[World, InPersonSession]:
    world = small_world(2)
    session = planned(world)
    at(AFTER)
    fill_sheet(world.manager, session, state="present")
    return world, session


def facts(ledger: SqliteLedger) -> list[str]:
    return [entry.kind for entry in ledger.entries(0, 100)]


@pytest.mark.parametrize("seam", SEAMS)
def test_a_sheet_confirmed_once_is_in_the_ledger_once_wherever_its_process_died(
    at: At, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch, seam: str
) -> None:
    world, session = marked(at)
    with monkeypatch.context() as patch:
        dying(patch, seam)
        with pytest.raises(Death):
            confirm_sheet(world.manager, session)
    line = world.learners[0].enrolment.pk
    for deed in (
        lambda: save_marks(world.manager, session, {line: (Mark("present"), Mark("absent"))}),
        lambda: fill_sheet(world.manager, session, state="absent"),
        lambda: cancel_session(world.manager, session),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.code == "deciding"
    assert (finish_decided(), finish_decided()) == (1, 0)
    session.refresh_from_db()
    assert (session.state, session.confirmed_by_id) == ("confirmed", world.manager.person_id)
    assert facts(ledger) == ["attendance", "attendance"]
    assert set(Attendance.objects.values_list("position", flat=True)) == {1, 2}
    assert AuditEntry.objects.filter(action="confirm_sheet").count() == 1
    digest_once()
    assert credited_by_enrolment(world.cls.pk) == {each.enrolment.pk: 2 * HOUR for each in world.learners}


@pytest.mark.parametrize("seam", SEAMS)
def test_a_correction_signed_twice_reverses_once_wherever_its_process_died(
    at: At, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch, seam: str
) -> None:
    world, session = marked(at)
    confirm_sheet(world.manager, session)
    line = world.learners[0].enrolment.pk
    made = propose_correction(world.manager, session, enrolment_id=line, mark=Mark("absent"), reason="没有来")
    with monkeypatch.context() as patch:
        dying(patch, seam)
        with pytest.raises(Death):
            confirm_correction(world.organiser, world.cls, made.pk)
    for actor in (world.manager, world.organiser):
        with pytest.raises(Refused) as refused:
            decline_correction(actor, world.cls, made.pk)
        assert refused.value.code == "deciding"
    assert (finish_decided(), finish_decided()) == (1, 0)
    made.refresh_from_db()
    assert (made.step, made.second_id) == ("confirmed", world.organiser.person_id)
    assert facts(ledger) == ["attendance", "attendance", "correction", "attendance"]
    assert Attendance.objects.get(enrolment_id=line).position == 4
    back = propose_correction(world.manager, session, enrolment_id=line, mark=Mark("present"), reason="来了")
    confirm_correction(world.organiser, world.cls, back.pk)
    digest_once()
    assert credited_by_enrolment(world.cls.pk)[line] == 2 * HOUR


def test_four_at_once_enter_one_decision_once(
    at: At, ledger: SqliteLedger, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, session = marked(at)
    with monkeypatch.context() as patch:
        dying(patch, "before the ledger")
        with pytest.raises(Death):
            confirm_sheet(world.manager, session)
    start = Barrier(4)

    def finish_all(_number: int) -> int:
        start.wait(20)
        try:
            return finish_decided()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(finish_all, range(4))) == 1
    assert facts(ledger) == ["attendance", "attendance"]


def test_pressed_again_after_a_crash_it_is_done_and_somebody_else_hears_that_it_was(
    at: At, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, session = marked(at)
    with monkeypatch.context() as patch:
        dying(patch, "after the ledger")
        with pytest.raises(Death):
            confirm_sheet(world.manager, session)
    assert confirm_sheet(world.manager, session).state == "confirmed"
    with pytest.raises(Refused) as refused:
        confirm_sheet(world.organiser, session)
    assert (refused.value.code, facts(ledger)) == ("wrong_state", ["attendance", "attendance"])


def test_a_ledger_that_is_away_keeps_the_decision_and_the_chore_carries_it_out(
    at: At, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yanxiu.config.running import chores  # thin entry point: every chore of the product

    world, session = marked(at)

    def away(*_given: Any, **_named: Any) -> None:
        raise NotStored("磁盘空间不足")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "append_facts", away)
        with pytest.raises(NotStored):
            confirm_sheet(world.manager, session)
        patch.setattr(chores, "CHORES", {"考勤入账": finish_decided})
        assert chores.run_chores() == {}
        assert (AttendanceDecision.objects.count(), facts(ledger)) == (1, [])
    monkeypatch.setattr(chores, "CHORES", {"考勤入账": chores.CHORES["考勤入账"]})
    assert chores.run_chores() == {"考勤入账": 1}
    assert facts(ledger) == ["attendance", "attendance"]


class Particular:
    """Books that refuse one decision."""

    def __init__(self, real: Any, refused: str) -> None:
        self.real, self.refused = real, refused

    def enter(self, *given: Any, key: str) -> Any:
        if key == self.refused:
            raise Refused("own_study", "不能更正自己的考勤。")
        return self.real.enter(*given, key=key)


def test_a_decision_that_cannot_be_carried_out_keeps_no_other_and_no_other_chore_waiting(
    at: At, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yanxiu.config.running import chores  # thin entry point: every chore of the product

    world, session = marked(at)
    at("2017-06-10T08:00:00+08:00")
    other = planned(world, "2017-06-21 09:00", title="党性分析")
    at("2017-06-21T16:00:00+08:00")
    fill_sheet(world.manager, other, state="present")
    with monkeypatch.context() as patch:
        dying(patch, "before the ledger")
        for each in (session, other):
            with pytest.raises(Death):
                confirm_sheet(world.manager, each)
    first = AttendanceDecision.objects.order_by("pk")[0]
    monkeypatch.setattr(ports, "_plugged", [Particular(ports.books(), str(first.key))])
    monkeypatch.setattr(chores, "CHORES", {"考勤入账": finish_decided, "别的": lambda: 7})
    assert chores.run_chores() == {"别的": 7}
    assert [decision.key for decision in AttendanceDecision.objects.all()] == [first.key]
    other.refresh_from_db()
    assert other.state == "confirmed"


KILLED = """
import os, signal, sys
from yanxiu.config.running.setup import prepare, start_django
start_django(); prepare()
from factories.attendance import planned
from factories.worlds import small_world
from yanxiu.training.participation.attendance.books import ports
from yanxiu.training.participation.attendance.confirming import confirm_sheet
from yanxiu.training.participation.attendance.marking import fill_sheet
world = small_world(2)
session = planned(world)
open(os.environ["YANXIU_TEST_CLOCK"], "w").write("2017-06-20T16:00:00+08:00")
fill_sheet(world.manager, session, state="present")
books = ports.books()
class Killed:
    def enter(self, *given, **named):
        books.enter(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
ports.plug_books(Killed())
confirm_sheet(world.manager, session)
"""


def test_kill_9_between_the_ledger_and_our_own_records_and_the_next_start_puts_it_right(tmp_path: Path) -> None:
    import pysqlite3  # thin entry point: the two files as they are on the disk

    (tmp_path / "clock").write_text("2017-06-10T08:00:00+08:00", encoding="ascii")
    environment = os.environ | {
        "YANXIU_DATA_DIR": str(tmp_path), "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(tmp_path / "clock"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL

    def found(file: str, sql: str) -> list[Any]:
        connection = pysqlite3.connect(tmp_path / file)
        try:
            return [row[0] for row in connection.execute(sql)]
        finally:
            connection.close()

    entered = "SELECT kind FROM entry WHERE kind = 'attendance'"
    state = "SELECT state FROM training_inpersonsession"
    assert (found("ledger.sqlite3", entered), found("yanxiu.sqlite3", state)) == (["attendance"] * 2, ["planned"])
    chores = [sys.executable, "-m", "yanxiu", "chores", "--once"]
    assert (
        "考勤入账 1"
        in subprocess.run(chores, env=environment, timeout=120, check=True, capture_output=True, text=True).stdout
    )
    assert (found("ledger.sqlite3", entered), found("yanxiu.sqlite3", state)) == (["attendance"] * 2, ["confirmed"])
    assert found("yanxiu.sqlite3", "SELECT count(*) FROM training_attendancedecision") == [0]
