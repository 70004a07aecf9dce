"""把台账的新记录算成学时，随到随算（serve 的子进程）。"""

import argparse
import logging
import signal
import threading

__all__ = ["add_arguments", "run"]

PAUSE_SECONDS = 2.0
log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--once` for operators and tests."""
    parser.add_argument("--once", action="store_true", help="只做一遍")


def run(args: argparse.Namespace) -> int:
    """A failed round is logged and tried again: the mark moves only with the rows it stands for."""
    from django.db import DatabaseError  # slow import

    from yanxiu.study.digest.actions import digest_once  # slow import

    if args.once:
        print(f"重算 {digest_once()} 人。")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            digest_once()
        except DatabaseError:
            log.exception("digest round failed; the next one starts from the same mark")
        stop.wait(PAUSE_SECONDS)
    return 0
