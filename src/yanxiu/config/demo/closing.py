"""After the last day: digest, freeze, the report drafted by the class manager and signed by the organiser, its files."""

from datetime import datetime
from pathlib import Path

from yanxiu.config.demo.cast import DATA, texts
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.stage import MAIN, Stage
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.ports import ledger
from yanxiu.training.classes.actions import change_state, freeze_class

__all__ = ["close_class", "digest_all", "report_signed", "write_files"]


def _at(clock: PlayClock, text: str) -> None:
    clock.move(int(datetime.fromisoformat(text).timestamp()))


def digest_all() -> None:
    """Until nothing is left to read."""
    while digest_once():
        pass


def close_class(stage: Stage, clock: PlayClock) -> None:
    """The facts are closed at a position of the ledger and of the audit log."""
    _at(clock, "2017-07-22T09:00:00+08:00")
    freeze_class(stage.staff["organiser"], stage.classes[MAIN], ledger_position=ledger().head()[0])


def report_signed(stage, acting, clock): ...
def write_files(report, folder): ...
