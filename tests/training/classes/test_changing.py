"""What of a class may be changed in which state; who is told that somebody else was faster; nothing lost in parallel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes.actions import allot_quota, change_class
from yanxiu.training.classes.editing.queries import plan_of
from yanxiu.training.classes.editing.rules import Plan, leeway, require_changes
from yanxiu.training.classes.models import QuotaAllocation, TrainingClass

PLAN = Plan("一班", "一班", 1, date(2017, 6, 10), date(2017, 7, 21), "Asia/Shanghai")
OTHER = {
    "name": "二班", "short_name": "二班", "session_no": 2, "starts_on": date(2017, 6, 11), "zone": "Asia/Urumqi",
    "later": date(2017, 7, 31), "sooner": date(2017, 7, 20),
}  # fmt: skip


def code_of(act: Callable[[], object]) -> str:
    """Of its refusal, "" where it was done."""
    try:
        act()
    except Refused as refused:
        return refused.code if "。" in refused.message else "says nothing"
    return ""


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("draft", "name short_name session_no starts_on zone later sooner"),
        ("approved", "name short_name session_no later"),
        ("enrolling", "name short_name session_no later"),
        ("running", "name short_name session_no later"),
        ("makeup", "name short_name session_no"),
        ("frozen", ""),
        ("reported", ""),
        ("archived", ""),
    ],
)
def test_each_state_allows_exactly_its_changes(state: str, may: str) -> None:
    def after(what: str) -> Plan:
        field = "ends_on" if what in {"later", "sooner"} else what
        return replace(PLAN, **{field: OTHER[what]})  # type: ignore[arg-type]  # one field of several types

    allowed = [what for what in OTHER if not code_of(lambda w=what: require_changes(state, PLAN, after(w)))]
    assert allowed == [what for what in OTHER if what in may.split()]
    assert leeway(state).rules == (
        "freely" if state == "draft" else "never" if state in {"frozen", "reported", "archived"} else "with_reason"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": date(2017, 6, 9)}, "bad_dates"),
        ({"ends_on": date(2999, 12, 31)}, "bad_dates"),
        ({"zone": "Mars/Olympus"}, "bad_zone"),
        ({"zone": "../etc/passwd"}, "bad_zone"),
        ({"zone": "america"}, "bad_zone"),
    ],
)
def test_dates_and_zones_nobody_means_are_refused(change: dict[str, object], code: str) -> None:
    assert code_of(lambda: require_changes("draft", PLAN, replace(PLAN, **change))) == code  # type: ignore[arg-type]  # as above


def test_a_class_longer_than_is_allowed_now_is_still_renamed() -> None:
    old = replace(PLAN, starts_on=date(2012, 1, 1))
    assert require_changes("running", old, replace(old, name="二班")) == {"name"}
    assert code_of(lambda: require_changes("running", old, replace(old, ends_on=date(2017, 8, 1)))) == "bad_dates"


@pytest.mark.django_db
def test_a_change_is_audited_with_what_was_and_what_is(at: At) -> None:
    world = small_world(0)
    world.cls.refresh_from_db()  # seats have been allotted since
    plan = replace(plan_of(world.cls), name="改名以后的班", ends_on=date(2017, 7, 28))
    changed = change_class(world.organiser, world.cls, edition=world.cls.edition, plan=plan)
    assert (changed.name, changed.ends_on) == ("改名以后的班", date(2017, 7, 28))
    entry = AuditEntry.objects.latest("position")
    assert (entry.action, entry.details["before"], entry.details["after"]) == (
        "change_class",
        {"ends_on": "2017-07-21", "name": "三门峡小班"},
        {"ends_on": "2017-07-28", "name": "改名以后的班"},
    )
    before = AuditEntry.objects.count()
    change_class(
        world.organiser, changed, edition=0, plan=plan
    )  # the same again: nothing to overwrite, nothing to tell
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db
def test_only_organisers_of_its_region_change_a_class(at: At) -> None:
    world = small_world(1)
    plan = replace(plan_of(world.cls), name="别人的班")
    for viewer in (world.manager, world.tutor, world.auditor, world.learners[0].viewer):
        assert code_of(lambda v=viewer: change_class(v, world.cls, edition=0, plan=plan)) == "not_allowed"
    for viewer in (world.other_organiser, world.stranger):
        with pytest.raises(NotVisible):
            change_class(viewer, world.cls, edition=0, plan=plan)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"name": ""}, {"name": "长" * 121}, {"short_name": " "}, {"session_no": 0}])
def test_words_that_are_missing_or_too_long_are_refused(at: At, change: dict[str, object]) -> None:
    world = small_world(0)
    plan = replace(plan_of(world.cls), **change)  # type: ignore[arg-type]  # as above
    assert code_of(
        lambda: change_class(world.organiser, world.cls, edition=world.cls.edition, plan=plan)
    ) in {"empty", "too_long", "bad_number"}  # fmt: skip


@pytest.mark.django_db
def test_seats_changed_meanwhile_are_not_overwritten(at: At) -> None:
    world = small_world(1)
    cls = TrainingClass.objects.get(pk=world.cls.pk)
    seen, school = cls.edition, world.schools[0]
    allot_quota(world.organiser, cls, org=school, seats=30, edition=seen)
    assert code_of(lambda: allot_quota(world.manager, cls, org=school, seats=20, edition=seen)) == "conflict"
    assert QuotaAllocation.objects.get(training_class=cls, nominating_org=school).seats == 30
    allot_quota(world.manager, cls, org=school, seats=30, edition=seen)  # what is there already is no conflict


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told_who_was_faster(at: At, database_file: Path) -> None:
    world = small_world(0)
    cls = TrainingClass.objects.get(pk=world.cls.pk)
    start, said = Barrier(2), []

    def save(name: str) -> None:
        try:
            start.wait(10)
            plan = replace(plan_of(cls), name=name)
            said.append(code_of(lambda: change_class(world.organiser, cls, edition=cls.edition, plan=plan)))
        finally:
            connection.close()

    threads = [Thread(target=save, args=(name,)) for name in ("甲改的班", "乙改的班")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["", "conflict"]
    cls.refresh_from_db()
    assert cls.name in {"甲改的班", "乙改的班"}
