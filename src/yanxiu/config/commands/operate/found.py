"""从文件开办：地区、单位、第一批管理人员；打印他们的邀请链接。可以反复运行。"""

import argparse
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and whether only to look."""
    parser.add_argument("file", metavar="FILE", type=Path, help="TOML 文件：[[regions]]、[[units]]、[[people]]")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入，不发链接")


def run(args: argparse.Namespace) -> int:
    """0: founded (or could be); 1: the file has faults, each on its line."""
    from yanxiu.config import options  # thin entry point
    from yanxiu.config.founding.acting import found  # slow import
    from yanxiu.config.founding.reading import BadPlan, read_plan  # thin entry point
    from yanxiu.config.running.setup import prepare  # slow import

    try:
        plan = read_plan(args.file)
    except BadPlan as bad:
        for line in bad.lines:
            print(line, file=sys.stderr)
        return 1
    prepare()
    done = found(plan, dry_run=args.dry_run)
    verb = "检查完毕（未写入），将新建" if args.dry_run else "已新建"
    print(f"{verb}地区 {done.regions} 个、单位 {done.units} 个、人员 {done.people} 人、角色 {done.roles} 个。")
    if done.invites and not args.dry_run:
        print("邀请链接（72 小时内有效，只能用一次，请分别交给本人）：")
        for invite in done.invites:
            roles = "、".join(invite.roles) or "无角色"
            print(f"  {invite.name}（{roles}） {options.option('origin')}/invite/{invite.token}")
    return 0
