"""No undeclared route, no route without an audience, and what every persona gets on each of them."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from personae import PERSONAE, Cast, Row, cast, client_of, table

from yanxiu.config.urls import ROUTES
from yanxiu.config.wiring import plug_engines
from yanxiu.faces.frame.guard import AUDIENCES
from yanxiu.faces.frame.permissions import is_known
from yanxiu.faces.frame.routes import Route
from yanxiu.people.queries import SYSTEM
from yanxiu.study import ports
from yanxiu.training.classes.actions import change_state, freeze_class
from yanxiu.training.classes.models import TrainingClass


def walked(resolver: URLResolver, face: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walked(entry, entry.namespace or face)
        else:
            yield face, entry


PATTERNS = {f"{face}:{pattern.name}": pattern for face, pattern in walked(get_resolver())}
DECLARED: dict[str, Route] = {f"{face}:{route.name}": route for face, routes in ROUTES.items() for route in routes}
ROWS = {(row.name, row.method): row for row in table()}


def test_every_address_of_the_urlconf_is_a_declared_route() -> None:
    assert set(PATTERNS) == set(DECLARED)
    assert len(PATTERNS) == sum(len(routes) for routes in ROUTES.values())
    for name, pattern in PATTERNS.items():
        assert getattr(pattern.callback, "route", None) is DECLARED[name], name


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_route_declares_an_audience_and_a_known_permission(name: str) -> None:
    route = DECLARED[name]
    assert route.audience in AUDIENCES
    assert is_known(route.permission), route.permission
    assert route.permission or route.audience not in {"staff", "learner"} or "<" not in route.pattern
    assert set(route.methods) <= {"GET", "POST"}


def test_the_table_lists_every_route_and_method_and_no_other() -> None:
    assert set(ROWS) == {(name, method) for name, route in DECLARED.items() for method in route.methods}
    assert {len(row.expected) for row in ROWS.values()} == {len(PERSONAE)}


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """One world for the whole table, in one transaction that is rolled back; the clock of facts stands on its first day."""
    file = tmp_path_factory.mktemp("clock") / "now"
    file.write_text("2017-06-10T08:00:00+08:00", encoding="ascii")
    plug_engines()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("YANXIU_TEST_CLOCK", str(file))
        own = connections["snapshot"]
        connections["snapshot"] = connections["default"]  # as tests/conftest.py does for a single test
        made = cast()
        connections["snapshot"] = own
        yield made
        transaction.set_rollback(True)
    ports.unplug()


def _status(played: Cast, row: Row, persona: str) -> int:
    """What the persona gets; whatever it wrote is rolled back before the next one."""
    address = reverse(row.name, kwargs=played.arguments(row.name, PATTERNS[row.name].pattern.converters))
    body = {key: played.fill(value) for key, value in row.body.items()}
    with transaction.atomic():
        client = client_of(played, persona)
        if row.method == "GET":
            status = client.get(address).status_code
        elif address.startswith("/api/"):
            status = client.post(address, body, content_type="application/json").status_code
        else:
            status = client.post(address, body).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "method"), sorted(ROWS))
def test_each_persona_gets_what_the_table_says(played: Cast, name: str, method: str) -> None:
    row = ROWS[name, method]
    found = {persona: _status(played, row, persona) for persona in PERSONAE}
    if os.environ.get("YANXIU_PERSONAE") == "print":
        print(f'\n[routes."{name}".{method}]\nexpected = {list(found.values())}')
    assert found == dict(zip(PERSONAE, row.expected, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DECLARED))
def test_methods_that_are_not_declared_are_refused_to_everybody(played: Cast, name: str) -> None:
    address = reverse(name, kwargs=played.arguments(name, PATTERNS[name].pattern.converters))
    refused = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - set(DECLARED[name].methods)
    for persona in ("own_manager", "signed_out"):
        client = client_of(played, persona)
        assert {method: client.generic(method, address).status_code for method in refused} == dict.fromkeys(
            refused, 405
        )


# Navigation ----------------------------------------------------------------------------------------------------------

_STAFF, _LEARNER = "/staff/classes/small-2017/", "/my/classes/small-2017"
PAGES = {
    "own_manager": (_STAFF,), "own_tutor": (_STAFF,), "own_organiser": (_STAFF, "/staff/"), "own_auditor": (_STAFF,),
    "learner": (_LEARNER,),
}  # fmt: skip


def links(client: Client, address: str) -> set[str]:
    """Every address in the navigation of a page, and in the tools of its top bar."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    parts = re.findall(r"<nav.*?</nav>|<header.*?</header>", answer.content.decode(), flags=re.DOTALL)
    found = {href for part in parts for href in re.findall(r'href="(/[^"#?]*)', part)}
    return {href for href in found if not href.startswith("/static/")}


def opens(played: Cast, persona: str, href: str) -> bool:
    """By the table of routes and personae, which is itself tested against the pages; what is not in it is asked."""
    row = ROWS.get((resolve(href).view_name, "GET"))
    if row is None:
        return client_of(played, persona).get(href).status_code == 200
    return row.expected[PERSONAE.index(persona)] == 200


@pytest.mark.django_db
def test_every_link_of_every_navigation_opens_for_whoever_sees_it(played: Cast) -> None:
    seen = {}
    for persona in PERSONAE:
        client = client_of(played, persona)
        pages = ("/", *PAGES.get(persona, ())) if persona != "signed_out" else ()
        seen[persona] = {href for page in pages for href in links(client, page)}
    assert {(who, href) for who, found in seen.items() for href in found if not opens(played, who, href)} == set()
    assert {len(seen[persona]) > 8 for persona in PAGES} == {True}
    manages = {f"{_STAFF}roster", f"{_STAFF}corrections", f"{_STAFF}courses", f"{_STAFF}setup"}
    assert manages <= seen["own_manager"]
    assert not manages & (seen["own_tutor"] | seen["own_auditor"] | seen["learner"])


# Pages of a class that is over ------------------------------------------------------------------------------------------

HARMLESS = {"portal:preferences", "portal:search"}  # language, display, looking for somebody
# What everybody may always say about themselves, and have decided: corrections and erasing, leave to be quoted, notices. And a
# certificate that should not have been given is revoked whenever that comes out.
OUTLASTING = {"staff:corrections", "learner:post_consent", "learner:outcome", "learner:notices"}
OUTLASTING |= {"staff:certificate_revoke", "staff:certificate_reissue"}


def posting(client: Client, address: str) -> tuple[set[str], set[str]] | None:
    """Routes that the forms of a page post to, and those among them marked to outlast the class; None where it is no page."""
    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
        return None
    forms = [form for form in re.findall(r"<form\b[^>]*>", answer.content.decode()) if 'method="post"' in form]
    names = []
    for form in forms:
        action = re.search(r'action="([^"?#]+)', form)
        names.append((resolve(action.group(1) if action else address).view_name, 'data-until="archived"' in form))
    return {name for name, lasts in names if not lasts}, {name for name, lasts in names if lasts}


@pytest.mark.django_db
def test_no_page_of_an_archived_class_has_a_form_that_would_be_refused(played: Cast) -> None:
    pages = [
        (name, reverse(name, kwargs=played.arguments(name, PATTERNS[name].pattern.converters)))
        for name, route in sorted(DECLARED.items())
        if name.startswith(("staff:", "learner:")) and "GET" in route.methods and "<slug:key>" in route.pattern
    ]
    left: dict[tuple[str, str], set[str]] = {}
    seen: list[tuple[str, set[str]]] = []
    with transaction.atomic():
        over = freeze_class(SYSTEM, TrainingClass.objects.get(key="small-2017"), ledger_position=0)
        for state in ("reported", "archived"):
            over = change_state(SYSTEM, over, state)
        clients = {who: client_of(played, who) for who in ("own_organiser", "own_manager", "own_tutor", "learner")}
        for persona, client in clients.items():
            for name, address in pages:
                if ROWS[name, "GET"].expected[PERSONAE.index(persona)] == 200 and (found := posting(client, address)):
                    seen.append((name, found[1]))
                    if found[0] - HARMLESS:
                        left[persona, name] = found[0] - HARMLESS
        setup = clients["own_manager"].get(reverse("staff:setup", args=["small-2017"])).content.decode()
        transaction.set_rollback(True)
    assert (left, len(seen) > 80) == ({}, True)
    assert set().union(*(lasting for _name, lasting in seen)) <= OUTLASTING
    assert re.search(
        r"本班已归档（20\d\d-\d\d-\d\d \d\d:\d\d），内容只供阅读，不再接收提交和修改；有差错请联系班主任。", setup
    )
