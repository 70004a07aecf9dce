"""From a real ledger file to credit rows and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SYSTEM
from yanxiu.study import ports, queries
from yanxiu.study.digest import actions
from yanxiu.study.digest import ports as digest_ports
from yanxiu.study.digest.ports import EnrolmentWindow
from yanxiu.study.digest.queries import credit_as_of
from yanxiu.study.models import CreditCell, UncountedCell

pytestmark = pytest.mark.django_db
OPENED = 1_498_093_200_000  # 2017-06-22T09:00+08:00
STEP = 30_000


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    """A ledger of this test alone; enrolment n belongs to person n, all in class 1."""
    store = SqliteLedger(tmp_path / "ledger.sqlite3")
    monkeypatch.setattr(ports, "_plugged", [("test", lambda: store)])
    monkeypatch.setattr(ports, "_open", [store])
    monkeypatch.setattr(
        digest_ports, "_plugged", [lambda _class, _persons: [EnrolmentWindow(n, n) for n in range(1, 10)]]
    )
    monkeypatch.setattr(digest_ports, "_correctors", [lambda *_: None])
    yield store
    store.close()


def facts(person: int, sid: str, lesson: int = 1, opened: int = OPENED) -> SessionFacts:
    return SessionFacts(
        sid, person, person, 1, lesson, 1, "video", 2_400_000, "enaea-2017@1", 1.0, STEP, "Asia/Shanghai", opened,
        opened + 10**9,
    )  # fmt: skip


def study(store: SqliteLedger, who: SessionFacts, beats: range, receipt: int | None = None) -> None:
    for i in beats:
        span = MediaSpan(i * STEP, (i + 1) * STEP, i * STEP, (i + 1) * STEP)
        store.append(who, [Beat(i, (span,))], receipt or who.opened_at_ms + (i + 1) * STEP + 100)


def rows() -> tuple[list[Any], list[Any]]:
    cells = CreditCell.objects.order_by("enrolment_id", "lesson_id", "day")
    lost = UncountedCell.objects.order_by("enrolment_id", "lesson_id", "day", "reason")
    return (
        list(cells.values_list("person_id", "lesson_id", "day", "credited_ms")),
        list(lost.values_list("person_id", "lesson_id", "day", "reason", "uncounted_ms")),
    )


def test_a_digest_reads_on_from_its_mark_and_an_empty_one_changes_nothing(ledger: SqliteLedger) -> None:
    assert actions.digest_once() == 0
    study(ledger, facts(1, "a"), range(10))
    study(ledger, facts(2, "b"), range(4))
    assert actions.digest_once() == 2
    assert queries.credited_by_enrolment(1) == {1: 10 * STEP, 2: 4 * STEP}
    assert queries.digested() == ledger.head()
    assert actions.digest_once() == 0
    study(ledger, facts(2, "b"), range(4, 6))
    assert actions.digest_once() == 1
    assert queries.credited_by_enrolment(1) == {1: 10 * STEP, 2: 6 * STEP}


def test_resent_beats_and_late_order_give_the_rows_of_a_rebuild(ledger: SqliteLedger) -> None:
    a, b = facts(1, "a"), facts(1, "b", lesson=2, opened=OPENED + 60_000)
    study(ledger, b, range(8))
    actions.digest_once()
    study(ledger, a, range(5, 10))
    study(ledger, a, range(10))
    study(ledger, a, range(10))
    actions.digest_once()
    digested = rows()
    assert actions.rebuild() == 1
    assert rows() == digested
    # a earns its first two spans and what b leaves: b opened later and was new from 60 s to 300 s
    assert queries.credited_by_enrolment(1) == {1: 10 * STEP}
    assert queries.uncounted_by_reason(1) == {"parallel": 8 * STEP}


def test_rebuilding_repairs_rows_that_somebody_touched(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(3))
    actions.digest_once()
    right = rows()
    CreditCell.objects.update(credited_ms=1)
    CreditCell.objects.create(
        class_id=1, enrolment_id=9, person_id=9, lesson_id=1, lesson_version=1, day="2017-06-22", credited_ms=5,
        algorithm="x",
    )  # fmt: skip
    actions.rebuild()
    assert rows() == right


def test_credit_as_of_a_position_is_what_the_digest_had_written_then(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(3))
    study(ledger, facts(2, "b"), range(2))
    actions.digest_once()
    then, position = {row.enrolment_id: row.credited_ms for row in credit_as_of(1, ledger.head()[0])}, ledger.head()[0]
    assert then == queries.credited_by_enrolment(1)
    study(ledger, facts(1, "a"), range(3, 6))
    actions.digest_once()
    assert {row.enrolment_id: row.credited_ms for row in credit_as_of(1, position)} == then
    assert queries.credited_by_enrolment(1) == {1: 6 * STEP, 2: 2 * STEP}


def test_of_two_digests_at_once_the_slower_gives_up_and_nothing_is_lost(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    study(ledger, facts(1, "a"), range(4))
    honest = actions.person_study

    def overtaken(*args: Any) -> Any:
        """While this digest computes, more arrives and another digest runs from start to end."""
        monkeypatch.setattr(actions, "person_study", honest)
        found = honest(*args)
        study(ledger, facts(1, "a"), range(4, 6))
        assert actions.digest_once() == 1
        return found

    monkeypatch.setattr(actions, "person_study", overtaken)
    assert actions.digest_once() == 0
    assert queries.credited_by_enrolment(1) == {1: 6 * STEP}
    assert queries.digested() == ledger.head()


def test_a_late_upload_counts_20_minutes_and_keeps_the_rest_with_its_reason(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(60), receipt=OPENED + 30 * 60_000 + 100)
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: 20 * 60_000}
    assert queries.uncounted_by_reason(1) == {"no_contact": 10 * 60_000}


def test_study_after_a_withdrawal_is_not_counted(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    window = EnrolmentWindow(1, 1, OPENED, OPENED + 3 * STEP)
    monkeypatch.setattr(digest_ports, "_plugged", [lambda _class, _persons: [window]])
    study(ledger, facts(1, "a"), range(10))
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: 3 * STEP}
    assert queries.uncounted_by_reason(1) == {"after_close": 7 * STEP}


def test_a_correction_takes_study_back_and_its_reversal_gives_it_again(ledger: SqliteLedger) -> None:
    manager = replace(SYSTEM, person_id=50)
    study(ledger, facts(1, "a"), range(10))
    actions.digest_once()
    position = actions.correct_study(
        manager, second=51, person_id=1, class_id=1, enrolment_id=1, reason="impersonation", from_ms=OPENED,
        until_ms=OPENED + 4 * STEP,
    )  # fmt: skip
    assert actions.digest_once() == 1
    assert queries.credited_by_enrolment(1) == {1: 6 * STEP}
    assert queries.uncounted_by_reason(1) == {"corrected": 4 * STEP}
    assert AuditEntry.objects.filter(action="correct_study", details__position=position).count() == 1
    body = b'{"reason":"appeal","actor":50,"second":51,"reverses":%d}' % position
    ledger.append_fact("correction", 1, body, OPENED + 10**7)
    actions.digest_once()
    assert (queries.credited_by_enrolment(1), queries.uncounted_by_reason(1)) == ({1: 10 * STEP}, {})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"second": 50}, "second_person"),
        ({"person_id": 51}, "own_study"),
        ({"reason": "张三作弊"}, "unknown_reason"),
        ({"until_ms": 0}, "empty_window"),
    ],
)
def test_a_correction_needs_two_people_a_coded_reason_and_a_time(
    ledger: SqliteLedger, change: dict[str, Any], code: str
) -> None:
    order: dict[str, Any] = {
        "second": 51, "person_id": 1, "class_id": 1, "enrolment_id": 1, "reason": "appeal", "from_ms": 1, "until_ms": 2,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        actions.correct_study(replace(SYSTEM, person_id=50), **(order | change))
    assert refusal.value.code == code
    assert ledger.head()[0] == 0


def test_a_ledger_shorter_than_the_mark_is_said_not_repaired(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(2))
    actions.digest_once()
    actions._move_mark(ledger.head()[0] + 1, "")
    with pytest.raises(RuntimeError, match="restore it"):
        actions.digest_once()
