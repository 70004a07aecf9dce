"""Who is who in the tables of personae_tables: every named route × everybody, with ids that are foreign to most of them.

`python -m pytest tests/house/test_routes.py` compares; `YANXIU_PERSONAE=print` prints what each route answers now, as a row
to be thought about before it is committed: a row is a decision, not a recording.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from factories.attendance import attendance_ids
from factories.exams import exam_ids
from factories.worlds import World, make_class, person, small_world
from factories.writing import writing_ids

from yanxiu.people import actions as people
from yanxiu.people.models import Account
from yanxiu.people.queries import SYSTEM, viewer_of_person
from yanxiu.record.reports.actions import draft_report
from yanxiu.study.integrity.actions import make_appeal
from yanxiu.study.models import UncountedCell
from yanxiu.training.classes import actions as classes
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.notices import actions as notices
from yanxiu.training.participation.leave import ask_leave
from yanxiu.training.participation.questions import Question
from yanxiu.training.participation.survey import publish_survey

__all__ = ["PERSONAE", "Cast", "Row", "cast", "client_of", "table"]

PERSONAE = (
    "own_manager",  # 班主任 of the class in the address
    "own_tutor",
    "own_organiser",  # of the class's city
    "own_auditor",
    "learner",  # of the class
    "other_manager",  # of another class in the same city
    "far_manager",  # of a class in another city
    "far_organiser",
    "far_learner",
    "other_school",  # a head teacher of another school, without any part in a class
    "system_admin",
    "security_admin",
    "audit_admin",
    "signed_out",
)


@dataclass(frozen=True)
class Row:
    """One route and method: the body sent with it, and the status for each persona in the order of PERSONAE."""

    name: str
    method: str
    body: dict[str, Any]
    expected: tuple[int, ...]


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    """The committed tables as one. Arguments of class.toml are everybody's, those of another table its own routes'."""
    merged: dict[str, Any] = {"arguments": {}, "routes": {}}
    for path in sorted(Path(__file__).with_name("personae_tables").glob("*.toml")):
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        routes = held["routes"]
        assert not merged["routes"].keys() & routes.keys(), path.name
        merged["routes"].update(routes)
        if path.name == "class.toml":
            merged["arguments"][""] = held["arguments"]
        else:
            merged["arguments"].update(dict.fromkeys(routes, held.get("arguments", {})))
    return merged


def table() -> list[Row]:
    """All rows of the committed table."""
    rows = []
    for name, methods in _file()["routes"].items():
        for method, row in methods.items():
            rows.append(Row(name, method, row.get("body", {}), tuple(row["expected"])))
    return rows


@dataclass
class Cast:
    """The world and the account of each persona; `ids` fills the addresses and the {placeholders} of bodies."""

    world: World
    accounts: dict[str, Account | None]
    ids: dict[str, Any]
    cookies: dict[str, dict[str, str]]

    def arguments(self, route: str, converters: Any) -> dict[str, Any]:
        """The arguments of a route's address; a name nobody has thought of fails here."""
        given = _file()["arguments"]
        known = given[""] | given.get(route, {})
        return {name: self.fill(known[name]) for name in converters}

    def fill(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("{"):
            return self.ids[value[1:-1]]
        return value


def _administrator(world: World, number: int, role: str) -> Account:
    holder = person(role, number, world.institute)
    people.grant_region_role(SYSTEM, person=holder, role=role, region=world.province)
    return Account.objects.get(person=holder)


def cast() -> Cast:
    """A small world with one of everybody."""
    world = small_world()
    neighbour = make_class(world.organiser, world.city, world.institute, key="next-2017", name="邻班")
    other_manager = person("邻班主", 60, world.institute)
    classes.assign_role(SYSTEM, neighbour, person=other_manager, role="class_manager")
    head = person("外校长", 61, world.other_school)
    viewers = {
        "own_manager": world.manager, "own_tutor": world.tutor, "own_organiser": world.organiser,
        "own_auditor": world.auditor, "learner": world.learners[0].viewer, "other_manager": viewer_of_person(other_manager),
        "far_manager": world.other_manager, "far_organiser": world.other_organiser,
        "far_learner": world.other_learner.viewer, "other_school": viewer_of_person(head),
    }  # fmt: skip
    accounts: dict[str, Account | None] = {
        name: Account.objects.get(pk=viewer.account_id) for name, viewer in viewers.items()
    }
    for number, role in enumerate(("system_admin", "security_admin", "audit_admin"), start=70):
        accounts[role] = _administrator(world, number, role)
    accounts["signed_out"] = None
    draft_report(
        world.manager, world.cls, template="jianbao", narrative="# 小班学习\n\n注册人数{{ registered_count }}。\n",
        frontmatter={"name": "学习简报", "number": "1", "issuer": "办公室", "issued_on": "2017-07-28", "issue": "各校"},
    )  # fmt: skip
    ids = {
        "class_key": world.cls.key,
        "learner_person": world.learners[1].person.pk,
        "person": world.learners[1].person.uuid,
        "enrolment": world.learners[0].enrolment.pk,
        "lesson": world.lessons[0].pk,
    }
    return Cast(
        world,
        accounts,
        ids
        | _appeal(world)
        | _participation(world)
        | _discussion(world)
        | exam_ids(world)
        | writing_ids(world)
        | attendance_ids(world),
        {name: _signed_in(account) for name, account in accounts.items()},
    )


def _appeal(world: World) -> dict[str, Any]:
    """Time of the first learner that was not counted, and an appeal of it."""
    learner, day = world.learners[0], date(2017, 6, 9)
    whose = {"class_id": world.cls.pk, "enrolment_id": learner.enrolment.pk, "lesson_id": world.lessons[0].pk}
    UncountedCell.objects.create(**whose, person_id=learner.person.pk, day=day, reason="unproven", uncounted_ms=60_000)
    return {"appeal": make_appeal(learner.viewer, **whose, day=day, reason="unproven", text="当时在做笔记。").pk}


def _participation(world: World) -> dict[str, Any]:
    """An announcement, a survey and a request for leave of the class."""
    draft = notices.draft_announcement(world.manager, world.cls, title="开班通知", body="请按时学习。")
    notices.publish_announcement(world.manager, draft)
    survey = publish_survey(
        world.manager, world.cls, title="问卷", opens_on=date(2017, 6, 10), closes_on=date(2017, 7, 21),
        questions=[Question("text", "您的建议")],
    )  # fmt: skip
    learner = world.learners[0]
    leave = ask_leave(
        learner.viewer, learner.enrolment, kind="leave", starts_on=date(2017, 6, 20), ends_on=date(2017, 6, 21),
        reason="学校有事",
    )  # fmt: skip
    return {"announcement": draft.uuid, "survey": survey.uuid, "leave": leave.uuid}


def _discussion(world: World) -> dict[str, Any]:
    """An open round with another learner's post and a report of it that waits."""
    round_ = discussion.open_round(
        world.manager, world.cls, num=1, theme="学校管理", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 30)
    )
    post = discussion.publish_post(world.learners[1].viewer, round_, body="一帖")
    abuse = discussion.report_post(world.learners[2].viewer, post, reason="与主题无关")
    return {"post": post.uuid, "abuse": abuse.pk}


def _signed_in(account: Account | None) -> dict[str, str]:
    """The cookies of somebody who has just signed in and been at one page: the first one after signing in gives the session
    a new key and its duties, which would otherwise be done (and rolled back) in every request of the table.
    """
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
        assert client.get(reverse("portal:check")).status_code == 200
    return {name: cookie.value for name, cookie in client.cookies.items()}


def client_of(played: Cast, persona: str) -> Client:
    """A browser signed in as the persona, in the session that everybody got when the world was made."""
    client = Client(raise_request_exception=False)
    client.cookies.load(played.cookies[persona])
    return client
