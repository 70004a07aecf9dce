"""`yanxiu roster CLASS FILE [--dry-run] [--only-valid]`."""

import argparse
from pathlib import Path

import pytest
from factories.rosters import csv_file, xlsx_file
from factories.worlds import At, small_world

from yanxiu.config.commands import roster
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import Enrolment

pytestmark = pytest.mark.django_db

GOOD = [("王一", "10020000001", "云岭中学", "校长"), ("李二", "10020000002", "松涛小学", "")]


def ran(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    roster.add_arguments(parser)
    return roster.run(parser.parse_args(arguments))


def test_a_dry_run_then_the_import_then_nothing_new(at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_world(1)
    file = tmp_path / "名单.xlsx"
    file.write_bytes(xlsx_file(GOOD))
    assert ran("small-2017", str(file), "--dry-run") == 0
    assert Enrolment.objects.filter(person__name="王一").count() == 0
    assert ran("small-2017", str(file)) == 0
    assert ran("small-2017", str(file)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "检查完毕（未写入）：2 行可以导入，其中 0 人已在班；0 行有错误。",
        "已导入 2 人，0 人原已在班，0 行有错误未导入。",
        "已导入 0 人，2 人原已在班，0 行有错误未导入。",
    ]


def test_rows_with_errors_are_printed_and_end_with_status_one(
    at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_world(1)
    file = tmp_path / "a.csv"
    file.write_bytes(csv_file([*GOOD, ("赵三", "10020000002", "松涛小学", "")]))
    assert ran("small-2017", str(file)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "第 4 行“手机”：与第 3 行的手机号重复，请删去一行或改正号码。",
        "没有导入：1 行有错误。改正后重试，或加 --only-valid 先导入 2 行。",
    ]
    assert ran("small-2017", str(file), "--only-valid") == 1
    assert Enrolment.objects.filter(person__phone__startswith="1002").count() == 2


def test_a_file_or_class_that_will_not_do_is_refused(at: At, tmp_path: Path) -> None:
    small_world(1)
    file = tmp_path / "a.csv"
    file.write_bytes(csv_file(GOOD, encoding="gbk"))
    with pytest.raises(Refused):
        ran("small-2017", str(file))
    with pytest.raises(NotVisible):
        ran("no-such-class", str(file))
    with pytest.raises(FileNotFoundError):
        ran("small-2017", str(tmp_path / "missing.csv"))
