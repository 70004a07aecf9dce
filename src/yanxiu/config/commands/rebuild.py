"""Throw the credit rows away and recompute them from the ledger."""

import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_args: argparse.Namespace) -> int:
    """The credit rows may be lost at any time: the ledger is the truth."""
    from yanxiu.study.digest.actions import rebuild  # thin entry point

    persons = rebuild()
    print(f"已从学时台账重算 {persons} 人的学时。")
    return 0
