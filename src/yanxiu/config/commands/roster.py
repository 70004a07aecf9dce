"""导入班级学员名单（XLSX 或 CSV）；--dry-run 只检查，不写入。"""

import argparse
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The class, the file, and how careful to be."""
    parser.add_argument("training_class", metavar="CLASS", help="班级代号，如 smx-2017")
    parser.add_argument("file", metavar="FILE", type=Path, help="名单文件：.xlsx 或 UTF-8 的 .csv")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--only-valid", action="store_true", help="有错误的行跳过，先导入其余各行")


def run(args: argparse.Namespace) -> int:
    """0: everything is (or would be) imported; 1: rows with errors, each printed."""
    from yanxiu.people.queries import SYSTEM  # thin entry point
    from yanxiu.training.classes.actions import import_roster  # thin entry point
    from yanxiu.training.classes.queries import class_by_key  # thin entry point

    training_class = class_by_key(args.training_class)
    outcome = import_roster(
        SYSTEM, training_class, args.file.read_bytes(), args.file.name, args.dry_run, only_valid=args.only_valid
    )
    for error in outcome.errors:
        print(error)
    if outcome.error_count > len(outcome.errors):
        print(f"……共 {outcome.error_count} 处错误，以上只列出前 {len(outcome.errors)} 处。")
    if args.dry_run:
        print(
            f"检查完毕（未写入）：{outcome.rows_ok} 行可以导入，其中 {outcome.already} 人已在班；{outcome.error_rows} 行有错误。"
        )
    elif outcome.error_rows and not outcome.enrolled:
        print(f"没有导入：{outcome.error_rows} 行有错误。改正后重试，或加 --only-valid 先导入 {outcome.rows_ok} 行。")
    else:
        print(f"已导入 {outcome.enrolled} 人，{outcome.already} 人原已在班，{outcome.error_rows} 行有错误未导入。")
    return 1 if outcome.error_rows else 0
