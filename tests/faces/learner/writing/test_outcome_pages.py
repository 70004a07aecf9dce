"""A learner's pages of outcomes: asked for, written, handed in, read by the others."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import At, Learner, World, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, WorkingCopy
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.outcomes.writing import start_outcome

pytestmark = pytest.mark.django_db

LIST = "/my/classes/small-2017/outcomes"
LONG = "党课进课堂要从身边的事讲起。" * 10


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def begun(world: World, learner: Learner, **task: Any) -> tuple[Client, Outcome, str]:
    set_task(world.manager, world.cls, kind="outcome", title="微党课教案", **task)
    piece = start_outcome(learner.viewer, learner.enrolment, "outcome")
    return browser(learner.viewer), piece, f"{LIST}/{piece.uuid}"


def typed(
    body: str = LONG, *, title: str = "我的教案", token: str = "a1", edition: int = 0, **more: str
) -> dict[str, Any]:
    return {"title": title, "body": body, "token": token, "edition": edition, **more}


def state_of(piece: Outcome) -> str:
    return Outcome.objects.get(pk=piece.pk).state


def test_the_list_says_what_is_asked_for_and_by_when(at: At) -> None:
    world = small_world(1)
    set_task(
        world.manager, world.cls, kind="outcome", title="微党课教案", requirements="结合本校实际。", min_characters=800,
        max_characters=3000, file_kinds=("pdf", "docx"),
    )  # fmt: skip
    text = browser(world.learners[0].viewer).get(LIST).content.decode()
    for words in (
        "微党课教案",
        "结合本校实际。",
        "800 到 3,000 字",
        "7月21日 24:00 以前提交",
        "PDF DOCX",
        "开始写研修成果",
        "还没有人提交",
    ):
        assert words in text


def test_two_clicks_on_begin_make_one_piece(at: At) -> None:
    world = small_world(1)
    client = browser(world.learners[0].viewer)
    first, second = (client.post(LIST, {"kind": "outcome"}) for _ in range(2))
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert Outcome.objects.count() == 1


def test_autosave_answers_with_the_time_and_keeps_the_form(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    answer = client.post(
        address, typed("<p>一<strong>二</strong>三</p><script>x</script>"), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    assert answer.json()["characters"] == 3
    assert answer.json()["saved_at"].startswith("2017-06-10")
    copy = WorkingCopy.objects.get(outcome=piece)
    assert (copy.body, copy.html) == ("一二三", "<p>一<strong>二</strong>三</p>")
    assert "我的教案" in client.get(address).content.decode()


def test_a_second_page_on_an_older_state_overwrites_nothing_and_both_are_kept(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    json = {"Accept": "application/json"}
    assert client.post(address, typed("甲窗口的文字", token="aa", edition=0), headers=json).status_code == 200
    for text in ("乙窗口的文字", "乙窗口的文字又多了"):
        late = client.post(address, typed(text, token="bb", edition=0), headers=json)
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert client.post(address, typed("甲窗口又写了", token="aa", edition=0), headers=json).status_code == 200
    copies = WorkingCopy.objects.filter(outcome=piece).order_by("pk")
    assert [(copy.is_main, copy.body) for copy in copies] == [(True, "甲窗口又写了"), (False, "乙窗口的文字又多了")]
    page = client.get(address).content.decode()
    assert "另一个窗口写的一份" in page
    assert client.post(address, {"do": "take", "of": copies[1].pk}).status_code == 302
    assert [copy.body for copy in WorkingCopy.objects.filter(outcome=piece)] == ["乙窗口的文字又多了"]
    assert [version.body for version in piece.versions.all()] == ["甲窗口又写了"]


def test_submitting_on_an_older_state_hands_in_nothing(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    client.post(address, typed("甲窗口的文字", token="aa"))
    answer = client.post(address, typed("乙窗口的文字", token="bb", do="submit"))
    assert answer.status_code == 409
    assert "没有覆盖它" in answer.content.decode()
    assert "乙窗口的文字" in answer.content.decode()
    assert state_of(piece) == "draft"


def test_handing_in_twice_is_once(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    answers = [client.post(address, typed(do="submit")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "done=a1" in answers[0]["Location"]
    assert (state_of(piece), piece.versions.count()) == ("submitted", 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "正文没有一个字"),
        ("。，！…… \n", "正文没有一个字"),
        ("太短了。", "要求不少于 20 字，现有 3 字"),
        ("长" * 301, "要求不超过 300 字，现有 301 字"),
    ],
)
def test_a_text_of_the_wrong_length_is_refused_in_words_and_stays_a_draft(at: At, body: str, words: str) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0], min_characters=20, max_characters=300)
    answer = client.post(address, typed(body, do="submit"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert body.strip() in answer.content.decode()
    assert state_of(piece) == "draft"


@pytest.mark.parametrize("body", ["文" * 50_001, "<p>" + "<b>" * 200_000, "<p>" * 4_000 + "文"])
def test_a_text_too_big_for_any_piece_is_refused(at: At, body: str) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    assert client.post(address, typed(body), headers={"Accept": "application/json"}).status_code == 422
    assert not WorkingCopy.objects.exists()
    assert state_of(piece) == "draft"


def test_the_last_second_counts_and_the_next_is_late_with_the_text_kept(at: At) -> None:
    world = small_world(2)
    pages = [begun(world, learner, due_on=date(2017, 6, 20)) for learner in world.learners]
    at("2017-06-20T23:59:59.999+08:00")
    client, piece, address = pages[0]
    assert client.post(address, typed(do="submit")).status_code == 302
    at("2017-06-21T00:00:00+08:00")
    client, piece, address = pages[1]
    answer = client.post(address, typed(do="submit", due_on="2018-01-01"))
    assert answer.status_code == 409
    assert "已于 2017-06-20 24:00 截止" in answer.content.decode()
    assert state_of(piece) == "draft"
    assert WorkingCopy.objects.get(outcome=piece).body == LONG


def test_withdraw_write_on_and_hand_in_again_in_time(at: At) -> None:
    world = small_world(2)
    client, piece, address = begun(world, world.learners[0])
    client.post(address, typed(do="submit"))
    assert client.post(address, {"do": "withdraw"}).status_code == 302
    assert browser(world.learners[1].viewer).get(address).status_code == 404
    assert client.post(address, {"do": "reopen"}).status_code == 302
    at("2017-06-12T09:00:00+08:00")
    assert client.post(address, typed("改过的文字", token="c3", edition=1, do="submit")).status_code == 302
    stored = Outcome.objects.get(pk=piece.pk)
    assert stored.state == "submitted"
    assert stored.submitted_at is not None
    assert stored.submitted_at.isoformat().startswith("2017-06-12")


def test_a_piece_withdrawn_by_the_staff_is_not_reopened(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0])
    client.post(address, typed(do="submit"))
    actions.withdraw_outcome(world.manager, piece, reason="抄袭")
    answer = client.post(address, {"do": "reopen"})
    assert answer.status_code == 422
    assert "班主任撤回" in answer.content.decode()


def test_a_returned_piece_shows_why_and_is_handed_in_again_after_the_deadline_of_the_task(at: At) -> None:
    world = small_world(1)
    client, piece, address = begun(world, world.learners[0], due_on=date(2017, 6, 20))
    client.post(address, typed(do="submit"))
    at("2017-06-25T09:00:00+08:00")
    actions.return_outcome(world.tutor, piece, reason="请补一个实例")
    assert "请补一个实例" in client.get(address).content.decode()
    assert client.post(address, typed("补了实例的文字", token="d4", edition=1, do="submit")).status_code == 302
    assert state_of(piece) == "resubmitted"


def test_versions_are_compared_on_the_server(at: At) -> None:
    world = small_world(1)
    client, _piece, address = begun(world, world.learners[0])
    client.post(address, typed("第一句。第二句。", do="keep"))
    client.post(address, typed("第一句。另一句。", do="keep"))
    text = client.get(f"{address}/versions").content.decode()
    assert "第 1 版到第 2 版的改动" in text
    assert "<del>第二</del><ins>另一</ins>" in text


def test_comments_of_fellows_and_the_same_form_twice_is_one(at: At) -> None:
    world = small_world(2)
    mine, _piece, address = begun(world, world.learners[0])
    mine.post(address, typed(do="submit"))
    fellow = browser(world.learners[1].viewer)
    for _ in range(2):
        assert fellow.post(address, {"do": "comment", "comment": "写得<实在>", "token": "f1"}).status_code == 302
    comment = OutcomeComment.objects.get()
    assert "写得&lt;实在&gt;" in mine.get(address).content.decode()
    assert mine.post(address, {"do": "uncomment", "of": comment.pk}).status_code == 403
    assert fellow.post(address, {"do": "uncomment", "of": comment.pk}).status_code == 302
    assert "写得&lt;实在&gt;" not in mine.get(address).content.decode()


def test_a_task_without_peer_comments_takes_none(at: At) -> None:
    world = small_world(2)
    mine, _piece, address = begun(world, world.learners[0], peers_comment=False)
    mine.post(address, typed(do="submit"))
    fellow = browser(world.learners[1].viewer)
    assert "不开放学员互评" in fellow.get(address).content.decode()
    assert fellow.post(address, {"do": "comment", "comment": "好", "token": "f1"}).status_code == 422


def test_a_draft_is_its_authors_alone_and_another_class_finds_nothing(at: At) -> None:
    world = small_world(2)
    mine, piece, address = begun(world, world.learners[0])
    mine.post(address, typed())
    fellow, far = browser(world.learners[1].viewer), browser(world.other_learner.viewer)
    assert (fellow.get(address).status_code, far.get(address).status_code) == (404, 404)
    assert fellow.post(address, typed("覆盖", token="x")).status_code == 404
    assert far.get(f"/my/classes/other-2017/outcomes/{piece.uuid}").status_code == 404
    mine.post(address, typed(do="submit"))
    assert fellow.get(address).status_code == 200
    assert fellow.get(f"{address}/versions").status_code == 404
    assert fellow.post(address, {"do": "withdraw"}).status_code == 403
    assert fellow.post(address, {"do": "consent", "quotable": "1"}).status_code == 404


def test_what_was_typed_after_handing_in_elsewhere_is_still_on_the_page(at: At) -> None:
    world = small_world(1)
    client, _piece, address = begun(world, world.learners[0])
    client.post(address, typed(do="submit"))
    answer = client.post(address, typed("后来又写的一段话", token="zz", do="submit"))
    assert answer.status_code == 409
    assert "后来又写的一段话" in answer.content.decode()


def test_the_lists_take_the_same_statements_whatever_their_length(at: At) -> None:
    world = small_world(4)
    counts = []
    reader = browser(world.learners[0].viewer)
    for count in (1, 3):
        for learner in world.learners[1 : 1 + count]:
            if not Outcome.objects.filter(enrolment=learner.enrolment).exists():
                draft = actions.save_outcome_draft(learner.viewer, learner.enrolment, title="题", body=LONG)
                actions.comment_outcome(learner.viewer, actions.submit_outcome(learner.viewer, draft), body="自评")
        reader.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            assert reader.get(LIST).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
