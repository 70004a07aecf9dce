"""POST /api/sessions: who may open a session of study, and what it says."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from factories.beats import post, wire_beat
from factories.worlds import At, World, small_world

from yanxiu.config.wiring import plug_engines
from yanxiu.core import tokens
from yanxiu.core.time import clock
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.study import ports

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(at: At) -> World:
    return small_world()


def browser(viewer: Viewer | None, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    if viewer is not None:
        client.force_login(Account.objects.get(person_id=viewer.person_id))
    return client


def ask(client: Client, enrolment: Any, lesson: Any) -> Any:
    return client.post(
        "/api/sessions", json.dumps({"enrolment": enrolment, "lesson": lesson}), content_type="application/json"
    )


def test_a_learner_opens_a_session_in_their_own_enrolment(world: World) -> None:
    learner, lesson = world.learners[0], world.lessons[0]
    answer = ask(browser(learner.viewer), learner.enrolment.pk, lesson.pk)
    assert answer.status_code == 201
    told = answer.json()
    facts = tokens.read(told["token"], settings.BEATS_KEY)
    assert told == {
        "sid": facts.sid, "token": told["token"], "opened_at": clock.now_ms(), "cadence_ms": facts.cadence_ms,
        "max_rate": facts.max_rate,
    }  # fmt: skip
    assert (facts.enrolment_id, facts.person_id, facts.class_id) == (
        learner.enrolment.pk, learner.person.pk, world.cls.pk,
    )  # fmt: skip
    assert (facts.lesson_id, facts.lesson_version, facts.kind, facts.duration_ms, facts.zone) == (
        lesson.pk, 1, "video", 2_400_000, "Asia/Shanghai",
    )  # fmt: skip


def test_every_session_is_its_own(world: World) -> None:
    learner, lesson = world.learners[0], world.lessons[0]
    client = browser(learner.viewer)
    sids = {ask(client, learner.enrolment.pk, lesson.pk).json()["sid"] for _ in range(3)}
    assert len(sids) == 3


def test_nobody_studies_in_another_ones_place(world: World) -> None:
    mine, lesson = world.learners[0].enrolment.pk, world.lessons[0].pk
    for other in (world.learners[1].viewer, world.other_learner.viewer, world.manager, world.organiser, world.stranger):
        assert ask(browser(other), mine, lesson).status_code == 404
    assert ask(browser(None), mine, lesson).status_code == 401
    own = browser(world.learners[0].viewer)
    assert ask(own, mine, 999_999).status_code == 404
    assert ask(own, 999_999, lesson).status_code == 404
    assert ask(browser(world.other_learner.viewer), world.other_learner.enrolment.pk, lesson).status_code == 404


def test_a_malformed_request_is_refused_in_chinese(world: World) -> None:
    client = browser(world.learners[0].viewer)
    for body in (b"", b"{", b"{}", '{"enrolment":"一"}'.encode("gbk"), b'{"enrolment":1.5,"lesson":2}'):
        answer = client.post("/api/sessions", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_a_number_no_database_holds_is_nobodys(world: World) -> None:
    assert ask(browser(world.learners[0].viewer), 2**63 - 1, world.lessons[0].pk).status_code == 404
    assert ask(browser(world.learners[0].viewer), 2**70, world.lessons[0].pk).status_code in {404, 422}


def test_the_cookie_alone_is_not_enough(world: World) -> None:
    learner = world.learners[0]
    answer = ask(browser(learner.viewer, csrf=True), learner.enrolment.pk, world.lessons[0].pk)
    assert answer.status_code == 403


def test_other_methods_are_refused(world: World) -> None:
    client = browser(world.learners[0].viewer)
    assert [client.get(path).status_code for path in ("/api/sessions", "/api/beats")] == [405, 405]


def test_beats_reach_the_ledger_through_django_too_without_a_cookie(world: World, at: At) -> None:
    learner = world.learners[0]
    token = ask(browser(learner.viewer), learner.enrolment.pk, world.lessons[0].pk).json()["token"]
    at("2017-06-10T08:30:00+08:00")
    plug_engines()
    before = ports.ledger().head()[0]
    client = browser(None, csrf=True)
    for content_type in ("application/json", "text/plain;charset=UTF-8"):
        answer = client.post("/api/beats", post(token, wire_beat(0)), content_type=content_type)
        assert (answer.status_code, answer.json()["durable_seq"]) == (200, 0)
    assert ports.ledger().head()[0] == before + 3  # a session of half an hour is asked whether somebody is there
    foreign = client.post(
        "/api/beats", post(token, wire_beat(1)), content_type="text/plain", headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    large = client.post("/api/beats", b" " * 300_000, content_type="application/json")
    assert (large.status_code, large.json()["error"]) == (413, "too_large")
    assert ports.ledger().head()[0] == before + 3
