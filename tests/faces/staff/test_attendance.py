"""The class manager's pages of 面授与考勤, driven by forms alone: plan, screen, sheet, confirm, correct."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.attendance import instant, planned
from factories.worlds import At, World, make_learner, small_world

from yanxiu.faces.staff.attendance import sheet
from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.queries import credited_by_enrolment
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.attendance.codes import shown_code
from yanxiu.training.participation.attendance.models import Attendance, AttendanceCorrection, InPersonSession

pytestmark = pytest.mark.django_db
ALL = "/staff/classes/small-2017/attendance"
PLAN = {
    "title": "党史专题", "lecturer": "钱学礼", "place": "青衫楼 301", "kind": "compulsory", "day": "2017-06-20",
    "begins": "14:00", "ends": "16:00",
}  # fmt: skip


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def lines(world: World, *states: str, **more: str) -> dict[str, str]:
    """A page of the sheet as it was shown first (nothing stored)."""
    found = {}
    for learner, state in zip(world.learners, states, strict=True):
        found |= {f"s-{learner.enrolment.pk}": state, f"w-{learner.enrolment.pk}": "||"}
    return found | more


def test_from_the_plan_to_study_time_by_forms_alone(at: At) -> None:
    world = small_world(3)
    manager = browser(world.manager)
    assert "还没有安排面授" in text_of(manager, ALL)
    assert "已安排" in manager.post(ALL, PLAN, follow=True).content.decode()
    session = InPersonSession.objects.get()
    assert (session.starts_at, session.ends_at) == (instant("2017-06-20 14:00"), instant("2017-06-20 16:00"))
    one = f"{ALL}/{session.uuid}"
    at("2017-06-20T14:10:00+08:00")
    screen = text_of(manager, f"{one}/code")
    code = shown_code(session).code
    assert code in screen
    assert "<svg" in screen
    assert '<noscript><meta http-equiv="refresh"' in screen
    assert "<html" not in text_of(manager, f"{one}/code?fragment=1")
    late, absent = world.learners[1].enrolment.pk, world.learners[2].enrolment.pk
    sent = lines(world, "present", "late", "", **{f"a-{late}": "14:25", "then": "save"})
    assert "本页已保存" in manager.post(one, sent, follow=True).content.decode()
    at("2017-06-20T16:00:00+08:00")
    page = text_of(manager, one)
    assert "等您确认考勤" in text_of(manager, ALL)
    assert 'value="14:25"' in page
    assert "其余 1 人记为缺勤" in page
    assert "请先勾选" in manager.post(one, {"then": "confirm"}).content.decode()
    assert "还有 1 人没有登记：学员3" in manager.post(one, {"then": "confirm", "sure": "1"}).content.decode()
    manager.post(one, {"then": "absent"})
    done = manager.post(one, {"then": "confirm", "sure": "1"}, follow=True).content.decode()
    assert "考勤已确认，学时马上计入" in done
    assert "周班主 6月20日 16:00 确认" in done
    digest_once()
    assert sorted(credited_by_enrolment(world.cls.pk).values()) == [95 * 60_000, 120 * 60_000]
    assert manager.post(one, lines(world, "absent", "absent", "absent", then="save")).status_code == 422
    # a correction: proposed by the manager, confirmed by the tutor
    wanted = {"enrolment": str(absent), "state": "left_early", "left": "15:00", "reason": "有签名"}
    assert "已提出" in manager.post(f"{one}/corrections", wanted, follow=True).content.decode()
    found = AttendanceCorrection.objects.get()
    decide = f"{ALL}/corrections/{found.pk}"
    assert "须由另一人复核" in manager.post(decide, {"then": "confirm"}).content.decode()
    tutor = browser(world.tutor)
    assert "复核同意，改正考勤和学时" in text_of(tutor, ALL)
    assert "已复核" in tutor.post(decide, {"then": "confirm"}, follow=True).content.decode()
    digest_once()
    assert credited_by_enrolment(world.cls.pk)[absent] == 60 * 60_000
    assert "缺勤 → <b>早退</b>" in text_of(manager, one)


def test_forms_that_make_no_sense_are_refused_in_words_and_keep_what_was_typed(at: At) -> None:
    world = small_world(2)
    manager = browser(world.manager)
    for wrong, words in (
        ({"day": ""}, "日期"), ({"begins": "25:00"}, "开始"), ({"kind": "x"}, "课程性质"), ({"day": "2018-01-01"}, "起止日期"),
    ):  # fmt: skip
        answer = manager.post(ALL, PLAN | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="党史专题"' in answer.content.decode()
    session = planned(world)
    one, pk = f"{ALL}/{session.uuid}", world.learners[0].enrolment.pk
    at("2017-06-20T15:00:00+08:00")
    for sent, words in (
        ({f"s-{pk}": "late", f"a-{pk}": "99:99", "then": "save"}, "14:05"), ({f"s-{pk}": "late", "then": "save"}, "到场时间"),
        ({f"s-{pk}": "asleep", "then": "save"}, "请为学员1选择"), ({"then": "dance"}, "请选择保存"),
        ({f"s-{10**15}": "present", "then": "save"}, "名单有变动"), ({"then": "confirm", "sure": "1"}, "还没有结束"),
        ({f"s-{n}": "present" for n in range(300)} | {"then": "save"}, "一次最多"),
    ):  # fmt: skip
        answer = manager.post(one, sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert not Attendance.objects.exists()
    # somebody else was faster: nothing is saved, and the page shows what they wrote
    manager.post(one, lines(world, "present", "present", then="save"))
    answer = browser(world.organiser).post(one, lines(world, "absent", "present", then="save"))
    assert answer.status_code == 422
    assert "另一位老师刚刚登记过：学员1" in answer.content.decode()
    moved = PLAN | {"then": "move", "begins": "23:00", "ends": "01:00", "day": "2017-06-21"}
    assert "已保存改动" in manager.post(f"{one}/plan", moved, follow=True).content.decode()
    session.refresh_from_db()
    assert session.ends_at - session.starts_at == timedelta(hours=2)
    tell_untold()
    assert set(Notice.objects.values_list("title", "body")) == {
        ("面授有变动：党史专题", "现在的安排：2017-06-21 23:00，青衫楼 301。")
    }
    assert "已取消" in manager.post(f"{one}/plan", {"then": "cancel"}, follow=True).content.decode()
    tell_untold()
    assert Notice.objects.filter(title="面授已取消：党史专题").count() == 2
    assert "不能再改" in text_of(manager, f"{one}/plan")


def test_a_long_sheet_comes_in_pages_with_the_same_statements(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world(1)
    session, manager, counts = planned(world), browser(world.manager), []
    monkeypatch.setattr(sheet, "ROWS", 2)
    at("2017-06-20T15:00:00+08:00")
    for many in (0, 2):
        for n in range(many):
            make_learner(world.cls, world.schools[0], f"学员{n + 2}", 300 + n)
        text_of(manager, f"{ALL}/{session.uuid}")
        with CaptureQueriesContext(connection) as queries:
            page = text_of(manager, f"{ALL}/{session.uuid}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(re.findall(r'name="s-\d+"', page)) == 2
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    rest = text_of(manager, f"{ALL}/{session.uuid}{following[1].replace('&amp;', '&')}")
    assert len(re.findall(r'name="s-\d+"', rest)) == 1
