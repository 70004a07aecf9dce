"""到点该做的事，每分钟做一遍（serve 的子进程）。"""

import argparse
import signal
import threading

__all__ = ["add_arguments", "run"]

PAUSE_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--once` for operators and tests."""
    parser.add_argument("--once", action="store_true", help="只做一遍")


def run(args: argparse.Namespace) -> int:
    """Runs until told to stop."""
    from yanxiu.config.running.chores import run_chores  # slow import

    if args.once:
        for name, count in run_chores().items():
            print(f"{name} {count}")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        run_chores()
        stop.wait(PAUSE_SECONDS)
    return 0
