"""「我的学时」 through the real intake and the real digest: sums to the ms, reasons, appeals and who decides them."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from factories.beats import post, wire_beat
from factories.worlds import At, World, small_world

from yanxiu.config import wiring
from yanxiu.core.time import clock
from yanxiu.engines.sqlite.credited import SqliteCreditedView
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.faces.learner.hours.rows import hours_of
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.study import ports, queries
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.intake.actions import accept
from yanxiu.study.intake.presence import Desk
from yanxiu.study.intake.sessions import Lesson as Studied
from yanxiu.study.intake.sessions import Terms, open_session
from yanxiu.study.models import Appeal, IntegrityFlag, UncountedCell

pytestmark = pytest.mark.django_db
ADDRESS = "/my/classes/small-2017/hours"
MINUTE, STEP = 60_000, 15_000
NINE = int(datetime.fromisoformat("2017-06-22T09:00:00+08:00").timestamp() * 1000)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    wiring.plug_engines()
    store = SqliteLedger(tmp_path / "ledger.sqlite3")
    monkeypatch.setattr(ports, "_plugged", [("test", lambda: store)])
    monkeypatch.setattr(ports, "_open", [store])
    monkeypatch.setattr(ports, "_view", [("test", SqliteCreditedView(tmp_path / "credited.sqlite3"))])
    yield store
    store.close()


@pytest.fixture
def world(at: At) -> World:
    made = small_world(1)
    at("2017-06-22T12:00:00+08:00")
    return made


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def watch(
    store: SqliteLedger, world: World, lesson: int, opened: int, minutes: int, policy: str = "standard@1"
) -> None:
    """Plays a lesson from its beginning to an empty chair."""
    learner, studied = world.learners[0], world.lessons[lesson]
    whose = Studied(
        learner.enrolment.pk, learner.person.pk, world.cls.pk, studied.pk, studied.version, studied.kind, 40 * MINUTE
    )
    _, token = open_session(whose, Terms(policy, 1.5, STEP, "Asia/Shanghai"), opened, settings.BEATS_KEY)
    desk = Desk(settings.BEATS_KEY)
    for seq in range(minutes * 4):
        received = opened + (seq + 1) * STEP + 100
        span = [
            seq * STEP,
            (seq + 1) * STEP,
            *((-1, -1) if studied.kind == "reading" else (seq * STEP, (seq + 1) * STEP)),
        ]
        status, _ = accept(post(token, wire_beat(seq, span)), received, settings.BEATS_KEY, store, desk=desk)
        assert status == 200


def spans_in(page: Any) -> list[int]:
    text = page.content.decode()
    return [int(part.split('"')[0]) for part in text.split('<data class="num nw" value="')[1:]]


def test_the_page_adds_up_to_the_ms_by_kind_by_lesson_and_by_day(world: World, ledger: SqliteLedger) -> None:
    watch(ledger, world, 0, NINE, 40)  # nobody there
    watch(ledger, world, 0, NINE + 45 * MINUTE, 4)  # four minutes of it again
    watch(ledger, world, 2, NINE + 60 * MINUTE, 6)  # no question is asked, and has its 90 seconds, within six minutes
    watch(ledger, world, 3, NINE + 15 * 60 * MINUTE - 2 * MINUTE, 4, "enaea-2017@1")  # over midnight
    digest_once()
    enrolment = world.learners[0].enrolment.pk
    credited = queries.credited_by_enrolment(world.cls.pk)[enrolment]
    lost = sum(queries.uncounted_by_reason(enrolment).values())
    assert (credited, lost) == (14 * MINUTE, 40 * MINUTE)
    page = browser(world.learners[0].viewer).get(ADDRESS)
    found = page.context["hours"]
    assert (found.credited_ms, found.lost_ms) == (credited, lost)
    assert sum(day.credited_ms for day in found.days) == credited
    assert sum(day.lost_ms for day in found.days) == lost
    assert sum(kind.credited_ms for kind in found.kinds) == credited
    assert sum(course.credited_ms for kind in found.kinds for course in kind.courses) == credited
    assert [day.day.isoformat() for day in found.days] == ["2017-06-23", "2017-06-22"]
    text = page.content.decode()
    assert "没有回应在场确认" in text
    assert "在场确认连续无人回应" in text
    assert spans_in(page)[:2] == [credited, lost]


def test_an_empty_page_says_what_to_do(world: World) -> None:
    text = browser(world.learners[0].viewer).get(ADDRESS).content.decode()
    assert "还没有学习记录" in text
    assert "没有申诉" in text


def test_less_than_a_second_is_summed_up_and_never_shown_as_a_loss() -> None:
    day = date(2017, 6, 22)
    for ms, shown in ((999, False), (1_000, True)):
        found = hours_of([], [(1, day, 60_000)], [(1, day, "replay", ms)], [])
        (lesson,) = found.days[0].lessons
        assert found.lost_ms == ms
        assert [found.shows_loss, found.days[0].shows_loss, lesson.shows_loss, lesson.spans[0].is_shown] == [shown] * 4


def appealed(world: World, ledger: SqliteLedger, **change: str) -> Any:
    form = {"lesson": str(world.lessons[0].pk), "day": "2017-06-22", "reason": "unproven", "text": "在做笔记，没看到。"}
    return browser(world.learners[0].viewer).post(f"{ADDRESS}/appeals", form | change)


def decide(viewer: Viewer, appeal: Appeal, then: str, answer: str = "查过记录，情况属实。") -> Any:
    address = f"/staff/classes/small-2017/hours/appeals/{appeal.pk}"
    return browser(viewer).post(address, {"then": then, "answer": answer})


def test_an_appeal_upheld_by_two_people_counts_the_time_and_says_who_decided(
    world: World, ledger: SqliteLedger
) -> None:
    watch(ledger, world, 0, NINE, 40)
    digest_once()
    enrolment = world.learners[0].enrolment.pk
    assert queries.credited_by_enrolment(world.cls.pk) == {}
    shown = browser(world.learners[0].viewer).get(
        f"{ADDRESS}?lesson={world.lessons[0].pk}&day=2017-06-22&reason=unproven"
    )
    assert shown.context["wanted"]["span"].lost.ms == 40 * MINUTE
    assert appealed(world, ledger).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.uncounted_ms) == ("open", 40 * MINUTE)
    assert "在做笔记" in browser(world.manager).get("/staff/classes/small-2017/hours").content.decode()
    assert decide(world.manager, appeal, "propose").status_code == 302
    assert decide(world.manager, appeal, "confirm").status_code == 422  # not by the same person
    assert ledger.persons(0, 10**9) == [world.learners[0].person.pk]
    assert decide(world.tutor, appeal, "confirm").status_code == 302
    assert decide(world.organiser, appeal, "confirm").status_code == 422  # decided already
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by, appeal.second) == (
        "upheld",
        world.manager.person_id,
        world.tutor.person_id,
    )
    digest_once()
    assert queries.credited_by_enrolment(world.cls.pk) == {enrolment: 40 * MINUTE}
    text = browser(world.learners[0].viewer).get(ADDRESS).content.decode()
    assert "周班主 同意、郑辅导 复核" in text
    history = AuditEntry.objects.filter(object_type="appeal").order_by("position").values_list("action", flat=True)
    assert list(history) == ["make_appeal", "propose_appeal", "confirm_appeal"]
    assert AuditEntry.objects.get(action="grant_study").details["position"] == appeal.position
    assert [entry.kind for entry in ledger.entries(appeal.position - 1, 1)] == ["correction"]


def test_an_appeal_rejected_is_answered_with_words_and_may_be_made_again(world: World, ledger: SqliteLedger) -> None:
    watch(ledger, world, 0, NINE, 40)
    digest_once()
    appealed(world, ledger)
    appeal = Appeal.objects.get()
    assert decide(world.manager, appeal, "reject", "").status_code == 422
    assert decide(world.tutor, appeal, "reject").status_code == 422  # a tutor does not manage
    assert decide(world.manager, appeal, "reject", "记录显示无人。").status_code == 302
    text = browser(world.learners[0].viewer).get(ADDRESS).content.decode()
    assert "记录显示无人。" in text
    assert "周班主" in text
    digest_once()
    assert queries.credited_by_enrolment(world.cls.pk) == {}
    assert appealed(world, ledger).status_code == 302


def test_bad_appeals_are_refused_and_nothing_is_written(world: World, ledger: SqliteLedger) -> None:
    watch(ledger, world, 0, NINE, 40)
    digest_once()
    for change in (
        {"text": ""}, {"text": "长" * 1001}, {"day": "2017-02-30"}, {"day": "昨天"}, {"lesson": "一"}, {"lesson": "9" * 30},
        {"reason": "replay"}, {"reason": ""}, {"day": "2017-06-21"}, {"lesson": str(world.lessons[1].pk)},
    ):  # fmt: skip
        assert appealed(world, ledger, **change).status_code == 422, change
    assert Appeal.objects.count() == 0
    assert appealed(world, ledger).status_code == 302
    again = appealed(world, ledger)
    assert (again.status_code, Appeal.objects.count()) == (422, 1)
    assert "已经申诉过" in again.content.decode()


def test_an_appeal_is_withdrawn_by_its_learner_only_and_only_while_nothing_is_decided(
    world: World, ledger: SqliteLedger
) -> None:
    watch(ledger, world, 0, NINE, 40)
    digest_once()
    appealed(world, ledger)
    appeal = Appeal.objects.get()
    address = f"{ADDRESS}/appeals/{appeal.pk}/withdraw"
    assert browser(world.manager).post(address).status_code == 403
    assert browser(world.other_learner.viewer).post(address).status_code == 404
    assert browser(world.learners[0].viewer).post(address).status_code == 302
    assert browser(world.learners[0].viewer).post(address).status_code == 422
    assert browser(world.learners[0].viewer).post(f"{ADDRESS}/appeals/{2**62}/withdraw").status_code == 404


def test_a_replay_can_be_appealed_but_not_upheld(world: World, ledger: SqliteLedger) -> None:
    learner = world.learners[0]
    UncountedCell.objects.create(
        class_id=world.cls.pk, enrolment_id=learner.enrolment.pk, person_id=learner.person.pk,
        lesson_id=world.lessons[0].pk, day="2017-06-22", reason="replay", uncounted_ms=5,
    )  # fmt: skip
    appealed(world, ledger, reason="replay")
    refused = decide(world.manager, Appeal.objects.get(), "propose")
    assert (refused.status_code, ledger.head()[0]) == (422, 0)
    assert "按规则不能改为计入" in refused.content.decode()


def test_a_flag_is_shown_to_both_and_changes_nothing_and_is_one_however_often_it_is_computed(
    world: World, ledger: SqliteLedger
) -> None:
    watch(ledger, world, 0, NINE, 40)
    digest_once()
    first = IntegrityFlag.objects.get()
    credited = queries.credited_by_enrolment(world.cls.pk)
    watch(ledger, world, 2, NINE + 45 * MINUTE, 2)
    digest_once()
    assert IntegrityFlag.objects.get().pk == first.pk
    IntegrityFlag.objects.all().delete()
    assert queries.credited_by_enrolment(world.cls.pk) == credited | {world.learners[0].enrolment.pk: 2 * MINUTE}
    watch(ledger, world, 2, NINE + 50 * MINUTE, 1)
    digest_once()
    assert IntegrityFlag.objects.count() == 1
    page = browser(world.manager).get("/staff/classes/small-2017/hours/flags?kind=unanswered").content.decode()
    assert "学员1" in page
    assert "在场确认" in page
    assert browser(world.manager).get("/staff/classes/small-2017/hours/flags?kind=' or 1").status_code == 200


@pytest.mark.parametrize("days", [1, 3])
def test_statements_do_not_grow_with_days(
    world: World, ledger: SqliteLedger, days: int, django_assert_max_num_queries: Any
) -> None:
    for day in range(days):
        watch(ledger, world, 2 * (day % 2), NINE - day * 24 * 60 * MINUTE, 3)
    digest_once()
    client, staff = browser(world.learners[0].viewer), browser(world.manager)
    client.get(ADDRESS)
    with django_assert_max_num_queries(40):
        client.get(ADDRESS)
    staff.get("/staff/classes/small-2017/hours")
    with django_assert_max_num_queries(20):
        staff.get("/staff/classes/small-2017/hours")


def test_the_answer_to_a_beat_says_what_is_counted_as_the_ledger_has_it(world: World, ledger: SqliteLedger) -> None:
    learner, lesson = world.learners[0], world.lessons[0]
    whose = Studied(learner.enrolment.pk, learner.person.pk, world.cls.pk, lesson.pk, 1, "video", 40 * MINUTE)
    _, token = open_session(whose, Terms("standard@1", 1.5, STEP, "Asia/Shanghai"), NINE, settings.BEATS_KEY)

    def ask(at_ms: int, *beats: Any) -> dict[str, Any]:
        body = json.dumps({"token": token, "beats": beats, "want": "credited"}).encode()
        view = ports.credited_view()
        answer: dict[str, Any] = json.loads(accept(body, at_ms, settings.BEATS_KEY, ledger, view=view)[1])
        return answer

    assert "credited" not in ask(NINE + STEP + 100, wire_beat(0))
    stored = ask(NINE + 2 * STEP + 100, wire_beat(1))
    digest_once()
    said = ask(NINE + 2 * STEP + 3_000)["credited"]
    assert said == {"lesson": 2 * STEP, "today": 2 * STEP, "class": 2 * STEP, "as_of": stored["as_of"]}
    assert said["class"] == queries.credited_by_enrolment(world.cls.pk)[learner.enrolment.pk]
    tomorrow = ask(NINE + 24 * 60 * MINUTE)["credited"]
    assert (tomorrow["today"], tomorrow["class"]) == (0, 2 * STEP)
    assert clock.to_ms(clock.now()) > NINE
