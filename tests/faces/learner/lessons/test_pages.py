"""The list of lessons, the player's page, the practice lesson: who sees what, in how many statements."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import World, small_world

from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.courses.actions import add_to_curriculum, create_course, create_lesson
from yanxiu.training.courses.models import Field, Lecturer
from yanxiu.training.courses.practice.actions import furnish_practice, furnish_with_slides
from yanxiu.training.courses.practice.slides import Slide

pytestmark = pytest.mark.django_db
At = Callable[[str], None]


@pytest.fixture
def world(at: At) -> World:
    plug_engines()
    return small_world(learners=2)


def learner(world: World) -> Client:
    client = Client()
    client.force_login(Account.objects.get(person=world.learners[0].person))
    return client


def furnish(world: World, *, both: bool = False) -> None:
    furnish_with_slides(world.organiser, world.lessons[0], [Slide("党章学习", ("第一讲",), 40 * 60, "开始")], both=both)


def test_a_lesson_shows_its_video_with_captions_both_qualities_and_what_they_cost(world: World) -> None:
    furnish(world, both=True)
    text = learner(world).get(f"/my/classes/small-2017/lessons/{world.lessons[0].pk}").content.decode()
    assert 'playsinline webkit-playsinline="true" x5-playsinline="true"' in text
    assert 'preload="metadata"' in text
    assert '<track kind="captions"' in text
    assert 'value="video"' in text
    assert 'value="low"' in text
    assert "MB/10 分钟" in text


def test_a_lesson_without_a_video_says_what_to_do_meanwhile(world: World) -> None:
    text = learner(world).get(f"/my/classes/small-2017/lessons/{world.lessons[0].pk}").content.decode()
    assert "本讲的视频还没有上传" in text
    assert "player.js" not in text


def test_rates_end_at_the_policy_s_maximum(world: World) -> None:
    furnish(world)
    text = learner(world).get(f"/my/classes/small-2017/lessons/{world.lessons[0].pk}").content.decode()
    assert 'data-rate="1.5"' in text
    assert 'data-rate="1.75"' not in text


def test_before_the_first_day_the_lesson_opens_and_says_that_nothing_counts(world: World, at: At) -> None:
    furnish(world)
    at("2017-06-09T08:00:00+08:00")
    text = learner(world).get(f"/my/classes/small-2017/lessons/{world.lessons[0].pk}").content.decode()
    assert "开班以后的学习和提交才算数" in text


def test_in_a_frozen_class_the_lesson_can_still_be_watched(world: World, at: At) -> None:
    furnish(world)
    at("2017-07-22T08:00:00+08:00")
    freeze_class(world.manager, world.cls, ledger_position=0)
    answer = learner(world).get(f"/my/classes/small-2017/lessons/{world.lessons[0].pk}")
    assert "学习不再计时" in answer.content.decode()
    assert "<video" in answer.content.decode()
    listed = learner(world).get("/my/classes/small-2017/lessons").content.decode()
    assert ("学习不再计时" in listed, "btn p" in listed) == (True, False)  # nobody is sent to study on


def test_a_lesson_of_no_curriculum_of_mine_does_not_exist(world: World) -> None:
    practice = furnish_practice(world.organiser)
    assert learner(world).get(f"/my/classes/small-2017/lessons/{practice.pk}").status_code == 404


def test_the_practice_lesson_is_reached_from_the_list_and_is_in_no_curriculum(world: World) -> None:
    client = learner(world)
    assert "practice" not in client.get("/my/classes/small-2017/lessons").content.decode()
    practice = furnish_practice(world.organiser)
    assert furnish_practice(world.organiser) == practice
    assert "/my/classes/small-2017/practice" in client.get("/my/classes/small-2017/lessons").content.decode()
    text = client.get("/my/classes/small-2017/practice").content.decode()
    assert "什么都不上传" in text
    assert not practice.course.curriculumitem_set.exists()
    asked = {"enrolment": world.learners[0].enrolment.pk, "lesson": practice.pk}
    assert client.post("/api/sessions", asked, content_type="application/json").status_code == 404


def _statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_take_the_same_statements_however_long_the_curriculum(world: World) -> None:
    furnish(world)
    client = learner(world)
    addresses = ("/my/classes/small-2017/lessons", f"/my/classes/small-2017/lessons/{world.lessons[0].pk}")
    client.get(addresses[1])
    before = [_statements(client, address) for address in addresses]
    field, lecturer = Field.objects.all()[0], Lecturer.objects.all()[0]
    for num in range(3):
        course = create_course(world.organiser, field=field, lecturer=lecturer, title=f"又一门{num}")
        create_lesson(world.organiser, course=course, num=1, title="一讲", kind="video", duration_ms=60_000)
        add_to_curriculum(world.organiser, world.cls, course=course, kind="compulsory", num=10 + num)
    assert [_statements(client, address) for address in addresses] == before
    assert max(before) < 25


def test_why_not_counted_is_public(world: World) -> None:
    text = Client().get("/help/why-not-counted").content.decode()
    assert "为什么没计时" in text
    assert "90 秒" in text
