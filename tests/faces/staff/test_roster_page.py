"""Roster import on the page: looked at first, then done; faults by row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.worlds import At, World, make_class, person, small_world

from yanxiu.people.models import Account
from yanxiu.training.classes.models import Enrolment

pytestmark = pytest.mark.django_db
ROWS = "姓名,手机,单位,职务\n何一,13800000001,云岭中学,教师\n何二,138,云岭中学,教师\n何三,13800000003,松涛小学,校长\n"
PAGE = "/staff/classes/new-2017/roster"


@pytest.fixture
def world(at: At) -> World:
    found = small_world()
    make_class(found.organiser, found.city, found.institute, key="new-2017", name="新班", state="enrolling")
    return found


@pytest.fixture
def organiser(world: World) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=world.organiser.account_id))
    return client


def test_a_file_is_looked_at_then_imported(organiser: Client) -> None:
    before = Enrolment.objects.count()
    upload = SimpleUploadedFile("名册.csv", ROWS.encode("utf-8-sig"))
    checked = organiser.post(PAGE, {"file": upload})
    page = checked.content.decode()
    assert checked.status_code == 200
    assert "先导入 2 行" in page
    assert "手机" in page
    assert Enrolment.objects.count() == before
    carried = checked.context["again"]
    taken = organiser.post(PAGE, {"take": "1", **carried})
    assert "已导入 2 人" in taken.content.decode()
    assert Enrolment.objects.count() == before + 2
    again = organiser.post(PAGE, {"take": "1", **carried})
    assert again.status_code == 200
    assert Enrolment.objects.count() == before + 2


@pytest.mark.parametrize("given", [{}, {"take": "1", "content": "%%%"}, {"take": "1", "content": ""}])
def test_no_file_is_said_in_words(organiser: Client, given: dict[str, str]) -> None:
    answer = organiser.post(PAGE, given)
    assert answer.status_code == 422
    assert "请选择名册文件" in answer.content.decode()


def test_a_file_that_is_no_roster_is_refused(organiser: Client) -> None:
    answer = organiser.post(PAGE, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 not a workbook")})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_file_in_gbk_is_refused_with_what_to_do(organiser: Client) -> None:
    before = Enrolment.objects.count()
    answer = organiser.post(PAGE, {"file": SimpleUploadedFile("名册.csv", ROWS.encode("gbk"))})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()
    assert Enrolment.objects.count() == before


def test_a_stranger_finds_no_page(world: World) -> None:
    client = Client()
    stranger = person("外人", 80, world.other_school)
    client.force_login(Account.objects.get(person=stranger))
    assert client.get(PAGE).status_code == 404
