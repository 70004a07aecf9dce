"""After an erasure no file of the data directory holds a word of the person: tables, free pages, write-ahead logs, attachments."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from django.db import connections
from factories.worlds import At, World
from record.reporting import studied_class

from yanxiu.config.wiring import plug_engines
from yanxiu.kit import audit
from yanxiu.people.models import Account, Correction, Person
from yanxiu.people.privacy.actions import ask_takeout, build_takeout
from yanxiu.people.privacy.erasing import ERASED_TEXT, erase
from yanxiu.people.privacy.traces import empty_log, empty_log_if_due
from yanxiu.people.profile.corrections import decide_correction, propose_corrections
from yanxiu.people.profile.mail import new_link
from yanxiu.study import ports
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import Post
from yanxiu.training.notices.models import Notice
from yanxiu.training.outcomes import actions as outcomes
from yanxiu.training.outcomes.attachments.actions import add_attachment
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.participation.leave import ask_leave

NAME, NEW_NAME, PHONE, MAIL = "鲍信之", "鲍信芝", "10012345678", "baoxinzhi@example.invalid"
SECRETS = (NAME, NEW_NAME, PHONE, MAIL, "青石桥头", "月下读书", "清茶一盏", "秋雨绵绵", "家母住院", "远山如黛")
PDF = "%PDF-1.4\n1 0 obj<</T(远山如黛)>>endobj\ntrailer<<>>\n%%EOF\n".encode()


@pytest.fixture
def studied(
    at: At, database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[tuple[World, Post]]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    settings.DATA_DIR = tmp_path
    plug_engines()
    world, post = studied_class(at)
    yield world, post
    ports.unplug()


def _holding(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """(file, word) wherever one stands, as it is or as JSON escapes it."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for word in words:
            if word.encode() in content or json.dumps(word)[1:-1].encode() in content:
                found.append((str(path.relative_to(folder)), word))
    return found


def _live(world: World, at: At) -> Person:
    """One learner under a name and phone of their own does everything that leaves words behind."""
    one, two = world.learners[:2]
    Person.objects.filter(pk=one.person.pk).update(name=NAME, phone=PHONE, email=MAIL)
    Account.objects.filter(person=one.person).update(phone=PHONE)
    at("2017-06-24T09:00:00+08:00")
    round_ = discussion.open_round(
        world.manager, world.cls, num=2, theme="读书", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    theirs = discussion.publish_post(two.viewer, round_, body="各位怎样读书？")
    answer = discussion.reply(one.viewer, theirs, body="青石桥头，月下读书。" * 60)
    quoting = discussion.publish_post(two.viewer, round_, body="说得好。", quoted=answer)
    assert quoting.quoted_words
    set_task(world.manager, world.cls, kind="outcome", title="教案", file_kinds=("pdf",))
    draft = outcomes.save_outcome_draft(one.viewer, one.enrolment, title="清茶一盏", body="秋雨绵绵" * 300)
    add_attachment(one.viewer, draft, name="远山如黛.pdf", data=PDF)
    outcomes.save_outcome_draft(one.viewer, one.enrolment, title="清茶一盏", body="月下读书" * 50)
    ask_leave(
        one.viewer, one.enrolment, kind="leave", reason="家母住院", starts_on=date(2017, 6, 26),
        ends_on=date(2017, 6, 27),
    )  # fmt: skip
    for field in ("name", "post_title"):
        propose_corrections(one.viewer, {field: NEW_NAME})
    decide_correction(
        world.manager, Correction.objects.get(field="name"), approve=True, region_path=world.cls.region.path
    )
    new_link(Person.objects.get(pk=one.person.pk), "enter", MAIL)
    build_takeout(ask_takeout(one.viewer).pk)
    return Person.objects.get(pk=one.person.pk)


def test_no_file_of_the_data_directory_holds_a_word_of_somebody_erased(
    studied: tuple[World, Post], at: At, database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanxiu.people.privacy.traces.WAIT_MS", 50)
    world, _post = studied
    person = _live(world, at)
    (tmp_path / "last-error.txt").write_text(f"Traceback … {NAME}", encoding="utf-8")
    assert {word for _file, word in _holding(tmp_path, SECRETS)} == set(SECRETS)
    reader = pysqlite3.connect(str(database_file), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people_person").fetchone()
    erase(None, person)
    assert {file for file, _word in _holding(tmp_path, SECRETS)} <= {"database.sqlite3", "database.sqlite3-wal"}
    assert empty_log() is False  # somebody still reads the older state: it is tried again every minute
    reader.close()
    empty_log_if_due()
    assert _holding(tmp_path, SECRETS) == []
    assert connections["default"].cursor().execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    other = Notice.objects.filter(person=world.learners[1].person, kind="comment").get()
    assert (other.title, other.body, other.said) == (ERASED_TEXT, "", {})
    assert list(audit.broken_links()) == []
    assert list(ports.ledger().broken_links()) == []
    assert [entry for entry in ports.ledger().entries(0, 10_000) if entry.person_id == person.pk]  # facts stay
