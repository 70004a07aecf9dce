"""Certificates for the staff: issued after the freeze, listed a page at a time, revoked with a reason."""

import pytest
from django.test import Client
from factories.looking import look_for
from factories.passing import freeze, passed_class
from factories.worlds import At, World

from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.certificates.models import Certificate
from yanxiu.training.classes.models import TrainingClass

pytestmark = pytest.mark.django_db

ADDRESS = "/staff/classes/small-2017/certificates"


@pytest.fixture(autouse=True)
def _plain_sign_in(settings: object) -> None:
    plug_engines()
    settings.STAFF_SECOND_FACTOR = "off"  # type: ignore[attr-defined]  # pytest-django's fixture


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


@pytest.fixture
def world(at: At) -> World:
    made = passed_class(at, 2)
    freeze(made, at)
    return made


def test_the_page_says_why_nothing_can_be_issued_yet(at: At) -> None:
    open_one = passed_class(at, 1)
    text = browser(open_one.manager).get(ADDRESS).content.decode()
    assert "班级数据冻结以后才能发证书。" in text
    assert "给全部合格学员发证书" not in text
    assert browser(open_one.manager).post(f"{ADDRESS}/issue").status_code == 409


def test_issue_list_find_download_revoke_reissue(world: World) -> None:
    manager = browser(world.manager)
    assert "给全部合格学员发证书" in manager.get(ADDRESS).content.decode()
    assert manager.post(f"{ADDRESS}/issue").headers["Location"] == ADDRESS
    text = manager.get(ADDRESS).content.decode()
    for words in ("有效 2 份，撤销 0 份", "SMALL-2017-00001", "SMALL-2017-00002", "给新合格的学员补发证书"):
        assert words in text
    assert "SMALL-2017-00001" not in look_for(manager, ADDRESS, "学员2").content.decode()
    one = Certificate.objects.get(serial=1)
    assert manager.get(f"{ADDRESS}/{one.uuid}").content.startswith(b"%PDF")
    empty = manager.post(f"{ADDRESS}/{one.uuid}/revoke", {"reason": ""})
    assert (empty.status_code, "请填写撤销原因。" in empty.content.decode()) == (422, True)
    manager.post(f"{ADDRESS}/{one.uuid}/revoke", {"reason": "姓名<有误>"})
    text = manager.get(ADDRESS).content.decode()
    assert "姓名&lt;有误&gt;" in text
    assert "有效 1 份，撤销 1 份" in text
    manager.post(f"{ADDRESS}/{one.uuid}/reissue")
    assert "SMALL-2017-00003" in manager.get(ADDRESS).content.decode()


def test_tutors_and_auditors_read_and_change_nothing(world: World) -> None:
    browser(world.manager).post(f"{ADDRESS}/issue")
    for viewer in (world.tutor, world.auditor):
        text = browser(viewer).get(ADDRESS).content.decode()
        assert "SMALL-2017-00001" in text
        assert "撤销这份证书" not in text
        assert browser(viewer).post(f"{ADDRESS}/issue").status_code == 403


def test_a_name_that_no_font_has_is_not_printed_with_a_hole(world: World) -> None:
    manager = browser(world.manager)
    manager.post(f"{ADDRESS}/issue")
    Certificate.objects.filter(serial=1).update(name="王\U000323af")
    answer = manager.get(f"{ADDRESS}/{Certificate.objects.get(serial=1).uuid}")
    assert (answer.status_code, "没有“\U000323af”，不能排成 PDF" in answer.content.decode()) == (422, True)


def test_a_certificate_of_an_archived_class_can_still_be_revoked(world: World) -> None:
    manager = browser(world.manager)
    manager.post(f"{ADDRESS}/issue")
    TrainingClass.objects.update(state="archived")
    one = Certificate.objects.get(serial=1)
    page = manager.get(ADDRESS).content.decode()
    assert ("撤销这份证书" in page, "补发证书" in page) == (True, False)
    assert manager.post(f"{ADDRESS}/{one.uuid}/revoke", {"reason": "学时系他人代学"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "revoked"
