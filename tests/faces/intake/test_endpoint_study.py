"""Through the real endpoint, a ledger on disk and the digest: a forged player that jumps, challenges, a rebuild."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factories.beats import KEY

from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.faces.intake.endpoint import BeatsEndpoint
from yanxiu.study import ports, queries
from yanxiu.study.digest import actions
from yanxiu.study.digest import ports as digest_ports
from yanxiu.study.digest.ports import EnrolmentWindow
from yanxiu.study.intake.sessions import Lesson, Terms, open_session
from yanxiu.study.models import CreditCell, IntegrityFlag, UncountedCell

pytestmark = pytest.mark.django_db
NINE, MINUTE, STEP = 1_498_093_200_000, 60_000, 15_000  # 2017-06-22T09:00+08:00


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    store = SqliteLedger(tmp_path / "ledger.sqlite3")
    monkeypatch.setattr(ports, "_plugged", [("test", lambda: store)])
    monkeypatch.setattr(ports, "_open", [store])
    monkeypatch.setattr(
        digest_ports, "_plugged", [lambda _class, _persons: [EnrolmentWindow(n, n) for n in range(1, 10)]]
    )
    yield store
    store.close()


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


class Player:
    """Forges what it likes, POST by POST through the ASGI callable; `now` is the server's clock."""

    def __init__(self, store: SqliteLedger, person: int = 1, opened: int = NINE) -> None:
        self.endpoint = BeatsEndpoint(lambda: store, KEY, "http://localhost")
        self.endpoint._now = lambda: self.now
        self.now, self.opened, self.seq = opened, opened, 0
        lesson = Lesson(person, person, 1, 4, 1, "video", 40 * MINUTE)
        _, self.token = open_session(lesson, Terms("standard@1", 1.5, STEP, "Asia/Shanghai"), opened, KEY)

    async def _post(self, **content: Any) -> dict[str, Any]:
        body = json.dumps({"token": self.token, "beats": []} | content).encode()
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-length", str(len(body)).encode())]
        scope = {"type": "http", "method": "POST", "path": "/api/beats", "headers": headers}
        await self.endpoint(scope, receive, send)
        assert sent[0]["status"] == 200, sent
        answer: dict[str, Any] = json.loads(sent[1]["body"])
        return answer

    async def play(self, minutes: float, media: float, *, answers: bool = True) -> dict[str, Any]:
        """On from where the clock stands, from a media minute."""
        said: dict[str, Any] = {}
        for n in range(int(minutes * 4)):
            t0, p0 = self.now - self.opened, int(media * MINUTE) + n * STEP
            self.now += STEP
            said = await self._post(beats=[{"seq": self.seq, "spans": [[t0, t0 + STEP, p0, p0 + STEP]]}])
            self.seq += 1
            if answers and "challenge" in said:
                proof = {"id": said["challenge"]["id"], "t": self.now - self.opened}
                said = await self._post(proofs=[proof])
                assert said["proofs"][0]["state"] == "in_time"
        return said


def lost(enrolment: int = 1) -> dict[str, int]:
    return {reason: ms // MINUTE for reason, ms in queries.uncounted_by_reason(enrolment).items()}


def credited() -> dict[int, float]:
    return {enrolment: ms / MINUTE for enrolment, ms in queries.credited_by_enrolment(1).items()}


def rows() -> list[Any]:
    return [
        list(CreditCell.objects.order_by("enrolment_id", "lesson_id", "day").values_list("enrolment_id", "lesson_id", "day", "credited_ms", "algorithm")),
        list(UncountedCell.objects.order_by("enrolment_id", "lesson_id", "day").values_list("enrolment_id", "day", "reason", "uncounted_ms")),
        list(IntegrityFlag.objects.order_by("kind", "incident").values_list("kind", "incident", "from_ms", "quantities")),
    ]  # fmt: skip


def test_a_forged_player_that_jumps_waits_until_the_gap_is_filled(ledger: SqliteLedger, loop: asyncio.Runner) -> None:
    player = Player(ledger)
    loop.run(player.play(2, 0))
    loop.run(player.play(5, 30))  # far beyond the frontier: 2 min + 30 s of slack
    actions.digest_once()
    assert (credited(), lost()) == ({1: 2}, {"seek": 5})
    loop.run(player.play(0.25, 2.5))  # no further than the slack: counts at once
    actions.digest_once()
    assert (credited(), lost()) == ({1: 2.25}, {"seek": 5})
    loop.run(player.play(28, 2))  # the gap is filled: what waited is judged, and counts
    actions.digest_once()
    assert credited() == {1: 35}
    assert "seek" not in lost()


def test_a_player_that_never_answers_is_told_and_a_rebuild_says_what_the_digests_said(
    ledger: SqliteLedger, loop: asyncio.Runner
) -> None:
    empty, honest = Player(ledger, 1), Player(ledger, 2)
    said: dict[str, Any] = {}
    for part in range(4):  # digested in between, as the product does
        said = loop.run(empty.play(10, part * 10, answers=False))
        loop.run(honest.play(10, part * 10))
        actions.digest_once()
    assert (said["challenge"]["missed"], said["challenge"]["since"]) == (True, NINE)
    assert (credited(), lost(1), lost(2)) == ({2: 40}, {"unproven": 40}, {})
    assert list(IntegrityFlag.objects.values_list("person_id", "kind")) == [(1, "unanswered")]
    digested, first = rows(), IntegrityFlag.objects.get().pk
    actions.rebuild()
    assert rows() == digested
    assert IntegrityFlag.objects.get().pk == first
    assert {row[-1] for row in digested[0]} == {"credit_v3"}


def test_many_posts_of_one_person_at_once_are_asked_one_question(ledger: SqliteLedger) -> None:
    async def storm() -> list[dict[str, Any]]:
        player = Player(ledger)
        player.now += 35 * MINUTE
        at = player.now - player.opened
        beats = [{"seq": n, "spans": [[at - (n + 1) * STEP, at - n * STEP, 0, STEP]]} for n in range(40)]
        return await asyncio.gather(*(player._post(beats=[beat]) for beat in beats))

    said = asyncio.run(storm())
    assert len({answer["challenge"]["id"] for answer in said}) == 1
    assert [entry.kind for entry in ledger.entries(0, 100)].count("challenge") == 1


def test_a_ledger_that_cannot_store_issues_nothing(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused() -> dict[str, Any]:
        player = Player(ledger)
        player.now += 35 * MINUTE
        at = player.now - player.opened
        body = [{"seq": 0, "spans": [[at - STEP, at, 0, STEP]]}]
        with monkeypatch.context() as broken:
            broken.setattr(ledger, "submit", _full)
            with pytest.raises(AssertionError, match="503"):
                await player._post(beats=body)
        return await player._post(beats=body)

    assert "challenge" in asyncio.run(refused())
    assert [entry.kind for entry in ledger.entries(0, 10)] == ["session", "beat", "challenge"]


def _full(*_: Any, **__: Any) -> None:
    raise ports.NotStored("磁盘空间不足")
