"""把系统保存的关于一个人的全部内容写成一个 ZIP（JSON 和网页）。"""

import argparse
import os
import sys
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, and where to."""
    parser.add_argument("person", metavar="PERSON", help="登录手机号，或人员编号（UUID）")
    parser.add_argument("--out", metavar="FILE", type=Path, default=Path("my-data.zip"), help="写到哪个文件")


def run(args: argparse.Namespace) -> int:
    """0 written, 2 nobody of that phone or id. The log says that it was made, and for whom by id."""
    from django.db import transaction  # slow import

    from yanxiu.kit import audit  # thin entry point
    from yanxiu.people.privacy.queries import person_called  # thin entry point
    from yanxiu.people.privacy.takeout import archive  # thin entry point

    person = person_called(args.person)
    if person is None:
        print("没有找到这个人：请核对手机号或人员编号。", file=sys.stderr)
        return 2
    content = archive(person)
    with os.fdopen(os.open(args.out, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
    with transaction.atomic():
        audit.record("export_person", "person", person.pk, actor_id=None)
    print(f"已写入 {args.out}（{len(content) // 1024 + 1} KB）。里面是个人信息，请只交给本人。")
    return 0
