"""A program of its own: learners post beats to the real endpoint over a ledger in argv[1]; each answer is said on standard
output the moment it is given ("200 PERSON SEQ" or "503 PERSON SEQ"), and a 503 is sent again, as the player does.
"""

import asyncio
import json
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pysqlite3
from factories.beats import KEY, post, session, wire_beat

from yanxiu.core.time import clock
from yanxiu.engines.sqlite import ledger as engine
from yanxiu.faces.intake.endpoint import BeatsEndpoint

LEARNERS, BEATS = 5, 24


async def send(endpoint: BeatsEndpoint, body: bytes) -> tuple[int, Any]:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def answer(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await endpoint({"type": "http", "method": "POST", "path": "/api/beats", "headers": []}, receive, answer)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def learner(endpoint: BeatsEndpoint, person: int) -> None:
    token = session(person, opened_ms=clock.now_ms() - 3_600_000)[1]
    for seq in range(BEATS):
        for _attempt in range(100):
            status, said = await send(endpoint, post(token, wire_beat(seq)))
            os.write(1, b"%d %d %d\n" % (status, person, seq))
            if status == 200:
                break
        assert said["durable_seq"] == seq


async def main(path: Path) -> None:
    opened: list[engine.SqliteLedger] = []

    def ledger() -> engine.SqliteLedger:
        """As study.ports does it: one that could not be opened is tried again at the next POST."""
        if not opened:
            opened.append(engine.SqliteLedger(path))
        return opened[0]

    endpoint = BeatsEndpoint(ledger, KEY, "http://127.0.0.1:8000")
    await asyncio.gather(*[learner(endpoint, person) for person in range(1, LEARNERS + 1)])
    assert list(opened[0].broken_links()) == []
    opened[0].close()


def with_checkpoints(path: Path) -> pysqlite3.Connection:
    """A short play is to have several of them."""
    connection = open_writer(path)
    connection.execute("PRAGMA wal_autocheckpoint=24")
    return connection


open_writer = engine.open_writer

if __name__ == "__main__":
    engine.open_writer = with_checkpoints
    asyncio.run(main(Path(sys.argv[1])))
