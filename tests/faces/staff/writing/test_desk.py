"""The tutor's desk: lists by what is to be done, marks, both texts, and who is kept out."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import At, World, make_learner, small_world
from factories.writing import hand_in

from yanxiu.kit.models import AuditEntry
from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.actions import change_state
from yanxiu.training.notices.models import Notice
from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, ThoughtReport
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.outcomes.tasks.models import WritingTask

pytestmark = pytest.mark.django_db

DESK = "/staff/classes/small-2017/outcomes"
THOUGHTS = "/staff/classes/small-2017/thoughts"
TASKS = "/staff/classes/small-2017/writing-tasks"
TEXT = "上课以前先放一段本校老教师的口述录音，他每天走十二里山路到教学点。录音放完，请同学们说一说，他为什么不走。"


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def three_pieces(world: World) -> list[Outcome]:
    return [hand_in(one, f"{TEXT}{one.person.name}", title=f"第{n}篇") for n, one in enumerate(world.learners, start=1)]


def test_the_list_sorts_by_what_is_to_be_done(at: At) -> None:
    world = small_world(3)
    first, second, _third = three_pieces(world)
    actions.accept_outcome(world.tutor, first, score=88)
    actions.return_outcome(world.tutor, second, reason="请补实例")
    tutor = browser(world.tutor)
    shown = {
        sort: [title for title in ("第1篇", "第2篇", "第3篇") if title in page(tutor, f"{DESK}?sort={sort}")]
        for sort in ("all", "unmarked", "returned", "accepted", "similar", "late", "nonsense")
    }
    every = ["第1篇", "第2篇", "第3篇"]
    assert shown == {
        "all": every, "unmarked": ["第3篇"], "returned": ["第2篇"], "accepted": ["第1篇"], "similar": ["第2篇", "第3篇"],
        "late": [], "nonsense": every,
    }  # fmt: skip


def test_what_came_after_the_last_day_is_listed_as_late(at: At) -> None:
    world = small_world(2)
    set_task(world.manager, world.cls, kind="outcome", title="教案", due_on=date(2017, 6, 20))
    at("2017-06-20T23:59:59+08:00")
    hand_in(world.learners[0], TEXT, title="准时的")
    change_state(world.manager, world.cls, "makeup")
    at("2017-06-21T00:00:00+08:00")
    hand_in(world.learners[1], TEXT, title="补交的")
    text = page(browser(world.tutor), f"{DESK}?sort=late")
    assert "补交的" in text
    assert "准时的" not in text


def test_accepting_leads_to_the_next_and_tells_the_author(at: At) -> None:
    world = small_world(2)
    first, second = (hand_in(one, f"{TEXT}{one.person.name}") for one in world.learners)
    tutor = browser(world.tutor)
    answer = tutor.post(f"{DESK}/{first.uuid}?sort=unmarked", {"do": "accept", "score": "90"})
    assert answer["Location"] == f"{DESK}/{second.uuid}?sort=unmarked&said=accepted"
    assert Outcome.objects.get(pk=first.pk).score == 90
    tell_untold()
    notice = Notice.objects.get(person=world.learners[0].person)
    assert (notice.title, notice.place) == ("您的“微党课教案”已认定", f"outcomes/{first.uuid}")
    assert AuditEntry.objects.filter(
        action="accept_outcome", object_id=first.pk, actor_id=world.tutor.person_id
    ).exists()
    assert tutor.post(f"{DESK}/{first.uuid}", {"do": "accept", "score": "90"}).status_code == 409


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "accept", "score": "101"}, "0 到 100"),
        ({"do": "accept", "score": "九十"}, "0 到 100"),
        ({"do": "accept"}, "0 到 100"),
        ({"do": "return", "reason": " "}, "请写退回意见"),
        ({"do": "comment", "comment": "。" * 5001}, "评论最多 5000 个字符"),
    ],
)
def test_a_mark_without_its_words_is_refused_and_what_was_typed_stays(at: At, form: dict[str, str], words: str) -> None:
    world = small_world(1)
    piece = hand_in(world.learners[0], TEXT)
    answer = browser(world.tutor).post(f"{DESK}/{piece.uuid}", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Outcome.objects.get(pk=piece.pk).state == "submitted"


def test_comments_of_the_tutor_are_expert_ones_and_staff_removes_any(at: At) -> None:
    world = small_world(2)
    piece = hand_in(world.learners[0], TEXT)
    peer = actions.comment_outcome(world.learners[1].viewer, piece, body="同学的话")
    tutor = browser(world.tutor)
    for _ in range(2):
        assert (
            tutor.post(f"{DESK}/{piece.uuid}", {"do": "comment", "comment": "抓得准", "token": "t"}).status_code == 302
        )
    assert list(OutcomeComment.objects.order_by("pk").values_list("kind", flat=True)) == ["peer", "expert"]
    tell_untold()
    assert Notice.objects.filter(person=world.learners[0].person).count() == 2
    assert tutor.post(f"{DESK}/{piece.uuid}", {"do": "uncomment", "of": peer.pk, "reason": "跑题"}).status_code == 302
    assert "同学的话" not in page(tutor, f"{DESK}/{piece.uuid}")


def test_an_auditor_reads_and_changes_nothing(at: At) -> None:
    world = small_world(1)
    piece = hand_in(world.learners[0], TEXT)
    auditor = browser(world.auditor)
    text = page(auditor, f"{DESK}/{piece.uuid}")
    assert "批阅由辅导教师和班主任进行" in text
    for form in ({"do": "accept", "score": "90"}, {"do": "return", "reason": "改"}, {"do": "comment", "comment": "好"}):
        assert auditor.post(f"{DESK}/{piece.uuid}", form).status_code == 403
    assert auditor.get(THOUGHTS).status_code == 403


def test_both_texts_stand_side_by_side(at: At) -> None:
    world = small_world(2)
    hand_in(world.learners[0], TEXT, title="先交的")
    copy = hand_in(world.learners[1], TEXT + "这是我自己的话。", title="后交的")
    tutor = browser(world.tutor)
    text = page(tutor, f"{DESK}/{copy.uuid}")
    match = copy.checks.get(by_author=False).matches.get()
    assert f"{DESK}/{copy.uuid}/overlap/{match.pk}" in text
    sides = page(tutor, f"{DESK}/{copy.uuid}/overlap/{match.pk}")
    assert "先交的" in sides
    assert sides.count("<mark>") >= 2
    assert tutor.get(f"{DESK}/{copy.uuid}/overlap/{match.pk + 1}").status_code == 404


def test_a_draft_is_nobodys_business(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    draft = actions.save_outcome_draft(learner.viewer, learner.enrolment, title="草稿题", body="文")
    for viewer in (world.tutor, world.manager, world.organiser):
        assert browser(viewer).get(f"{DESK}/{draft.uuid}").status_code == 404
        assert "草稿题" not in page(browser(viewer), DESK)


def test_lists_and_pieces_take_the_same_statements_whatever_there_is(at: At) -> None:
    world = small_world(1)
    counts: list[tuple[int, int]] = []
    tutor = browser(world.tutor)
    for number in (1, 3):
        while len(world.learners) < number:
            world.learners.append(
                make_learner(world.cls, world.schools[0], f"后来{len(world.learners)}", 300 + len(world.learners))
            )
        for one in world.learners:
            if not Outcome.objects.filter(enrolment=one.enrolment).exists():
                piece = hand_in(one, TEXT + one.person.name)
                actions.comment_outcome(world.tutor, piece, body="点评")
        seen = []
        for address in (DESK, f"{DESK}/{Outcome.objects.order_by('pk')[0].uuid}"):
            page(tutor, address)
            with CaptureQueriesContext(connection) as statements:
                page(tutor, address)
            seen.append(len(statements))
        counts.append((seen[0], seen[1]))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 43  # one of them counts the unread notices


def test_thought_reports_are_read_and_returned_by_manager_and_tutor_only(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    report = actions.submit_thought_report(learner.viewer, learner.enrolment, title="汇报", body="近来的想法。")
    address = f"{THOUGHTS}/{report.pk}"
    assert "近来的想法。" in page(browser(world.tutor), address)
    for viewer in (world.auditor, world.organiser, learner.viewer):
        assert browser(viewer).get(address).status_code == 403
    tutor = browser(world.tutor)
    assert tutor.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert tutor.post(address, {"do": "return", "reason": "请联系实际"}).status_code == 302
    assert ThoughtReport.objects.get().state == "returned"
    tell_untold()
    notice = Notice.objects.get(person=learner.person)
    assert "汇报被退回" in notice.title
    assert "近来" not in notice.title + notice.body
    assert tutor.post(address, {"do": "accept", "note": ""}).status_code == 409


def test_the_manager_sets_a_task_and_a_mistake_stays_in_its_form(at: At) -> None:
    world = small_world(1)
    manager = browser(world.manager)
    good = {
        "kind": "outcome", "title": "微党课教案", "requirements": "结合本校实际", "min_characters": "800",
        "max_characters": "3000", "pieces": "1", "due_on": "2017-07-15", "file_kinds": ["pdf", "exe"], "file_count": "2",
        "file_megabytes": "5", "peers_comment": "1",
    }  # fmt: skip
    assert manager.post(TASKS, good).status_code == 302
    task = WritingTask.objects.get()
    assert (task.min_characters, task.due_on, task.file_kinds) == (800, date(2017, 7, 15), "pdf")
    wrong: list[tuple[dict[str, str], str]] = [
        ({"title": ""}, "请填写任务名称"),
        ({"min_characters": "-1"}, "请填整数"),
        ({"max_characters": "100"}, "最多字数比最少字数还少"),
        ({"due_on": "2018-01-01"}, "应在班级起止日期之内"),
        ({"due_on": "明天"}, "认不出来"),
        ({"pieces": "0"}, "篇数应在 1 到 20 之间"),
        ({"file_megabytes": "9999"}, "附件大小（MB）应在 1 到 20 之间"),
        ({"kind": "poem"}, "写作任务"),
    ]
    for change, words in wrong:
        answer = manager.post(TASKS, good | change)
        assert answer.status_code == 422, change
        assert words in answer.content.decode()
    assert WritingTask.objects.get().min_characters == 800
    assert AuditEntry.objects.filter(action="set_writing_task").count() == 1
    assert browser(world.tutor).post(TASKS, good).status_code == 403
