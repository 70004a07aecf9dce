"""healthz answers whatever happens; readyz asks the database and the ledger."""

from typing import Any

import pytest
from django.test import Client

from yanxiu.study import ports


class Head:
    """As much of a ledger as readiness asks for."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def head(self) -> tuple[int, str]:
        if self.error:
            raise self.error
        return 0, ""

    def close(self) -> None:
        pass


@pytest.fixture
def plugged() -> Any:
    yield lambda ledger: ports.plug(lambda: ledger)
    ports.unplug()


def test_health_asks_nothing(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_database_and_ledger_answer(client: Client, db: None, plugged: Any) -> None:
    plugged(Head())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": True, "ledger": True})


@pytest.mark.parametrize("error", [ports.NotStored("disk full"), OSError("gone"), RuntimeError("nothing plugged")])
def test_not_ready_names_the_ledger(client: Client, db: None, plugged: Any, error: Exception) -> None:
    plugged(Head(error))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ledger"], "Retry-After" in answer.headers) == (503, False, True)
