"""Questions from a file: the template reads back, faults are told by row, the same file twice adds nothing twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.rosters import csv_file, xlsx_file
from factories.worlds import At, small_world

from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.training.exams import actions, queries
from yanxiu.training.exams.models import Question

pytestmark = pytest.mark.django_db
HEADER = ("题型", "题干", "选项A", "选项B", "选项C", "答案", "标签", "评分要点")
GOOD = [
    ("单选", "一加一等于几？", "一", "二", "三", "B", "算术", ""),
    ("多选题", "哪些是偶数？", "二", "三", "四", "A、C", "", ""),
    ("判断题", "三是偶数。", "", "", "", "×", "", ""),
    ("填空", "-1 的相反数是____", "", "", "", "1|一", "", ""),
    ("简答题", "谈谈做法。", "", "", "", "", "", "三点"),
]
BAD = [
    ("作文", "题", "", "", "", "", "", ""),
    ("单选题", "", "一", "二", "", "A", "", ""),
    ("单选题", "题", "一", "", "", "A", "", ""),
    ("单选题", "题", "一", "二", "", "C", "", ""),
    ("单选题", "题", "一", "二", "", "AB", "", ""),
    ("单选题", "题", "一", "一", "", "A", "", ""),
    ("判断题", "题", "", "", "", "大概", "", ""),
    ("填空题", "题", "", "", "", "", "", ""),
]


def test_every_kind_is_read_from_both_formats_once(at: At) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.manager, name="题库", training_class=world.cls)
    files = ((csv_file(GOOD, header=HEADER), "题.csv"), (xlsx_file(GOOD, header=HEADER, title="题目"), "题.xlsx"))
    dry = actions.import_questions(world.manager, bank, *files[0], dry_run=True)
    assert (dry.rows_ok, dry.added, Question.objects.count()) == (5, 0, 0)
    assert [actions.import_questions(world.manager, bank, *file, dry_run=False).added for file in files] == [5, 0]
    keys = dict(Question.objects.values_list("kind", "key"))
    assert keys == {"single": [1], "multiple": [0, 2], "true_false": [1], "fill_in": ["1", "一"], "essay": []}
    assert Question.objects.get(kind="true_false").options == ["正确", "错误"]
    assert AuditEntry.objects.filter(action="import_questions").count() == 1


def test_every_fault_names_its_row_and_nothing_is_added(at: At) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.manager, name="题库", training_class=world.cls)
    file = xlsx_file([*GOOD, *BAD], header=HEADER)
    outcome = actions.import_questions(world.manager, bank, file, "题.xlsx", dry_run=False)
    assert [(e.row, e.field, e.code) for e in outcome.errors] == [
        (7, "题型", "bad_kind"), (8, "题干", "empty"), (9, "选项", "bad_options"), (10, "答案", "bad_key"),
        (11, "答案", "bad_key"), (12, "选项", "bad_options"), (13, "答案", "bad_key"), (14, "答案", "bad_key"),
    ]  # fmt: skip
    assert (outcome.rows_ok, outcome.error_rows, outcome.added, Question.objects.count()) == (5, 8, 0, 0)
    assert actions.import_questions(world.manager, bank, file, "题.xlsx", dry_run=False, only_valid=True).added == 5


def test_formulas_and_other_files_are_refused(at: At) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.manager, name="题库", training_class=world.cls)
    row = ("单选", "{=1+1}", "一", "二", "三", "B", "", "")
    outcome = actions.import_questions(world.manager, bank, xlsx_file([row], header=HEADER), "a.xlsx", dry_run=True)
    assert [(e.row, e.code) for e in outcome.errors] == [(2, "formula")]
    for file, name, code in (
        (csv_file(GOOD, header=HEADER, encoding="gb18030"), "a.csv", "questions_gbk"),
        (csv_file(GOOD, header=("一", "二", "三", "四", "五", "六", "七", "八")), "a.csv", "questions_header"),
        (b"%PDF", "a.xlsx", "questions_kind"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.import_questions(world.manager, bank, file, name, dry_run=True)
        assert refusal.value.code == code
    with pytest.raises(Refused):
        actions.import_questions(world.tutor, bank, xlsx_file(GOOD, header=HEADER), "a.xlsx", dry_run=True)


def test_the_page_checks_first_and_takes_then(at: At) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.manager, name="题库", training_class=world.cls)
    client = Client()
    client.force_login(Account.objects.get(pk=world.manager.account_id))
    address = f"/staff/classes/small-2017/banks/{bank.pk}/import"
    template = client.get("/staff/classes/small-2017/banks/template.xlsx").content
    page = client.post(address, {"file": SimpleUploadedFile("q.xlsx", template)}).content.decode()
    assert "5 行全部没有问题" in page
    content = page.split('name="content" value="')[1].split('"')[0]
    taken = client.post(address, {"take": "1", "filename": "q.xlsx", "content": content}).content.decode()
    assert "已导入 5 题" in taken
    assert queries.banks_for(world.manager, world.cls)[0].total == 5
