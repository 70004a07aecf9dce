"""From draft to frozen: two people, one transaction, evidence stored with the figures."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories.worlds import At, World, small_world
from record.reporting import NARRATIVE, drafted, frozen, studied_class, study

from yanxiu.config.wiring import plug_engines
from yanxiu.core.evidence import from_canonical
from yanxiu.core.figures import FigureDefinition, measure
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import SYSTEM
from yanxiu.record.reports import signing
from yanxiu.record.reports.actions import (
    correct_report,
    draft_report,
    freeze_report,
    return_report,
    save_narrative,
    send_to_review,
)
from yanxiu.record.reports.models import FrozenFigure, Report
from yanxiu.record.reports.queries import drift, live_doc, report_of, reports_of, verify_report
from yanxiu.record.reports.tree import visible_text
from yanxiu.study import ports
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.models import CreditCell
from yanxiu.training.classes.actions import allot_quota, freeze_class
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield
    ports.unplug()


@pytest.fixture
def studied(at: At, ledger: None) -> tuple[World, Post]:
    return studied_class(at)


def refusal(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_frozen_report_prints_signs_and_keeps_its_evidence(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = frozen(world, post)
    assert report.state == "frozen"
    assert (report.drafted_by_id, report.signed_by_id) == (world.manager.person_id, world.organiser.person_id)
    text = "".join(visible_text(live_doc(report)))
    assert "2017年6月10日开班，注册人数3人，必修课总时长10分钟，平均5分钟。" in text
    assert "学员1写道：“从身边的事讲起”" in text
    assert signing.is_signed(report.digest, report.signature)
    figures = list(FrozenFigure.objects.filter(report=report).order_by("pk"))
    assert len(figures) == 15
    for figure in figures:
        rows = from_canonical(zlib.decompress(bytes(figure.evidence)))
        number = measure(FigureDefinition(**figure.definition), rows)
        assert (figure.display, figure.evidence_count) == ("—" if number is None else str(number), len(rows))
    world.cls.refresh_from_db()
    assert world.cls.state == TrainingClass.State.FROZEN
    assert (report.audit_position, report.ledger_position) == (
        world.cls.frozen_audit_position,
        world.cls.frozen_ledger_position,
    )


def test_a_frozen_report_verifies_from_the_ledger_and_the_state_history(studied: tuple[World, Post]) -> None:
    found = verify_report(frozen(*studied))
    assert found.differences == ()
    assert (found.figures, found.is_sound) == (15, True)


def test_a_class_frozen_before_its_report_gives_the_same_figures(studied: tuple[World, Post], at: At) -> None:
    world, post = studied
    world.cls = freeze_class(world.organiser, world.cls, ledger_position=ports.ledger().head()[0])
    study(world, world.learners[2], 7, at, "2017-07-25T09:00:00+08:00")  # too late for this report
    digest_once()
    report = frozen(world, post)
    displays = dict(report.figures.values_list("key", "display"))
    assert (displays["compulsory_minutes"], displays["mean_minutes"]) == ("10", "5")
    assert verify_report(report).is_sound


def test_whoever_wrote_any_of_it_cannot_sign_it(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = drafted(world, post)
    save_narrative(world.organiser, report, narrative=NARRATIVE + "\n完。\n")
    report = send_to_review(world.manager, report)
    for viewer in (world.manager, world.organiser):
        with refusal("same_person"):
            freeze_report(viewer, report)
    report.refresh_from_db()
    assert (report.state, FrozenFigure.objects.count()) == ("review", 0)


def test_only_managers_and_organisers_work_on_a_report(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = drafted(world, post)
    for viewer in (world.tutor, world.auditor, world.learners[0].viewer):
        with refusal("not_allowed"):
            send_to_review(viewer, report)
    for viewer in (world.stranger, world.other_manager, world.other_organiser):
        with pytest.raises(NotVisible):
            send_to_review(viewer, report)
        with pytest.raises(NotVisible):
            report_of(viewer, world.cls)
    with refusal("not_allowed"):
        send_to_review(SYSTEM, report)
    assert report_of(world.auditor, world.cls).pk == report.pk


def test_a_report_moves_only_along_its_states(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = drafted(world, post)
    with refusal("wrong_state"):
        freeze_report(world.organiser, report)
    send_to_review(world.manager, report)
    with refusal("wrong_state"):
        save_narrative(world.manager, report, note="x")
    return_report(world.organiser, report)
    send_to_review(world.manager, report)
    freeze_report(world.organiser, report)
    for action in (send_to_review, return_report, freeze_report):
        with refusal("wrong_state"):
            action(world.organiser, report)
    entries = audit.AuditEntry.objects.filter(object_type="report").order_by("position")
    assert [entry.to_state for entry in entries] == ["draft", "review", "draft", "review", "frozen"]


def test_a_broken_invariant_is_named_and_nothing_is_frozen(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = send_to_review(world.manager, drafted(world, post))
    cell = CreditCell.objects.first()
    assert cell is not None
    CreditCell.objects.filter(pk=cell.pk).update(lesson_id=99_999)  # credit in a lesson the class does not have
    with refusal("invariant:ledger_identity"):
        freeze_report(world.organiser, report)
    report.refresh_from_db()
    world.cls.refresh_from_db()
    assert (report.state, world.cls.state, FrozenFigure.objects.count()) == ("review", "running", 0)


def test_more_learners_than_seats_need_a_reasoned_note(studied: tuple[World, Post]) -> None:
    world, post = studied
    for school, seats in zip(world.schools, (1, 1, 0), strict=True):
        allot_quota(world.organiser, world.cls, org=school, seats=seats)
    report = send_to_review(world.manager, drafted(world, post))
    with refusal("invariant:registration_rate_above_100"):
        freeze_report(world.organiser, report)
    return_report(world.organiser, report)
    save_narrative(world.manager, report, note="县局追加一人，已报市局同意。")
    report = freeze_report(world.organiser, send_to_review(world.manager, report))
    assert report.figures.get(key="registration_rate").display == "150"


def test_an_empty_class_is_not_reported(at: At) -> None:
    world = small_world(learners=0)
    report = draft_report(
        world.manager, world.cls, template="jianbao", narrative="# 空\n\n注册{{ registered_count }}。"
    )
    with refusal("empty_class"):
        freeze_report(world.organiser, send_to_review(world.manager, report))


def test_a_number_typed_by_hand_needs_a_reason(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = send_to_review(world.manager, drafted(world, post, NARRATIVE + "\n组织了12场活动。\n"))
    with refusal("hand_typed"):
        freeze_report(world.organiser, report)


def test_a_second_draft_of_a_class_is_refused(studied: tuple[World, Post]) -> None:
    drafted(*studied)
    with refusal("report_exists"):
        drafted(*studied)
    assert Report.objects.count() == 1


def test_later_changes_show_as_drift_beside_a_text_that_stays(studied: tuple[World, Post], at: At) -> None:
    world, post = studied
    report = frozen(world, post)
    assert drift(report) == []
    before = live_doc(report)
    at("2017-08-01T09:00:00+08:00")
    discussion.remove_post(world.tutor, post, reason="作者要求")
    [one] = drift(report)
    assert (one.key, one.frozen, one.now, one.rows_added, one.rows_gone) == ("discussion_posters", "1", "0", 0, 1)
    assert [(change.action, change.object_id) for change in one.changes] == [("remove_post", post.pk)]
    assert live_doc(report) == before
    assert verify_report(report).is_sound  # as of the freeze, the post was there


def test_verify_names_a_changed_record(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = frozen(world, post)
    Post.objects.filter(pk=post.pk).update(author_id=world.learners[1].person.pk)  # behind the actions' back
    [difference] = verify_report(report).differences
    assert (difference.where, difference.code) == ("discussion_posters", "records")
    assert len(difference.rows) == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda r: FrozenFigure.objects.filter(report=r, key="mean_minutes").update(display="6"), {"digest", "text", "value"}),
        (lambda r: FrozenFigure.objects.filter(report=r, key="mean_minutes").update(evidence=zlib.compress(b"")), {"digest", "stored_rows", "value"}),
        (lambda r: FrozenFigure.objects.filter(report=r, key="mean_minutes").update(evidence=b"rot"), {"unreadable"}),
        (lambda r: Report.objects.filter(pk=r.pk).update(digest="0" * 64), {"digest", "signature"}),
        (lambda r: audit.AuditEntry.objects.filter(object_type="report").update(to_state="draft"), {"chain"}),
    ],
)  # fmt: skip
def test_verify_finds_a_changed_freeze(studied: tuple[World, Post], change: object, expected: set[str]) -> None:
    report = frozen(*studied)
    change(report)  # type: ignore[operator]  # a lambda of the table above
    report.refresh_from_db()
    assert {difference.code for difference in verify_report(report).differences} >= expected


def test_a_correction_is_the_next_revision_and_cites_the_first(studied: tuple[World, Post]) -> None:
    world, post = studied
    first = frozen(world, post)
    with refusal("note_missing"):
        correct_report(world.manager, first, note=" ")
    second = correct_report(world.manager, first, note="漏写一句。")
    assert (second.revision, second.corrects_id, second.state) == (2, first.pk, "draft")
    save_narrative(world.manager, second, narrative=NARRATIVE + "\n特此更正。\n")
    second = freeze_report(world.organiser, send_to_review(world.manager, second))
    assert verify_report(second).is_sound
    assert verify_report(first).is_sound
    assert "特此更正。" in visible_text(live_doc(second))
    assert [(row.revision, row.state) for row in reports_of(world.auditor, world.cls)] == [(2, "frozen"), (1, "frozen")]
    with refusal("report_exists"):
        correct_report(world.manager, first, note="再来")
