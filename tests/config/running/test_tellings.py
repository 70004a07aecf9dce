"""The table of who is told of what names deeds that are really recorded, and tellings that bear anything."""

import re
import threading
import tomllib
from pathlib import Path

import pytest
from django.db import connections
from django.utils.module_loading import import_string
from factories.worlds import At, small_world
from house.tree import SOURCE

from yanxiu.config.running.tellings import TELLINGS
from yanxiu.core.time import clock
from yanxiu.kit.models import AuditEntry, Untold
from yanxiu.kit.telling import tell_untold
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.notices.models import Notice

WORDS = SOURCE / "faces" / "portal" / "office" / "audit_words.toml"


def test_every_deed_of_the_table_is_one_the_audit_log_knows(settings: object) -> None:
    known = tomllib.loads(WORDS.read_text(encoding="utf-8"))["actions"]
    assert TELLINGS.keys() <= known.keys()
    assert import_string("yanxiu.config.running.tellings.TELLINGS") is TELLINGS


def test_no_page_makes_a_notice() -> None:
    """A process may end between the action a page has called and what the page does next."""
    faces = (SOURCE / "faces").rglob("*.py")
    assert [path.name for path in faces if re.search(r"\b(notify|fan_out)\(", path.read_text(encoding="utf-8"))] == []


@pytest.mark.django_db
def test_what_has_gone_meanwhile_is_told_to_nobody_and_breaks_nothing(at: At) -> None:
    for action in TELLINGS:
        entry = AuditEntry.objects.create(
            at=clock.now(), actor_id=1, action=action, object_type="thing", object_id=10**9, to_state="running",
            details={"before": {}, "after": {}},
        )  # fmt: skip
        Untold.objects.create(entry=entry, due_at=entry.at)
    assert (tell_untold(), Untold.objects.count(), Notice.objects.count()) == (0, 0, 0)


def test_two_processes_tell_at_once_and_everybody_hears_once(at: At, database_file: Path) -> None:
    world = small_world(2)
    round_ = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=world.cls.starts_on, closes_on=world.cls.ends_on
    )
    post = discussion.publish_post(world.learners[0].viewer, round_, body="从身边的事讲起。")
    replies = [discussion.reply(world.tutor, post, body=f"讲得好{n}。") for n in range(3)]  # told at once: committed
    assert Notice.objects.filter(kind="comment").count() == len(replies)
    Notice.objects.all().delete()
    for entry in AuditEntry.objects.filter(action="reply"):
        Untold.objects.create(entry=entry, due_at=entry.at)
    together, made = threading.Barrier(2), []

    def tell() -> None:
        together.wait()
        made.append(tell_untold())
        connections.close_all()

    threads = [threading.Thread(target=tell) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(made), Notice.objects.filter(kind="comment").count(), Untold.objects.count()) == (3, 3, 0)
