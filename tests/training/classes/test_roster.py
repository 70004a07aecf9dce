"""Roster import: rows, their errors, dry run, the same file twice."""

import pytest
from factories.rosters import HEADER, csv_file, xlsx_file
from factories.worlds import At, World, small_world

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Person
from yanxiu.training.classes.actions import RosterOutcome, import_roster, withdraw_learner
from yanxiu.training.classes.models import Enrolment

pytestmark = pytest.mark.django_db

GOOD = [
    ("王一", "10020000001", "云岭中学", "校长"),
    ("李二", "10020000002", "松涛小学", ""),
    ("赵三", "10020000003", "望河中学", "书记"),
]


def counts() -> tuple[int, int, int]:
    return Person.objects.count(), Enrolment.objects.count(), AuditEntry.objects.count()


def imported(world: World, file: bytes, name: str = "名单.xlsx", **options: bool) -> RosterOutcome:
    return import_roster(world.manager, world.cls, file, name, options.pop("dry_run", False), **options)


def problems(outcome: RosterOutcome) -> list[tuple[int, str, str]]:
    return [(e.row, e.field, e.code) for e in outcome.errors]


@pytest.mark.parametrize(("file", "name"), [(xlsx_file(GOOD), "名单.xlsx"), (csv_file(GOOD), "名单.CSV")])
def test_a_good_roster_nominates_everybody(at: At, file: bytes, name: str) -> None:
    world = small_world()
    before = AuditEntry.objects.count()
    outcome = imported(world, file, name)
    assert (outcome.rows_ok, outcome.enrolled, outcome.already, outcome.errors) == (3, 3, 0, ())
    rows = Enrolment.objects.filter(person__phone__startswith="1002").order_by("person__phone")
    assert [(e.person.name, e.nominating_org.name, e.person.post_title, e.state) for e in rows] == [
        (name, school, post, "nominated") for name, _phone, school, post in GOOD
    ]
    assert AuditEntry.objects.count() - before == 2 * 3 + 1
    assert list(audit.broken_links()) == []


def test_the_same_file_twice_changes_nothing_the_second_time(at: At) -> None:
    world = small_world()
    imported(world, xlsx_file(GOOD))
    before = counts()
    again = imported(world, xlsx_file(GOOD))
    assert (again.rows_ok, again.already, again.enrolled, again.errors) == (3, 3, 0, ())
    assert counts() == before


def test_a_dry_run_writes_nothing(at: At) -> None:
    world = small_world()
    before = counts()
    outcome = imported(world, xlsx_file(GOOD), dry_run=True)
    assert (outcome.rows_ok, outcome.enrolled, outcome.dry_run) == (3, 0, True)
    assert counts() == before


def test_headings_in_any_order_under_a_title_with_other_columns(at: At) -> None:
    world = small_world()
    header = ("序号", "单位名称", "政治面貌", "手机号码", "姓 名")
    file = xlsx_file([(1, "云岭中学", "党员", 10020000009, "孙四")], header=header, title="参训学员名单")
    assert imported(world, file).enrolled == 1
    person = Person.objects.get(phone="10020000009")
    assert (person.name, person.post_title) == ("孙四", "")


BAD = [
    ("王一", "10020000001", "云岭中学", "校长"),
    ("李二", "10020000001", "松涛小学", ""),
    ("", "10020000003", "望河中学", ""),
    ("钱五", "0398-222", "望河中学", ""),
    ("周六", "10020000006", "不存在的中学", ""),
    ("吴七", "", "", ""),
    ("=cmd()", "10020000008", "云岭中学", ""),
    ("郑九", "10020000009", "云岭中学", "@SUM(1)"),
]
BAD_FOUND = [
    (3, "手机", "duplicate_phone"),
    (4, "姓名", "missing_name"),
    (5, "手机", "bad_phone"),
    (6, "单位", "unknown_organisation"),
    (7, "手机", "missing_phone"),
    (7, "单位", "missing_organisation"),
    (8, "姓名", "formula"),
    (9, "职务", "formula"),
]


@pytest.mark.parametrize(("file", "name"), [(xlsx_file(BAD), "名单.xlsx"), (csv_file(BAD), "名单.csv")])
def test_every_fault_is_named_with_row_and_field_and_nothing_is_written(at: At, file: bytes, name: str) -> None:
    world = small_world()
    before = counts()
    outcome = imported(world, file, name)
    assert problems(outcome) == BAD_FOUND
    assert (outcome.rows_ok, outcome.error_count, outcome.error_rows, outcome.enrolled) == (1, 8, 7, 0)
    assert str(outcome.errors[0]) == "第 3 行“手机”：与第 2 行的手机号重复，请删去一行或改正号码。"
    assert counts() == before


def test_only_valid_takes_the_rows_without_fault(at: At) -> None:
    world = small_world()
    outcome = imported(world, xlsx_file(BAD), only_valid=True)
    assert (outcome.enrolled, outcome.error_rows) == (1, 7)
    assert Person.objects.filter(phone__startswith="1002").count() == 1


def test_formula_cells_are_named_by_row_and_column(at: At) -> None:
    world = small_world()
    rows = [("王一", "10020000001", "云岭中学", ""), ("李二", "{=A1&1", "松涛小学", "")]
    assert problems(imported(world, xlsx_file(rows))) == [(3, "手机", "formula")]


def test_formulas_on_other_sheets_do_not_matter(at: At) -> None:
    world = small_world()
    assert imported(world, xlsx_file(GOOD, more_sheets=2)).enrolled == 3


def test_a_phone_known_under_another_name_is_not_taken_over(at: At) -> None:
    world = small_world()
    phone = world.learners[0].person.phone
    assert phone is not None
    outcome = imported(world, xlsx_file([("别人", phone, "云岭中学", "")]))
    assert problems(outcome) == [(2, "手机", "phone_of_other")]
    assert world.learners[0].person.name not in outcome.errors[0].message


def test_somebody_withdrawn_does_not_come_back_through_a_file(at: At) -> None:
    world = small_world()
    learner = world.learners[0]
    withdraw_learner(world.manager, learner.enrolment, reason="调离")
    outcome = imported(world, xlsx_file([(learner.person.name, learner.person.phone, "云岭中学", "")]))
    assert problems(outcome) == [(2, "姓名", "withdrawn")]


def test_a_school_of_another_region_is_unknown_here(at: At) -> None:
    world = small_world()
    outcome = imported(world, xlsx_file([("王一", "10020000001", "竹溪中学", "")]))
    assert problems(outcome) == [(2, "单位", "unknown_organisation")]


def test_direction_marks_and_control_characters_do_not_survive(at: At) -> None:
    world = small_world()
    imported(world, csv_file([("王\u202e一\u0007", "１００２０００００７７", "云岭中学\u200b", "校长")]), "a.csv")
    assert Person.objects.get(phone="10020000077").name == "王一"


def test_only_managers_of_this_class_import(at: At) -> None:
    world = small_world()
    for viewer in (world.other_manager, world.other_organiser, world.stranger):
        with pytest.raises(NotVisible):
            import_roster(viewer, world.cls, xlsx_file(GOOD), "a.xlsx", True)
    for viewer in (world.tutor, world.auditor, world.learners[0].viewer):
        with pytest.raises(Refused) as refusal:
            import_roster(viewer, world.cls, xlsx_file(GOOD), "a.xlsx", True)
        assert refusal.value.code == "not_allowed"


def test_two_hundred_errors_are_shown_and_all_are_counted(at: At) -> None:
    world = small_world()
    rows = [("", f"1002{n:07d}", "云岭中学", "") for n in range(250)]
    outcome = imported(world, csv_file(rows), "a.csv")
    assert (len(outcome.errors), outcome.error_count) == (200, 250)


def test_a_column_may_be_missing_only_if_it_is_the_post(at: At) -> None:
    world = small_world()
    with pytest.raises(Refused) as refusal:
        imported(world, csv_file([("王一", "10020000001")], header=HEADER[:2]), "a.csv")
    assert refusal.value.code == "roster_header"
