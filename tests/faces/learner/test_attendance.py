"""面授 on the learner's pages: a class that only meets in person, from the first invitation to what was attended."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from faces.learner.test_home import browser, has, page
from factories.attendance import own_ledger, planned
from factories.passing import freeze
from factories.worlds import At, World, small_world

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.core.time import clock
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.kit.telling import tell_untold
from yanxiu.record.assessment.queries import outlook
from yanxiu.record.assessment.reminders import remind_of_deadlines
from yanxiu.study.digest.actions import digest_once
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.attendance.codes import shown_code
from yanxiu.training.participation.attendance.confirming import confirm_sheet
from yanxiu.training.participation.attendance.marking import Mark, save_marks
from yanxiu.training.participation.attendance.models import InPersonSession

pytestmark = pytest.mark.django_db
ADDRESS = "/my/classes/small-2017"
AFTER = "2017-06-20T16:00:00+08:00"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    with own_ledger(tmp_path, monkeypatch) as store:
        yield store


def in_person(learners: int = 1) -> World:
    """A class without a lesson on a screen, under the scheme that weighs attendance."""
    world = small_world(learners)
    world.cls.curriculum.all().delete()
    world.cls.scheme_id = "party-school-13@1"
    world.cls.save()
    return world


def confirm(world: World, at: At, session: InPersonSession, *states: str, after: str = AFTER) -> None:
    at(after)
    marks = {one.enrolment.pk: (None, Mark(state)) for one, state in zip(world.learners, states, strict=True)}
    save_marks(world.manager, session, marks)
    confirm_sheet(world.manager, session)
    digest_once()


def test_a_class_in_person_from_the_next_session_to_what_was_attended(at: At, ledger: SqliteLedger) -> None:
    world = in_person()
    first, second = planned(world), planned(world, "2017-06-27 09:00", title="师德专题")
    at("2017-06-19T09:00:00+08:00")
    text = page(world)
    has(
        text, "学员1，下一次面授：明天 14:00", "地点：青衫楼 301", "面授：党史专题", "6月20日 星期二 14:00—16:00 · 青衫楼 301",
        "面授与考勤", "看时间地点和签到办法",
    )  # fmt: skip
    assert "继续学习" not in text
    assert "本班以线下培训为主" not in text
    assert remind_of_deadlines() == 1
    assert remind_of_deadlines() == 0
    tell_untold()
    told = Notice.objects.get()
    assert (told.title, told.body, told.place) == (
        "面授：党史专题", "6月20日 14:00，青衫楼 301。", f"attendance/{first.uuid}",
    )  # fmt: skip
    has(page(world, f"{ADDRESS}/schedule"), "面授：师德专题", "6月27日 09:00—6月27日 11:00")
    ics = browser(world.learners[0].viewer).get(f"{ADDRESS}/schedule.ics").content.decode()
    has(ics, "LOCATION:青衫楼 301", "DTSTART:20170620T060000Z")
    has(page(world, f"{ADDRESS}/lessons"), "本班没有网上课程", "见“面授与考勤”")
    has(page(world, f"{ADDRESS}/attendance/{first.uuid}"), "明天 14:00", "开始前 30 分钟起可以签到")
    at("2017-06-20T13:50:00+08:00")
    has(page(world), "学员1，面授现在签到", "去签到", "现在可以签到")
    confirm(world, at, first, "present")
    at("2017-06-21T09:00:00+08:00")
    has(page(world), "下一次面授：6月27日 星期二 09:00", '<span class="tag num ok">')
    confirm(world, at, second, "absent", after="2017-06-27T11:00:00+08:00")
    has(
        page(world, f"{ADDRESS}/attendance"),
        "已确认 2 次：到 1 次，请假 0 次，缺勤 1 次；面授学时计入",
        'value="7200000"',
    )
    at("2017-07-22T09:00:00+08:00")
    has(page(world), "本班学习时间已过", "面授 2 次：到 1 次，请假 0 次，缺勤 1 次。")
    freeze(world, at)
    has(page(world), "本班已经结束", "面授 2 次：到 1 次")


def test_checking_in_on_the_page_by_hand_and_by_qr_code(at: At, ledger: SqliteLedger) -> None:
    world = in_person()
    session, client = planned(world), browser(world.learners[0].viewer)
    address = f"{ADDRESS}/attendance/{session.uuid}"
    at("2017-06-20T14:01:00+08:00")
    shown = shown_code(session).code
    assert re.search(rf'name="code" value="{shown}"', client.get(f"{address}?code={shown}").content.decode())
    wrong = client.post(address, {"code": "x"})
    assert wrong.status_code == 422
    has(wrong.content.decode(), "签到码不对或已经更换", 'aria-invalid="true"')
    done = client.post(address, {"code": shown}, follow=True).content.decode()
    has(done, "签到成功", "已签到", "14:01")
    assert 'name="code"' not in done
    has(page(world), "等班主任确认考勤")
    at(AFTER)
    has(page(world, address), "班主任确认考勤以后")
    assert browser(world.other_learner.viewer).post(address, {"code": shown}).status_code == 404


def test_my_hours_tell_the_room_from_the_screen_and_why_one_instant_counts_once(at: At, ledger: SqliteLedger) -> None:
    world = small_world(1)
    session, learner = planned(world), world.learners[0]
    opened = clock.to_ms(session.starts_at) - 5 * 60_000
    facts = SessionFacts(
        "s", learner.enrolment.pk, learner.person.pk, world.cls.pk, world.lessons[0].pk, 1, "video", 40 * 60_000,
        "enaea-2017@1", 1.0, 30_000, "Asia/Shanghai", opened, opened + 10**9,
    )  # fmt: skip
    for n in range(20):
        span = MediaSpan(n * 30_000, (n + 1) * 30_000, n * 30_000, (n + 1) * 30_000)
        ledger.append(facts, [Beat(n, (span,))], opened + (n + 1) * 30_000)
    confirm(world, at, session, "present")
    text = page(world, f"{ADDRESS}/hours")
    has(text, "同时在参加面授", "考勤记您在面授现场")
    has(
        text, 'value="7500000"', 'value="7200000"', "其中面授", "reason=in_person"
    )  # 125 minutes, 120 of them in the room


def test_attendance_and_absences_are_real_numbers_for_the_scheme(at: At, ledger: SqliteLedger) -> None:
    world = in_person(3)
    sessions = [planned(world, f"2017-06-{20 + n} 14:00", title=f"第{n}讲") for n in range(4)]
    planned(world, "2017-06-24 09:00", title="自愿参加", kind="elective")
    for n, session in enumerate(sessions[:3]):
        states = ("present", "absent" if n else "late", "leave")
        if n == 0:
            states = ("present", "present", "leave")
        confirm(world, at, session, *states, after=f"2017-06-{20 + n}T16:00:00+08:00")
    found = [outlook(world.cls, one.enrolment.pk) for one in world.learners]
    lines = [{line.key: (line.have, line.need) for line in out.lines} for out in found if out]
    # 4 sessions are asked of everybody: 20 points ÷ 4 each; two absences are out; leave is neither
    assert [line["attendance"] for line in lines] == [(3, 4), (1, 4), (0, 4)]
    assert [line["absences"] for line in lines] == [(0, 1), (2, 1), (0, 1)]
    points = [{r.code: r.values for r in out.verdict.reasons}["attendance:points"]["points"] for out in found if out]
    assert points == [15, 5, 0]
    assert found[1] is not None
    assert "缺勤：2 次，超过允许的 1 次。" in {r.text for r in found[1].verdict.reasons}
    codes = [set(out.chances) for out in found if out]
    assert f"session:{sessions[3].pk}" in codes[0]
    assert found[0] is not None
    offered = found[0].chances["thought_report"].offer.facts  # two of a length that counts are asked for
    assert [fact.characters for fact in offered] == [2500, 2500]


def test_pages_take_the_same_statements_for_one_session_and_for_three(at: At, ledger: SqliteLedger) -> None:
    world = small_world(1)
    client, counts = browser(world.learners[0].viewer), []
    for days in ((20,), (21, 22)):
        for day in days:
            confirm(world, at, planned(world, f"2017-06-{day} 14:00"), "present", after="2017-06-25T09:00:00+08:00")
        found = []
        client.get(ADDRESS)
        for address in (ADDRESS, f"{ADDRESS}/attendance", f"{ADDRESS}/hours"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
