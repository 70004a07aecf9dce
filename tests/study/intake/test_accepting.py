"""What POST /api/beats takes, what it refuses, and that a refusal stores nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories.beats import KEY, NOW, post, session, wire_beat

from yanxiu.core import tokens
from yanxiu.core.beats import Beat, SessionFacts
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study.intake.actions import accept
from yanxiu.study.ports import Fact, NotStored, Stored


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


def send(ledger: SqliteLedger, body: bytes, received_ms: int = NOW) -> tuple[int, dict[str, Any]]:
    status, answer = accept(body, received_ms, KEY, ledger)
    return status, json.loads(answer)


def test_beats_are_stored_and_the_answer_says_how_far(ledger: SqliteLedger) -> None:
    _, token = session()
    status, answer = send(ledger, post(token, wire_beat(0), wire_beat(1)))
    assert (status, answer) == (200, {"now": NOW, "durable_seq": 1, "as_of": 3, "refused": []})


def test_an_empty_list_asks_what_is_durable(ledger: SqliteLedger) -> None:
    _, token = session()
    send(ledger, post(token, wire_beat(0)))
    assert send(ledger, post(token)) == (200, {"now": NOW, "durable_seq": 0, "as_of": 2, "refused": []})


@pytest.mark.parametrize(
    ("span", "why", "final"),
    [
        ([3_590_000, 3_602_001, 0, 12_000], "future", False),
        ([0, 15_000, 0, 30_000], "too_fast", True),
        ([0, 20_001, 0, 20_001], "span_too_long", True),
        ([0, 360_000_000, 0, 360_000_000], "span_too_long", True),  # 100 h in one request
        ([15_000, 0, 0, 15_000], "malformed", True),
        ([0, 15_000, 15_000, 0], "malformed", True),
        ([-15_000, 0, 0, 15_000], "malformed", True),
    ],
)
def test_a_beat_against_its_limits_is_refused_alone_with_its_reason(
    ledger: SqliteLedger, span: list[int], why: str, final: bool
) -> None:
    _, token = session()
    status, answer = send(ledger, post(token, wire_beat(5, span), wire_beat(0)))
    assert (status, answer["durable_seq"]) == (200, 0)
    assert answer["refused"] == [{"seq": 5, "why": why, "final": final}]
    assert [(entry.kind, entry.seq) for entry in ledger.entries(0, 10)] == [("session", -1), ("beat", 0)]


def test_a_beat_from_the_future_is_taken_once_its_time_has_come(ledger: SqliteLedger) -> None:
    _, token = session()
    early = post(token, wire_beat(0, [3_600_000, 3_610_000, 0, 10_000]))
    assert send(ledger, early)[1]["durable_seq"] == -1
    assert send(ledger, early, NOW + 8_000)[1]["durable_seq"] == 0


def test_a_beat_of_four_days_ago_is_too_late(ledger: SqliteLedger) -> None:
    _, token = session(opened_ms=NOW - 80 * 3_600_000)
    _, answer = send(ledger, post(token, wire_beat(0)))
    assert answer["refused"] == [{"seq": 0, "why": "too_late", "final": True}]
    assert ledger.head()[0] == 0


def test_a_beat_that_names_another_session_is_refused(ledger: SqliteLedger) -> None:
    facts, token = session(7)
    foreign, _ = session(8)
    _, answer = send(ledger, post(token, wire_beat(0, sid=foreign.sid), wire_beat(1, sid=facts.sid)))
    assert answer["refused"] == [{"seq": 0, "why": "foreign_session", "final": True}]
    assert {entry.person_id for entry in ledger.entries(0, 10)} == {7}


def test_positions_are_clamped_to_the_duration(ledger: SqliteLedger) -> None:
    _, token = session(duration_ms=20_000)
    send(ledger, post(token, wire_beat(0), wire_beat(1), wire_beat(2)))
    spans = [json.loads(entry.body)["spans"][0] for entry in ledger.entries(1, 10)]
    assert spans == [[0, 15_000, 0, 15_000], [15_000, 30_000, 15_000, 20_000], [30_000, 45_000, 20_000, 20_000]]


def test_a_reading_has_no_positions(ledger: SqliteLedger) -> None:
    _, token = session(kind="reading")
    _, answer = send(ledger, post(token, wire_beat(0, [0, 15_000, -1, -1]), wire_beat(1)))
    assert answer["refused"] == [{"seq": 1, "why": "malformed", "final": True}]
    assert json.loads(ledger.entries(1, 1)[0].body)["spans"] == [[0, 15_000, -1, -1]]


def test_twice_with_other_content_is_refused_for_good_and_recorded(ledger: SqliteLedger) -> None:
    _, token = session()
    send(ledger, post(token, wire_beat(0)))
    other = wire_beat(0, [0, 15_000, 100, 15_100])
    status, answer = send(ledger, post(token, other))
    assert (status, answer["refused"]) == (409, [{"seq": 0, "why": "conflict", "final": True}])
    status, answer = send(ledger, post(token, other, wire_beat(1)))
    assert (status, answer["durable_seq"], answer["refused"][0]["why"]) == (200, 1, "conflict")
    assert [entry.kind for entry in ledger.entries(0, 10)] == ["session", "beat", "conflict", "beat"]


def altered(token: str) -> str:
    """Another person's id under the same signature."""
    facts = tokens.read(token, KEY)
    return tokens.mint(replace(facts, person_id=99), KEY).split(".")[0] + "." + token.split(".")[1]


def test_a_token_that_is_not_ours_or_no_longer_good_keeps_the_beats_with_the_client(ledger: SqliteLedger) -> None:
    facts, token = session()
    foreign_key = tokens.mint(facts, b"x" * 32)
    for bad in (altered(token), foreign_key, "", "a.b", "中文.令牌", token[:-3]):
        status, answer = send(ledger, post(bad, wire_beat(0)))
        assert (status, answer["error"]) == (401, "bad_token")
        assert "重新登录" in answer["message"]
    status, answer = send(ledger, post(token, wire_beat(0)), facts.expires_at_ms)
    assert (status, answer["error"]) == (401, "expired")
    assert ledger.head()[0] == 0


def malformed_bodies() -> Sequence[bytes]:
    _, token = session()
    good = post(token, wire_beat(0))
    return [
        b"", b"{", b"[]", b"null", b"\x00\xff\xfe", good[:-1], good + b"x",
        '{"token":"教师进修","beats":[]}'.encode("gbk"),  # ("学习" in GBK happens to be valid UTF-8)
        post(token, wire_beat(0, [0, 15_000, 0, 14_000]) | {"spans": [[0, 15_000.5, 0, 15_000]]}),
        post(token, wire_beat(0, [0, 15_000, 0])),
        post(token, wire_beat(0, [0, 2**70, 0, 1])),
        post(token, wire_beat(2**63)),
        post(token, wire_beat(0) | {"seq": "0"}),
        post(token, wire_beat(0, rate=1e9)),
        post(token, wire_beat(0, why="<script>")),
        post(token, wire_beat(0, visible="yes")),
        b'{"token":"' + token.encode() + b'","beats":[{"seq":0,"spans":[[0,1,0,NaN]]}]}',
        b'{"beats":[]}', json.dumps({"token": token}).encode(), b"[" * 100_000,
    ]  # fmt: skip


@pytest.mark.parametrize("body", malformed_bodies())
def test_a_malformed_post_is_refused_whole_in_chinese(ledger: SqliteLedger, body: bytes) -> None:
    status, answer = send(ledger, body)
    assert (status, answer["error"]) == (422, "malformed")
    assert "刷新页面" in answer["message"]
    assert ledger.head()[0] == 0


def test_five_megabytes_are_not_even_read(ledger: SqliteLedger) -> None:
    _, token = session()
    body = post(token, wire_beat(0)) + b" " * 5_000_000
    status, answer = send(ledger, body)
    assert (status, answer["error"], ledger.head()[0]) == (413, "too_large", 0)


def test_a_full_body_of_beats_fits(ledger: SqliteLedger) -> None:
    _, token = session(opened_ms=NOW - 24 * 3_600_000)
    beats = [wire_beat(seq) for seq in range(1000)]
    status, answer = send(ledger, post(token, *beats))
    assert (status, answer["durable_seq"]) == (200, 999)


class BrokenDisk:
    """A ledger that cannot."""

    def append(self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int, more: Sequence[Fact] = ()) -> Stored:
        raise NotStored("磁盘空间不足")


def test_what_cannot_be_stored_is_not_acknowledged() -> None:
    _, token = session()
    status, answer = accept(post(token, wire_beat(0)), NOW, KEY, BrokenDisk())  # type: ignore[arg-type]  # all it needs
    assert (status, json.loads(answer)["error"]) == (503, "not_stored")


def test_the_intake_needs_no_django_and_no_people() -> None:
    program = (
        "import sys, yanxiu.study.intake.actions, yanxiu.study.intake.sessions, yanxiu.faces.intake.endpoint\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django' or name.startswith('yanxiu.people')])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
