"""Rows of evidence on the page: people and links, no references of the machine."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import World

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


FIGURES = (
    "registered_count", "compulsory_minutes", "outcome_count", "outcome_authors_commented", "exam_submitters",
    "discussion_required", "discussion_posters", "announcement_count", "exam_absentees",
)  # fmt: skip


def test_every_row_of_evidence_leads_to_what_it_is_about_and_shows_no_machine_reference(
    studied: tuple[World, Post],
) -> None:
    world, _post = studied
    for viewer in (world.manager, world.auditor):
        client, opened = browser(viewer), 0
        for figure in FIGURES:
            text = client.get(f"/staff/classes/small-2017/figures/{figure}/evidence").content.decode()
            rows = text.partition("<tbody>")[2].partition("</tbody>")[0]
            assert not re.search(r"\b(enrolment|post|outcome|attempt|quota|announcement|outcome_comment):\d", rows), (
                figure
            )
            hrefs = set(re.findall(r'<a href="([^"#]+)', rows))
            opened += len(hrefs)
            assert {client.get(href.replace("&amp;", "&")).status_code for href in hrefs} <= {200}, figure
        assert opened > 6


def test_a_page_of_evidence_asks_the_same_of_the_database_for_one_row_and_for_many(
    studied: tuple[World, Post],
) -> None:
    client, counts = browser(studied[0].manager), []
    client.get("/staff/classes/small-2017/")  # what is remembered between pages
    for query in ("?name=学员1", ""):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/staff/classes/small-2017/figures/registered_count/evidence{query}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
