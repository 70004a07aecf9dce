"""Invite links over the pages: previews use nothing up, asking reveals nothing, the class manager sends new ones."""

import io
import re
import zipfile
from typing import Any

from django.test import Client
from factories.worlds import small_world

from yanxiu.people import actions
from yanxiu.people.models import Account, Invite
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.training.classes import actions as classes

NEW = "qizhong-77-shuiniao"


def as_viewer(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def test_opening_an_invite_shows_a_form_and_uses_nothing_up(client: Client, account: Account) -> None:
    invite, token = actions.issue_invite(SYSTEM, person=account.person)
    for method in (client.get, client.head, client.get):
        assert method(f"/invite/{token}").status_code == 200
    invite.refresh_from_db()
    assert invite.used_at is None
    answer = client.post(f"/invite/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/me").headers["Location"] == "/first/credential"
    assert client.post("/first/credential", {"password": NEW, "again": NEW}).headers["Location"] == "/"
    assert client.get("/me").status_code == 200
    assert Client().get(f"/invite/{token}").status_code == 404


def test_a_page_of_an_open_invite_names_nobody(client: Client, account: Account) -> None:
    _invite, token = actions.issue_invite(SYSTEM, person=account.person)
    page = client.get(f"/invite/{token}").content.decode()
    assert not re.search("何立新|10039800417|云岭中学", page)


def test_a_used_an_expired_and_an_invented_invite_look_alike(client: Client, account: Account) -> None:
    _invite, used = actions.issue_invite(SYSTEM, person=account.person)
    actions.consume_invite(used, NEW, "192.0.2.1")
    expired, stale = actions.issue_invite(SYSTEM, person=account.person)
    Invite.objects.filter(pk=expired.pk).update(expires_at=expired.expires_at.replace(year=2020))
    pages = set()
    for token in (used, stale, "invented"):
        answer = client.get(f"/invite/{token}")
        pages.add((answer.status_code, re.sub(r'value="[^"]*"', "", answer.content.decode().replace(token, ""))))
        assert client.post(f"/invite/{token}").status_code == 422
    assert len(pages) == 1


def test_two_different_passwords_and_a_weak_one_are_explained(client: Client, account: Account) -> None:
    _invite, token = actions.issue_invite(SYSTEM, person=account.person)
    client.post(f"/invite/{token}")
    differing = client.post("/first/credential", {"password": NEW, "again": NEW + "x"})
    weak = client.post("/first/credential", {"password": "dangxiao2017", "again": "dangxiao2017"})
    assert (differing.status_code, weak.status_code) == (422, 422)
    assert "两遍密码不一样" in differing.content.decode()
    assert "太容易猜到" in weak.content.decode()


def test_asking_for_an_invite_answers_alike_for_everybody(client: Client, account: Account) -> None:
    pages = {
        re.sub(r'value="[^"]*"', "", client.post("/invite/ask", {"phone": p}).content.decode())
        for p in ("10039800417", "19999999999")
    }
    assert len(pages) == 1


def test_the_class_manager_sees_who_asks_and_makes_one_link_shown_once(db: None, at: Any) -> None:
    world = small_world()
    learner = world.learners[0]
    actions.ask_for_invite(str(learner.person.phone), "192.0.2.1")
    client = as_viewer(world.manager)
    assert "申请链接" in client.get("/classes/small-2017/invites").content.decode()
    page = client.post("/classes/small-2017/invites", {"person": learner.person.pk}).content.decode()
    found = re.search(r"/invite/([\w-]{40,})", page)
    assert found
    assert Client().get(f"/invite/{found[1]}").status_code == 200
    assert "申请链接" not in page
    assert "/invite/" not in client.get("/classes/small-2017/invites").content.decode().replace("/invites", "")


def test_nobody_is_invited_through_a_class_they_are_not_in(db: None, at: Any) -> None:
    world = small_world()
    client = as_viewer(world.manager)
    for person_id in (world.other_learner.person.pk, world.organiser.person_id, 999_999, "x", "9" * 40):
        assert client.post("/classes/small-2017/invites", {"person": person_id}).status_code == 404
    assert client.get("/classes/other-2017/invites").status_code == 404
    assert as_viewer(world.tutor).get("/classes/small-2017/invites").status_code == 403
    assert Invite.objects.count() == 0


def test_a_class_manager_sends_no_link_to_a_learner_who_is_staff_elsewhere(db: None, at: Any) -> None:
    world = small_world()
    learner = world.learners[0].person
    classes.assign_role(SYSTEM, world.other_class, person=learner, role="class_manager")
    answer = as_viewer(world.manager).post("/classes/small-2017/invites", {"person": learner.pk})
    assert (answer.status_code, Invite.objects.count()) == (403, 0)


def test_one_press_makes_a_workbook_with_a_link_for_everybody_who_has_none(db: None, at: Any) -> None:
    world = small_world(learners=4)
    staff, held, *others = (learner.person for learner in world.learners)
    classes.assign_role(SYSTEM, world.other_class, person=staff, role="class_manager")
    _invite, own = actions.issue_invite(SYSTEM, person=held)
    client, address = as_viewer(world.manager), "/classes/small-2017/invites"
    assert f"{address}/all" in client.get(address).content.decode()
    answer = client.post(f"{address}/all")
    assert "small-2017-invites.xlsx" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        words = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    links = [re.search(r"/invite/([\w-]{40,})$", word) for word in words]
    assert [word for word in words if word in {p.name for p in others}] == [p.name for p in others]
    assert not {staff.name, held.name, *(str(p.phone) for p in others)} & set(words)
    tokens = [found[1] for found in links if found]
    assert len({*tokens, own}) == 3
    assert [Client().get(f"/invite/{token}").status_code for token in (*tokens, own)] == [200, 200, 200]
    again = client.post(f"{address}/all")
    assert (again.status_code, "每位学员都已开通" in again.content.decode()) == (422, True)
    assert as_viewer(world.tutor).post(f"{address}/all").status_code == 403
    assert Invite.objects.count() == 3
