"""The learner's page: it says what is recorded, to its learner only."""

from datetime import date

import pytest
from django.test import Client
from factories.exams import make_exam
from factories.worlds import At, World, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.study.models import CreditCell
from yanxiu.training.discussion.actions import open_round, publish_post
from yanxiu.training.exams.actions import save_answer, start_attempt, submit_attempt
from yanxiu.training.outcomes.actions import save_outcome_draft, submit_outcome

pytestmark = pytest.mark.django_db

ADDRESS = "/my/classes/small-2017"


def browser(viewer: Viewer | None) -> Client:
    client = Client()
    if viewer is not None:
        client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def activities(world: World, at: At) -> None:
    learner = world.learners[0]
    round_ = open_round(
        world.manager, world.cls, num=1, theme="学校管理", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    exam = make_exam(world)
    at("2017-06-25T10:00:00+08:00")
    publish_post(learner.viewer, round_, body="一帖")
    submit_outcome(
        learner.viewer, save_outcome_draft(learner.viewer, learner.enrolment, title="我的<成果>", body="正文")
    )
    at("2017-07-15T08:00:00+08:00")
    attempt = start_attempt(learner.viewer, exam, learner.enrolment)
    save_answer(learner.viewer, attempt, num=1, choice=[1])
    submit_attempt(learner.viewer, attempt)
    CreditCell.objects.create(
        class_id=world.cls.pk, enrolment_id=learner.enrolment.pk, person_id=learner.person.pk,
        lesson_id=world.lessons[0].pk, lesson_version=1, day=date(2017, 6, 25), credited_ms=12 * 60_000 + 59_999,
        algorithm="credit_v1",
    )  # fmt: skip


def test_the_page_shows_where_the_learner_stands(at: At) -> None:
    world = small_world(1)
    activities(world, at)
    page = browser(world.learners[0].viewer).get(ADDRESS)
    assert page.status_code == 200
    text = page.content.decode()
    for words in (
        "三门峡小班",
        "12 / 40 分钟",
        "已发 1 帖，要求 1 帖",
        "我的&lt;成果&gt;",
        "已提交",
        "最高 50 分",
        "已注册",
    ):
        assert words in text


def test_an_empty_class_has_an_honest_page(at: At) -> None:
    world = small_world(1)
    text = browser(world.learners[0].viewer).get(ADDRESS).content.decode()
    for words in ("还没有安排研讨。", "还没有提交研修成果。", "还没有安排考试。", "0 / 40 分钟"):
        assert words in text


def test_everybody_else_is_kept_out(at: At) -> None:
    world = small_world(1)
    statuses = {
        name: browser(viewer).get(ADDRESS).status_code
        for name, viewer in {
            "manager": world.manager, "organiser": world.organiser, "other learner": world.other_learner.viewer,
            "other manager": world.other_manager, "stranger": world.stranger, "signed out": None,
        }.items()
    }  # fmt: skip
    assert statuses == {
        "manager": 403, "organiser": 403, "other learner": 404, "other manager": 404, "stranger": 404, "signed out": 302,
    }  # fmt: skip
    assert browser(world.learners[0].viewer).get("/my/classes/no-such").status_code == 404
    assert browser(world.learners[0].viewer).post(ADDRESS).status_code == 405


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_number_of_statements_does_not_grow(at: At, rounds: int, django_assert_max_num_queries: object) -> None:
    world = small_world(1)
    client = browser(world.learners[0].viewer)
    for num in range(1, rounds + 1):
        open_round(
            world.manager, world.cls, num=num, theme="题", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
        )
    client.get(ADDRESS)
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # pytest-django's fixture
        client.get(ADDRESS)
