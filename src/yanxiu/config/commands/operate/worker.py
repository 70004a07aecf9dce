"""后台任务（serve 的子进程）。"""

import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--once` for operators and tests."""
    parser.add_argument("--once", action="store_true", help="做完现有的任务就退出")


def run(args: argparse.Namespace) -> int:
    """Runs tasks of the database queue until told to stop, or until none is left."""
    from django.core.management import call_command  # slow import

    call_command("db_worker", verbosity=0, batch=args.once)
    return 0
