"""重算一切可以重算的：由台账重算学时，由作品重算雷同检查的指纹。"""

import argparse

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(_args: argparse.Namespace) -> int:
    """The credit rows may be lost at any time: the ledger is the truth."""
    from yanxiu.study.digest.actions import rebuild  # thin entry point
    from yanxiu.training.outcomes.similarity.corpus import rebuild_corpus  # thin entry point

    persons = rebuild()
    print(f"已从学时台账重算 {persons} 人的学时。")
    print(f"已从成果重建 {rebuild_corpus()} 篇的查重指纹。")
    return 0
