"""注销一个人：删除姓名、手机、文字等个人内容；编号、数量和时间保留，各条哈希链和已冻结的报告不变。"""

import argparse
import sys

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who; without --yes it only says what would happen."""
    parser.add_argument("person", metavar="PERSON", help="登录手机号，或人员编号（UUID）")
    parser.add_argument("--yes", action="store_true", help="真的注销，不能恢复")


def run(args: argparse.Namespace) -> int:
    """0 erased (or shown), 1 the person holds a role that must be given away first, 2 nobody of that phone or id."""
    from yanxiu.people.privacy.erasing import erase  # thin entry point
    from yanxiu.people.privacy.queries import person_called  # thin entry point
    from yanxiu.people.queries import viewer_of_person  # thin entry point
    from yanxiu.training.classes.people import works_in_any_class  # thin entry point

    person = person_called(args.person)
    if person is None:
        print("没有找到这个人：请核对手机号或人员编号。", file=sys.stderr)
        return 2
    viewer = viewer_of_person(person)
    if viewer.region_roles or works_in_any_class(viewer):
        print("这个人还担任班级或地区的工作角色，请先解除角色，再注销。", file=sys.stderr)
        return 1
    if not args.yes:
        print(f"将注销人员 {person.uuid}（数据库编号 {person.pk}）。确认无误后加 --yes 再运行一次；不能恢复。")
        return 0
    erase(None, person)
    print(f"已注销人员 {person.uuid}。用 yanxiu verify --all 可以核对各条链和已冻结的报告没有变化。")
    return 0
