"""Pages of the staff: who gets them, what is on them, a fixed number of statements."""

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import At, World, make_learner, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.standings import queries as standings
from yanxiu.record.assessment.standings.making import make
from yanxiu.record.assessment.standings.models import StandingsEdition
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db

READING = (
    "",
    "figures/mean_minutes",
    "figures/registration_rate",
    "figures/mean_minutes?fragment=1",
    "figures/mean_minutes/evidence",
    "figures/mean_minutes/evidence?part=denominator",
    "figures/announcement_count/evidence",
    "figures/discussion_posters/evidence?county=411200",
    "figures/mean_minutes/evidence.xlsx",
    "figures/exam_submitters/complement",
    "figures/discussion_posters/complement",
    "report",
)


def browser(viewer: Viewer | None) -> Client:
    client = Client()
    if viewer is not None:
        client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


@pytest.mark.parametrize("page", READING)
def test_the_class_manager_reads_every_page(studied: tuple[World, Post], page: str) -> None:
    answer = browser(studied[0].manager).get(f"/staff/classes/small-2017/{page}")
    assert answer.status_code == 200


@pytest.mark.parametrize("page", READING)
def test_nobody_else_does(at: At, page: str) -> None:
    world, address = small_world(), f"/staff/classes/small-2017/{page}"
    assert browser(world.other_manager).get(address).status_code == 404
    assert browser(world.learners[0].viewer).get(address).status_code == 403
    signed_out = browser(None).get(address)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/sign-in")


def test_the_list_of_classes_is_the_viewers_own(at: At) -> None:
    world = small_world()
    page = browser(world.manager).get("/staff/").content.decode()
    assert "三门峡小班" in page
    assert "南阳小班" not in page


def test_all_fifteen_figures_wear_the_mark_and_lead_to_their_rows(studied: tuple[World, Post]) -> None:
    client = browser(studied[0].manager)
    page = client.get("/staff/classes/small-2017/").content.decode()
    assert page.count('class="lg') == 15
    assert page.count('class="ev"') == 15
    fragment = client.get("/staff/classes/small-2017/figures/compulsory_minutes?fragment=1").content.decode()
    assert "<html" not in fragment
    assert "/figures/compulsory_minutes/evidence" in fragment
    for part in ("算法", "口径", "证据", "第 1 版"):
        assert part in fragment


def test_an_unknown_figure_is_no_page(studied: tuple[World, Post]) -> None:
    client = browser(studied[0].manager)
    for page in ("figures/nonsense", "figures/nonsense/evidence", "figures/nonsense/evidence.xlsx"):
        assert client.get(f"/staff/classes/small-2017/{page}").status_code == 404
    assert client.get("/staff/classes/small-2017/figures/announcement_count/complement").status_code == 404


def test_a_damaged_cursor_is_refused_with_what_to_do(studied: tuple[World, Post]) -> None:
    answer = browser(studied[0].manager).get("/staff/classes/small-2017/figures/mean_minutes/evidence?after=%FF%00")
    assert answer.status_code == 422
    assert "第一页" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["学员1", "学员2", "学员3"]),
        ("show=round", ["学员2", "学员3"]),
        ("show=exam&sort=-compulsory", ["学员1", "学员2", "学员3"]),
        ("sort=compulsory", ["学员2", "学员3", "学员1"]),
        ("county=411221", ["学员3"]),
        ("show=strange&sort=stranger&page=-7&county=", ["学员1", "学员2", "学员3"]),
        ("find=%00%F0%28", ["学员1", "学员2", "学员3"]),
        ("page=99999999999", ["学员1", "学员2", "学员3"]),
    ],
)
def test_the_table_of_learners_follows_its_address(
    studied: tuple[World, Post], query: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether everybody is judged for it, or, as in a large class, it is found in an edition."""
    client, address = browser(studied[0].manager), f"/staff/classes/small-2017/?{query}"
    judged = client.get(address).context["table"]
    assert [line.name for line in judged.rows] == names
    monkeypatch.setattr(standings, "LARGE", 0)
    assert client.get(address).context["table"] is None
    make(StandingsEdition.objects.get().pk)
    assert client.get(address).context["table"] == judged


def test_a_large_class_says_as_of_when_its_table_is_and_how_far_the_next_has_come(
    studied: tuple[World, Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "LARGE", 0)
    client, address = browser(studied[0].manager), "/staff/classes/small-2017/"
    assert "正在排队逐人核算" in client.get(address).content.decode()
    assert "正在排队逐人核算" in client.get(address).content.decode()
    edition = StandingsEdition.objects.get()  # looked at twice, ordered once
    StandingsEdition.objects.update(total=3, counted=2)
    page = client.get(address).content.decode()
    assert "正在逐人核算：2 / 3" in page
    assert "<progress" in page
    make(edition.pk)
    page = client.get(address).content.decode()
    assert "谁在名单里、先后和人数截至" in page
    assert "<progress" not in page


def test_the_data_page_of_an_empty_class_says_so(at: At) -> None:
    world = small_world(learners=0)
    page = browser(world.manager).get("/staff/classes/small-2017/").content.decode()
    assert "没有符合条件的学员" in page
    assert page.count("—") > 0


@pytest.mark.parametrize("page", ["", "figures/mean_minutes/evidence", "figures/exam_submitters/complement", "report"])
def test_a_larger_class_costs_no_more_statements(at: At, page: str) -> None:
    counts = []
    world = small_world(learners=1)
    client = browser(world.manager)
    address = f"/staff/classes/small-2017/{page}"
    client.get(address)
    for more in (0, 2):
        for n in range(more):
            make_learner(world.cls, world.schools[n % 2], f"后来{n}", 300 + n)
        with CaptureQueriesContext(connections["default"]) as found:
            assert client.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert counts[0] > 0
