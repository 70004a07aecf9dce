"""Every page of the learner's face: light, from this host only, and no dearer for a class of thirty than for one of three."""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from factories.passing import credit
from factories.worlds import At, make_learner
from personae import PERSONAE, Cast, cast, client_of, table

from yanxiu.config.urls import ROUTES
from yanxiu.config.wiring import plug_engines
from yanxiu.training.discussion.actions import publish_post
from yanxiu.training.outcomes.actions import comment_outcome, save_outcome_draft, submit_outcome

pytestmark = pytest.mark.django_db

PAGE = (
    60 * 1024
)  # gzipped, with its own style sheets and scripts; without media and without the editor, asked for on a click
SHEET = 25 * 1024
LEARNER = PERSONAE.index("learner")
ON_DEMAND = ("prose_editor", "editor")  # loaded when somebody opens the editor: docs/decisions


@pytest.fixture
def played(at: At) -> Cast:
    plug_engines()
    return cast()


def addresses(played: Cast) -> Iterator[str]:
    """Of every page a learner of the class may open, as the tables of personae have it."""
    converters = {
        f"{entry.namespace}:{each.name}": each.pattern.converters
        for entry in get_resolver().url_patterns
        for each in entry.url_patterns
    }
    declared = {f"learner:{route.name}" for route in ROUTES["learner"]}
    for row in table():
        if row.name in declared and row.method == "GET" and row.expected[LEARNER] == 200:
            yield reverse(row.name, kwargs=played.arguments(row.name, converters[row.name]))


@cache
def _file(address: str) -> Path:
    """The source of a static address, its hash taken off."""
    plain = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", urlsplit(address).path.removeprefix("/static/"))
    found = finders.find(plain)
    assert found, address
    return Path(str(found))


@cache
def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def _with_imports(path: Path, seen: set[Path]) -> None:
    """A module and what it imports at once; import() waits for a click."""
    if path in seen:
        return
    seen.add(path)
    if path.suffix == ".js":
        for target in _imported(path):
            _with_imports((path.parent / target).resolve(), seen)


@cache
def _imported(path: Path) -> list[str]:
    return re.findall(r"""^(?:import|export)\b[^;'"]*['"](\.[^'"]+)['"]""", path.read_text(), re.MULTILINE)


def _weighed(page: str) -> tuple[int, list[str]]:
    """Bytes over the wire, and hosts that are not ours."""
    links = re.findall(r"""<(?:link|script|img|source|iframe)\b[^>]*?\s(?:href|src)="([^"]+)\"""", page)
    files: set[Path] = set()
    for link in links:
        if link.startswith("/static/") and not any(name in link for name in ON_DEMAND):
            _with_imports(_file(link), files)
    for icons in set(re.findall(r'<use href="([^"#]+)#', page)):
        files.add(_file(icons))
    weight = len(gzip.compress(page.encode())) + sum(map(_packed, files))
    return weight, [link for link in links if urlsplit(link).netloc]


def test_the_style_sheet_of_all_pages_is_light() -> None:
    assert len(gzip.compress(_file("/static/frame/app.css").read_bytes())) <= SHEET


def _counted(client: Client, wanted: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """How many statements each page takes, and the pages."""
    counts, pages = {}, {}
    for address in wanted:
        client.get(address)  # what a page writes once (read marks, the session) is written now
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        counts[address] = len(queries)
        if answer.headers["Content-Type"].startswith("text/html"):
            pages[address] = answer.content.decode()
    return counts, pages


def _grown(played: Cast, at: At, learners: int) -> None:
    """More classmates, each of whom studies, posts and hands in."""
    world = played.world
    for n in range(learners):
        learner = make_learner(world.cls, world.schools[n % 3], f"同学{n}", 500 + n)
        credit(world, learner, 10)
        for each in world.cls.rounds.all():
            at(f"{each.opens_on}T09:00:00+08:00")
            publish_post(learner.viewer, each, body="微党课要从身边的事讲起，才听得进去。" * 3)
        draft = save_outcome_draft(learner.viewer, learner.enrolment, title=f"做法{n}", body="正文" * 400)
        comment_outcome(world.tutor, submit_outcome(learner.viewer, draft), body="好")


def test_every_page_is_light_from_this_host_only_and_no_dearer_for_thirty_learners_than_for_three(
    played: Cast, at: At
) -> None:
    client, wanted = client_of(played, "learner"), list(addresses(played))
    before, pages = _counted(client, wanted)
    _grown(played, at, 27)
    at("2017-06-10T08:00:00+08:00")
    after, larger = _counted(client, wanted)
    weighed = {(address, n): _weighed(shown[address]) for n, shown in ((3, pages), (30, larger)) for address in shown}
    assert len(pages) >= 3
    assert {page: weight for page, (weight, _hosts) in weighed.items() if weight > PAGE} == {}
    assert {page: hosts for page, (_weight, hosts) in weighed.items() if hosts} == {}
    assert {address: (before[address], after[address]) for address in wanted if before[address] != after[address]} == {}
