"""The first sign-in: each step in its order, nothing else open before it, nothing asked twice."""

from typing import Any

import pytest
from django.test import Client
from factories.worlds import World

from yanxiu.config.urls import ROUTES
from yanxiu.kit.models import AuditEntry
from yanxiu.people import actions
from yanxiu.people.models import Account, Correction, NoticeAnswer, Person
from yanxiu.people.privacy import texts
from yanxiu.people.queries import SYSTEM
from yanxiu.training.classes.actions import assign_role, enrol_learner

NEW = "qizhong-77-shuiniao"


@pytest.fixture
def newcomer(world: World) -> tuple[Person, Client]:
    """Somebody on the roster who has just opened their invite."""
    person = actions.create_person(
        SYSTEM, name="新学员", phone="10077770001", organisation=world.schools[0], post_title="教师"
    )
    _invite, token = actions.issue_invite(SYSTEM, person=person)
    client = Client()
    assert client.post(f"/invite/{token}").headers["Location"] == "/"
    return person, client


def where(client: Client, address: str = "/me") -> str:
    return str(client.get(address).headers.get("Location", ""))


def agree(client: Client) -> None:
    client.post("/first/notice", {"version": texts.current_version(), "answer": "yes"})


def test_notice_then_profile_then_password_then_the_pages(newcomer: tuple[Person, Client]) -> None:
    _person, client = newcomer
    assert where(client, "/") == where(client) == "/first/notice"
    page = client.get("/first/notice").content.decode()
    assert "学时是怎样记的" in page
    assert where(client, "/first/profile") == where(client, "/first/credential") == "/first/notice"
    agree(client)
    assert where(client) == "/first/profile"
    client.post("/first/profile", {"name": "新学员", "organisation": "云岭中学", "post_title": "副校长"})
    assert where(client) == "/first/credential"
    assert client.post("/first/credential", {"password": NEW, "again": NEW}).headers["Location"] == "/"
    assert client.get("/me").status_code == 200
    assert [(c.field, c.after) for c in Correction.objects.all()] == [("post_title", "副校长")]
    again = Client()
    again.post("/sign-in", {"phone": "10077770001", "password": NEW})
    assert again.get("/me").status_code == 200  # nothing is asked twice
    assert NoticeAnswer.objects.filter(person__name="新学员").count() == 1
    order = ("answer_notice", "confirm_profile", "choose_password")
    assert [e.action for e in AuditEntry.objects.filter(action__in=order).order_by("position")][-3:] == list(order)


def test_a_learner_of_one_class_signs_in_to_that_class_and_others_to_their_list(world: World) -> None:
    def lands(person: Person, **asked: str) -> str:
        _invite, token = actions.issue_invite(SYSTEM, person=person)
        actions.consume_invite(token, NEW, "127.0.0.1")
        phone = Account.objects.get(person=person).phone
        return Client().post("/sign-in", {"phone": phone, "password": NEW} | asked).headers["Location"]

    learner = world.learners[0].person
    assert lands(learner) == lands(learner, next="/") == "/my/classes/small-2017"
    assert lands(learner, next="/me") == "/me"
    manager = Person.objects.get(pk=world.manager.person_id)
    assert lands(manager) == "/"
    enrol_learner(SYSTEM, world.other_class, person=learner, nominating_org=world.other_school)
    assert lands(learner) == "/"


def test_first_steps_speak_to_staff_as_staff(world: World) -> None:
    person = actions.create_person(SYSTEM, name="新班主", phone="10077770009", organisation=world.institute)
    assign_role(SYSTEM, world.cls, person=person, role="auditor")
    _invite, token = actions.issue_invite(SYSTEM, person=person)
    client = Client()
    client.post(f"/invite/{token}")
    agree(client)
    profile = client.get("/first/profile").content.decode()
    assert ("结业证书上印的就是这些" in profile, "审核期间不影响工作" in profile) == (False, True)
    client.post("/first/profile", {"name": "新班主", "organisation": world.institute.name, "post_title": ""})
    assert "设好密码，开始工作" in client.get("/first/credential").content.decode()


def test_who_declines_may_export_and_erase_and_sign_out_and_change_their_mind(newcomer: tuple[Person, Client]) -> None:
    _person, client = newcomer
    client.post("/first/notice", {"version": texts.current_version(), "answer": "no"})
    assert where(client) == "/first/notice"
    assert "您选择了不同意" in client.get("/first/notice").content.decode()
    assert 'class="side"' not in client.get("/me/erase").content.decode()  # none of its pages would open yet
    assert [client.get(a).status_code for a in ("/me/export", "/me/erase", "/me/phone")] == [200, 200, 302]
    agree(client)
    assert where(client) == "/first/profile"
    assert client.post("/sign-out").status_code == 302


def test_every_route_of_signed_in_people_waits_for_the_steps_and_beats_never_do(
    newcomer: tuple[Person, Client],
) -> None:
    _person, client = newcomer
    open_at = {r.name for routes in ROUTES.values() for r in routes if "notice" in r.open_at}
    assert open_at == {"notice", "export", "export_file", "erase"}
    answer = client.post("/api/sessions", {"lesson": 1}, content_type="application/json")
    assert (answer.status_code, answer.json()["step"]) == (403, "notice")
    assert client.post("/preferences", {"size": "large"}).status_code == 302
    beats = next(r for r in ROUTES["intake"] if r.name == "beats")
    assert beats.audience == "machine"


def test_a_new_version_asks_at_the_next_sign_in_and_not_in_the_middle(
    world: World, enter: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    learner = world.learners[0].viewer
    client = enter(learner)
    assert client.get("/me").status_code == 200
    text = (texts.FOLDER / "1.toml").read_text(encoding="utf-8")
    (tmp_path / "2.toml").write_text(text.replace("version = 1", "version = 2", 1), encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    assert client.get("/me").status_code == 200  # an exam under way goes on
    later = enter(learner)
    assert where(later) == "/first/notice"
    later.post("/first/notice", {"version": 2, "answer": "yes"})
    assert later.get("/me").status_code == 200
    assert Account.objects.get(pk=learner.account_id).notice_version == 2


def test_taking_the_consent_back_closes_the_pages_at_once(world: World, enter: Any) -> None:
    client = enter(world.learners[0].viewer)
    client.post("/first/notice", {"version": texts.current_version(), "answer": "no"})
    assert where(client, "/my/classes/small-2017") == "/first/notice"


def test_an_invite_for_somebody_who_forgot_asks_for_a_new_password_and_nothing_else(world: World, enter: Any) -> None:
    learner = world.learners[0]
    enter(learner.viewer)
    _invite, token = actions.issue_invite(SYSTEM, person=learner.person)
    client = Client()
    client.post(f"/invite/{token}")
    assert where(client) == "/first/credential"
    client.post("/first/credential", {"password": NEW, "again": NEW})
    assert client.get("/me").status_code == 200
    assert client.get("/first/credential").status_code == 404


def test_the_steps_cost_no_query_on_a_finished_session(world: World, enter: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter(world.learners[0].viewer)
    client.get("/me/erase")
    with CaptureQueriesContext(connection) as seen:
        client.get("/me/erase")
    tables = " ".join(query["sql"] for query in seen.captured_queries)
    assert "erasurerequest" in tables
    assert not any(name in tables for name in ("noticeanswer", "totpdevice", "passkey", "sessionrecord", "classrole"))
