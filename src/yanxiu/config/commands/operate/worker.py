"""Background tasks (a child process of `serve`)."""

import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_args: argparse.Namespace) -> int:
    """Runs tasks of the database queue until told to stop."""
    from django.core.management import call_command  # slow import

    call_command("db_worker", verbosity=0)
    return 0
