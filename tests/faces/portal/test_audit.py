"""The audit log reads as words, all of them; it is searched by action, person and class."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.looking import look_for
from factories.worlds import person, settle, small_world

import yanxiu
from yanxiu.faces.portal.office.audit import in_words, vocabulary
from yanxiu.kit import audit
from yanxiu.kit.audit import Wanted, entries_before
from yanxiu.kit.models import AuditEntry
from yanxiu.people import actions
from yanxiu.people.models import Account, Person
from yanxiu.people.queries import SYSTEM

ROOMS = ("people", "training", "study", "record")


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _texts(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def _given(call: ast.Call, place: int, keyword: str) -> Iterator[ast.expr]:
    yield from (each.value for each in call.keywords if each.arg == keyword)
    yield from call.args[place : place + 1]


def _recorded(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Actions and objects of the calls of audit.record in a module, also through functions of its own that hand them on."""
    relays = {"record": (0, "action"), "record_each": (0, "action")}
    actions_found: set[str] = set()
    objects: set[str] = set()
    for _round in range(3):
        for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
            names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
            for call in [each for each in ast.walk(function) if isinstance(each, ast.Call) and _name(each) in relays]:
                for given in _given(call, *relays[_name(call)]):
                    if isinstance(given, ast.Name) and given.id in names:
                        relays[function.name] = (names.index(given.id), given.id)
                    else:
                        actions_found |= _texts(given)
                if _name(call).startswith("record") and len(call.args) > 1:
                    objects |= _texts(call.args[1])
    return actions_found, objects


def test_every_action_object_and_state_of_the_log_has_a_word() -> None:
    actions_found: set[str] = set()
    objects: set[str] = set()
    for room in ROOMS:
        for path in (Path(yanxiu.__file__).parent / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "audit" in text:
                found = _recorded(ast.parse(text))
                actions_found, objects = actions_found | found[0], objects | found[1]
    words = vocabulary()
    assert len(actions_found) > 130
    assert {each for each in actions_found if re.fullmatch("[a-z_]+", each)} - words["actions"].keys() == set()
    assert objects - words["objects"].keys() == set()
    models = [model for model in apps.get_models() if model.__module__.startswith("yanxiu.")]
    states = {str(value) for model in models for field in model._meta.fields if field.name in {"state", "role", "step"}
              for value, _label in field.choices or ()}  # fmt: skip
    of_the_log = states - {"ready", "fetched", "waiting", "claimed", "sent", "unsure", "present", "late", "left_early",
                           "leave", "absent"}  # fmt: skip
    assert of_the_log - words["states"].keys() == set()


@pytest.mark.django_db
def test_the_log_is_read_in_words_and_searched_by_action_person_and_class() -> None:
    world = small_world(2)
    auditor = person("管审计", 990)
    settle(auditor)
    actions.grant_region_role(SYSTEM, person=auditor, role="audit_admin", region=world.province)
    actions.issue_invite(world.manager, person=world.learners[0].person)
    client = Client()
    client.force_login(Account.objects.get(person=auditor))

    def rows(**asked: str) -> list[str]:
        page = look_for(client, "/administer/audit", asked.pop("who", ""), **asked).content.decode()
        return re.findall(r'<td title="(\w+)">', page)

    page = client.get("/administer/audit").content.decode()
    assert ("发邀请链接" in page, "issue_invite</td>" in page) == (True, False)
    assert (rows(action="issue_invite"), rows(who="无此人"), rows(cls="x" * 9) == rows()) == (
        ["issue_invite"],
        [],
        True,
    )
    name = AuditEntry.objects.get(action="issue_invite").actor_id
    assert set(AuditEntry.objects.filter(actor_id=name).values_list("action", flat=True)) >= set(rows(who="班主任"))
    own = rows(cls=str(world.cls.pk))
    assert own
    assert len(own) <= AuditEntry.objects.filter(class_id=world.cls.pk).count()
    assert in_words("actions", "not_named_yet") == "not_named_yet"


@pytest.mark.django_db
def test_older_entries_of_somebody_looked_for_are_theirs_alone_too() -> None:
    world = small_world(1)
    auditor = person("管审计", 990)
    settle(auditor)
    actions.grant_region_role(SYSTEM, person=auditor, role="audit_admin", region=world.province)
    client = Client()
    client.force_login(Account.objects.get(person=auditor))
    who = Person.objects.get(pk=world.manager.person_id)
    with transaction.atomic():
        for n in range(55):
            for actor in (world.manager.person_id, None):
                audit.record("rename_unit", "organisation", n, actor_id=actor)
    page = look_for(client, "/administer/audit", who.name, action="rename_unit").content.decode()
    older = re.search(r'href="(\?[^"]*before=[^"]*)"', page)
    assert older
    rest = client.get(f"/administer/audit{html.unescape(older[1])}").content.decode()
    assert (page.count('<td title="rename_unit">'), rest.count('<td title="rename_unit">')) == (50, 5)


@pytest.mark.django_db
def test_no_search_of_a_long_log_reads_it_from_end_to_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO kit_auditentry "
            "(at, actor_id, action, object_type, object_id, from_state, to_state, class_id, details, hash) SELECT "
            "'2017-06-08', i % 300, 'act_' || (i % 40), 'post', i, '', '', i % 7, '{}', '' FROM n"
        )
    for wanted in (
        Wanted("act_39"), Wanted("never"), Wanted(actors=[17, 18]), Wanted(class_id=3), Wanted("act_1", [17], 3), Wanted()
    ):  # fmt: skip
        for before in (None, 50_000):
            with CaptureQueriesContext(connection) as asked:
                entries_before(before, 50, wanted)
            (query,) = asked.captured_queries
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = [row[-1] for row in cursor.fetchall()]
            newest_first = wanted == Wanted() and before is None  # fifty rows from the end, none of them passed over
            assert [step for step in plan if step.startswith("SCAN")] == (
                ["SCAN kit_auditentry"] if newest_first else []
            )
