"""Telling of deeds: in the same transaction or not at all, once, and whatever happens to the process in between."""

import os
import signal
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from factories.worlds import At

from yanxiu.kit import audit, telling
from yanxiu.kit.models import AuditEntry, Untold
from yanxiu.kit.telling import Telling, tell_untold

heard: list[int] = []


def hear(entry: AuditEntry) -> int:
    heard.append(entry.object_id)
    return 1


def stumble(entry: AuditEntry) -> int:
    if entry.object_id > 0:
        raise ValueError("nobody can be told of this")
    return hear(entry)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, Telling]:
    held = {"shout": Telling(hear), "call_all": Telling(hear, at_once=False), "mumble": Telling(stumble)}
    monkeypatch.setattr(telling, "_table", lambda: held)
    heard.clear()
    return held


def do(action: str, object_id: int = 1) -> None:
    with transaction.atomic():
        audit.record(action, "thing", object_id, actor_id=None)


@pytest.mark.django_db(transaction=True)
def test_a_deed_is_told_as_soon_as_it_is_done_and_one_that_concerns_a_class_by_the_chores(at: At) -> None:
    do("shout")
    assert heard == [1]
    do("call_all", 2)
    do("whisper", 3)  # of which nobody is told
    assert heard == [1]
    assert (tell_untold(), tell_untold(), heard) == (1, 0, [1, 2])
    assert not Untold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_was_rolled_back_is_told_to_nobody(at: At) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("shout", "thing", 1, actor_id=None)
        raise RuntimeError
    assert (heard, tell_untold(), Untold.objects.count()) == ([], 0, 0)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_told_neither_undoes_the_deed_nor_keeps_the_others_waiting_and_is_tried_again(
    at: At, caplog: pytest.LogCaptureFixture, table: dict[str, Telling]
) -> None:
    do("mumble")
    do("call_all", 2)
    assert AuditEntry.objects.count() == 2
    assert (tell_untold(), heard) == (1, [2])  # the failed one is not due yet
    at("2017-06-10T08:02:00+08:00")
    assert (tell_untold(), Untold.objects.get().tries) == (0, 2)
    assert "mumble" in caplog.text
    table["mumble"] = Telling(hear)
    at("2017-06-10T08:03:00+08:00")
    assert tell_untold() == 0  # ever more rarely
    at("2017-06-10T08:05:00+08:00")
    assert (tell_untold(), heard) == (1, [2, 1])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_busy_right_after_the_deed_is_no_failure_of_the_deed(
    at: At, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(_position: int) -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(telling, "_tell", busy)
        do("shout")
    assert "database is locked" in caplog.text
    assert (tell_untold(), heard) == (1, [1])


@pytest.mark.django_db
def test_a_deed_nobody_is_told_of_any_more_is_forgotten(at: At, table: dict[str, Telling]) -> None:
    do("call_all")
    del table["call_all"]
    assert (tell_untold(), Untold.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_remembering_a_deed_takes_one_statement(at: At) -> None:
    counts = []
    for action in ("whisper", "call_all"):
        with CaptureQueriesContext(connection) as asked:
            do(action)
        counts.append(len(asked))
    assert counts[1] == counts[0] + 1


def test_a_process_killed_right_after_the_deed_loses_no_notice(
    at: At, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = os.fork()
    if child == 0:  # a connection of its own; what is done after the commit kills it
        connections["default"] = connections.create_connection("default")
        monkeypatch.setattr(telling, "_tell", lambda _position: os.kill(os.getpid(), signal.SIGKILL))
        do("shout")
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (AuditEntry.objects.count(), heard) == (1, [])
    assert (tell_untold(), tell_untold(), heard) == (1, 0, [1])
