"""What a round of the digest writes: only what differs, in as many statements for many learners as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from study.digest.test_digest import facts, ledger, rows, study

from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study.digest import actions
from yanxiu.study.models import CreditCell, IntegrityFlag

pytestmark = pytest.mark.django_db
__all__ = ["ledger"]


def test_a_round_takes_as_many_statements_for_seven_learners_as_for_one(ledger: SqliteLedger) -> None:
    def statements(people: range, beats: range) -> int:
        for person in people:
            study(ledger, facts(person, f"s{person}"), beats)
        with CaptureQueriesContext(connection) as asked:
            assert actions.digest_once() == len(people)
        return len(asked)

    statements(range(9, 10), range(2))  # the first ever makes the mark
    one, more = statements(range(1, 2), range(2)), statements(range(1, 2), range(2, 4))
    assert statements(range(2, 9), range(2)) == one
    assert statements(range(2, 9), range(2, 4)) == more


def test_rows_that_stay_as_they_are_keep_their_ids(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(3))
    study(ledger, facts(1, "b", lesson=2, opened=facts(1, "a").opened_at_ms + 10**7), range(3))
    actions.digest_once()
    before = dict(CreditCell.objects.values_list("lesson_id", "pk"))
    study(ledger, facts(1, "b", lesson=2, opened=facts(1, "a").opened_at_ms + 10**7), range(3, 5))
    actions.digest_once()
    after = dict(CreditCell.objects.values_list("lesson_id", "pk"))
    assert after[1] == before[1]
    assert after[2] != before[2]
    actions.rebuild()
    assert dict(CreditCell.objects.values_list("lesson_id", "pk")) == after


def test_a_rebuild_takes_away_what_the_ledger_knows_nothing_of(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(3))
    actions.digest_once()
    right = rows()
    IntegrityFlag.objects.create(
        class_id=1, enrolment_id=7, person_id=7, kind="x", incident="x", from_ms=0, until_ms=1,
        raised_at="2017-06-22T00:00:00Z",
    )  # fmt: skip
    CreditCell.objects.create(
        class_id=1, enrolment_id=7, person_id=7, lesson_id=1, lesson_version=1, day="2017-06-22", credited_ms=5,
        algorithm="credit_v3",
    )  # fmt: skip
    assert actions.rebuild() == 1
    assert rows() == right
    assert not IntegrityFlag.objects.exists()


def test_rows_of_an_older_algorithm_are_written_anew(ledger: SqliteLedger) -> None:
    study(ledger, facts(1, "a"), range(3))
    actions.digest_once()
    CreditCell.objects.update(algorithm="credit_v1")
    study(ledger, facts(1, "a"), range(3))  # sent again: an entry of no effect, or none
    actions.rebuild()
    assert set(CreditCell.objects.values_list("algorithm", flat=True)) == {"credit_v3"}
