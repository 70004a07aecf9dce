"""An installation founded from a file: its faults are named, running it again adds what is new, links are for those who need one."""

from pathlib import Path

import pytest

from yanxiu.config.founding.acting import found
from yanxiu.config.founding.reading import BadPlan, read_plan
from yanxiu.people.models import Account, Organisation, Person, Region, RegionRole
from yanxiu.people.sign_in import consume_invite

pytestmark = pytest.mark.django_db

GOOD = """
[[regions]]
code = "91"
name = "海东省"
level = "省"

[[regions]]
code = "9101"
name = "望城市"
level = "市"
parent = "91"

[[units]]
name = "望城市教育局"
kind = "教育局"
region = "9101"

[[people]]
name = "孟思远"
phone = "10000000001"
unit = "望城市教育局"
post_title = "科长"
roles = ["organiser@9101"]

[[people]]
name = "计算机"
phone = "10000000002"
unit = "望城市教育局"
roles = ["system_admin@91"]
"""


def plan_of(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "plan.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def counts() -> list[int]:
    return [table.objects.count() for table in (Region, Organisation, Person, Account, RegionRole)]


def test_what_is_new_is_made_and_running_it_again_makes_nothing_twice(tmp_path: Path) -> None:
    plan = read_plan(plan_of(tmp_path, GOOD))
    assert found(plan, dry_run=True).people == 2
    assert counts() == [0, 0, 0, 0, 0]
    done = found(plan)
    assert (done.regions, done.units, done.people, done.roles, len(done.invites)) == (2, 1, 2, 2, 2)
    assert counts() == [2, 1, 2, 2, 2]
    assert [invite.roles for invite in done.invites] == [("组织管理者",), ("系统管理员",)]  # as they are printed
    consume_invite(done.invites[0].token, "liudong-4-kandao-haiou", "127.0.0.1")
    again = found(plan)
    assert (again.regions, again.units, again.people, again.roles) == (0, 0, 0, 0)
    assert [invite.name for invite in again.invites] == ["计算机"]  # whoever has signed in needs no link
    assert counts() == [2, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('level = "市"', 'level = "镇"'), "应为 省、市、县"),
        (('parent = "91"', 'parent = "92"'), "要写在它的前面"),
        (('region = "9101"', 'region = "77"'), "不在 [[regions]] 里"),
        (("organiser@9101", "king@9101"), "角色“king@9101”"),
        (("10000000002", "10000000001"), "手机号重复"),
        (('phone = "10000000001"', "phone = 10000000001"), "phone 没有填，或不是文字"),
        (('unit = "望城市教育局"\nroles', 'unit = "无此单位"\nroles'), "不在 [[units]] 里"),
        (("[[units]]", "[[schools]]"), "不认识 [[schools]]"),
        (("[[regions]]", "[[regions"), "不是有效的 TOML"),
    ],
)
def test_each_fault_is_named_and_nothing_is_made(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(BadPlan) as bad:
        read_plan(plan_of(tmp_path, GOOD.replace(*change)))
    assert said in str(bad.value)


def test_a_file_in_gbk_or_without_regions_is_refused_in_words(tmp_path: Path) -> None:
    for content, said in ((GOOD.encode("gbk"), "UTF-8"), (b"", "至少要有一个地区"), (b"regions = 3", "两层方括号")):
        with pytest.raises(BadPlan) as bad:
            read_plan(plan_of(tmp_path, content))
        assert said in str(bad.value)
