"""修改班级 in the browser: what the state allows, what a change of the rules would do, and who was faster."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.worlds import At, World, small_world

from yanxiu.kit.models import AuditEntry
from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.setting.models import RuleChange
from yanxiu.record.assessment.setting.trial import trial
from yanxiu.study.policies.queries import policy_of_class
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.inbox.queries import own_notices
from yanxiu.training.outcomes import actions as outcomes

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def plan(world: World, **change: str) -> dict[str, str]:
    cls = TrainingClass.objects.get(pk=world.cls.pk)
    return {
        "edition": str(cls.edition), "name": cls.name, "short_name": cls.short_name, "session_no": str(cls.session_no),
        "starts_on": cls.starts_on.isoformat(), "ends_on": cls.ends_on.isoformat(), "zone": cls.zone,
    } | change  # fmt: skip


def rules(world: World, **change: str) -> dict[str, str]:
    edition = TrainingClass.objects.get(pk=world.cls.pk).edition
    return {
        "edition": str(edition), "scheme": "xnai-b@1", "policy": policy_of_class(world.cls.pk).id, "reason": "方案印错了",
    } | change  # fmt: skip


def test_the_end_of_a_running_class_is_moved_and_its_start_is_not(at: At) -> None:
    world = small_world(1)
    organiser, page = browser(world.organiser), reverse("staff:setup_edit", args=[world.cls.key])
    assert "修改班级" in organiser.get(reverse("staff:setup", args=[world.cls.key])).content.decode()
    assert organiser.post(page, plan(world, ends_on="2017-07-28")).headers["Location"] == f"{page}?done=plan"
    for change in ({"starts_on": "2017-06-01"}, {"ends_on": "2017-07-01"}, {"zone": "Asia/Urumqi"}, {"name": ""}):
        assert organiser.post(page, plan(world, **change)).status_code == 422
    world.cls.refresh_from_db()
    assert (str(world.cls.starts_on), str(world.cls.ends_on)) == ("2017-06-10", "2017-07-28")
    tell_untold()
    (notice,) = own_notices(world.learners[0].viewer).rows
    assert (notice.title, "结束日期从 2017-07-21 改为 2017-07-28 24:00" in notice.body) == ("三门峡小班延期", True)


def test_the_second_of_two_managers_is_told_who_changed_what_and_keeps_what_was_typed(at: At) -> None:
    world = small_world(0)
    organiser, page = browser(world.organiser), reverse("staff:setup_edit", args=[world.cls.key])
    mine, theirs = plan(world, name="我改的名字"), plan(world, name="先改的名字")
    assert organiser.post(page, theirs).status_code == 302
    answer = organiser.post(page, mine)
    text = answer.content.decode()
    assert (answer.status_code, "陈组织 在 2017-06-10 08:00 先改过本班" in text) == (409, True)
    assert ("班级名称现在是“先改的名字”" in text, 'value="我改的名字"' in text) == (True, True)
    assert organiser.post(page, plan(world, name="我改的名字")).status_code == 302  # with the new edition


def test_other_rules_are_tried_first_then_confirmed_with_a_reason_and_kept(at: At) -> None:
    world = small_world(3)
    at("2017-06-20T09:00:00+08:00")
    draft = outcomes.save_outcome_draft(
        world.learners[0].viewer, world.learners[0].enrolment, title="做法", body="写" * 30
    )
    outcomes.submit_outcome(world.learners[0].viewer, draft)
    organiser, address = browser(world.organiser), reverse("staff:setup_rules", args=[world.cls.key])
    assert organiser.post(address, rules(world, reason="")).status_code == 422  # people have been told of the old ones
    wanted = rules(world, scheme="points-100@1")
    shown = organiser.post(address, wanted)
    text = shown.content.decode()
    assert (shown.status_code, "按现有记录重算 3 名学员：0 人结论变好，0 人结论变差，1 人只是分数变化" in text) == (
        200,
        True,
    )
    assert RuleChange.objects.count() == 0
    assert organiser.post(address, wanted | {"confirmed": "3.9.9.9"}).status_code == 409  # seen something else
    done = organiser.post(address, wanted | {"confirmed": "3.0.0.1"})
    assert done.status_code == 302
    world.cls.refresh_from_db()
    assert world.cls.scheme_id == "points-100@1"
    kept = RuleChange.objects.get()
    assert (kept.scheme_before, kept.reason, kept.learners, kept.moved) == ("seed-2017@1", "方案印错了", 3, 1)
    entry = AuditEntry.objects.get(action="change_rules")
    assert (entry.details["scheme_before"], entry.details["scheme"]) == ("seed-2017@1", "points-100@1")
    assert "方案印错了" in organiser.get(done.headers["Location"]).content.decode()
    tell_untold()
    notice = own_notices(world.learners[1].viewer).rows[0]
    assert (notice.title, notice.body[:9]) == ("三门峡小班的考核规则有调整", "原因：方案印错了。")
    again = organiser.post(address, rules(world, scheme="points-100@1", confirmed="3.0.0.0"))
    assert (again.status_code, RuleChange.objects.count()) == (302, 1)  # twice changes nothing


def test_another_policy_holds_from_now_on_and_a_stale_page_changes_no_rules(at: At) -> None:
    world = small_world(1)
    organiser, address = browser(world.organiser), reverse("staff:setup_rules", args=[world.cls.key])
    with CaptureQueriesContext(connection) as asked:
        assert trial(world.cls, world.cls.scheme_id).mark == "1.0.0.0"
    assert sum(each["sql"].startswith("SELECT") for each in asked) == 1  # nobody is judged for it
    old = rules(world, scheme=world.cls.scheme_id, policy="enaea-2017@1")
    text = organiser.post(address, old).content.decode()
    assert "1 名学员确认以后新开的学习按新政策计时；已经记录的学时不变。" in text
    browser(world.organiser).post(reverse("staff:setup_edit", args=[world.cls.key]), plan(world, name="改过了"))
    assert organiser.post(address, old | {"confirmed": "1.0.0.0"}).status_code == 409
    fresh = rules(world, scheme=world.cls.scheme_id, policy="enaea-2017@1", confirmed="1.0.0.0")
    assert organiser.post(address, fresh).status_code == 302
    assert policy_of_class(world.cls.pk).id == "enaea-2017@1"


@pytest.mark.parametrize("change", [{"scheme": "none@1"}, {"policy": "x"}, {"reason": "长" * 201}, {"edition": "-5"}])
def test_rules_that_cannot_be_are_refused(at: At, change: dict[str, str]) -> None:
    world = small_world(0)
    address = reverse("staff:setup_rules", args=[world.cls.key])
    assert browser(world.organiser).post(address, rules(world, **change)).status_code == 422


def test_nothing_of_a_frozen_class_can_be_changed(at: At) -> None:
    world = small_world(0)
    freeze_class(world.manager, world.cls, ledger_position=0)
    organiser = browser(world.organiser)
    page = organiser.get(reverse("staff:setup_edit", args=[world.cls.key])).content.decode()
    assert "本班已冻结，班级信息、考核方案和学时政策都不能再改" in page
    sent = organiser.post(reverse("staff:setup_edit", args=[world.cls.key]), plan(world, name="改"))
    assert (sent.status_code, organiser.post(
        reverse("staff:setup_rules", args=[world.cls.key]), rules(world, confirmed="0.0.0.0")
    ).status_code) == (409, 409)  # fmt: skip
