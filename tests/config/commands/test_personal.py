"""`export-me` and `erase-me`: everything held about a person comes out; afterwards nothing of it is left and every chain holds."""

import argparse
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from factories.worlds import At, World
from record.reporting import frozen, studied_class

from yanxiu.config.commands import verify
from yanxiu.config.commands.personal import erase_me, export_me
from yanxiu.config.wiring import plug_engines
from yanxiu.people.factors.actions import begin_totp, new_recovery_codes
from yanxiu.people.models import Account, Person, RecoveryCode
from yanxiu.people.profile.corrections import propose_corrections
from yanxiu.study import ports
from yanxiu.training.discussion.models import Post
from yanxiu.training.outcomes import actions as outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def studied(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[tuple[World, Post]]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    world, post = studied_class(at)
    learner = world.learners[0]
    at("2017-06-24T09:00:00+08:00")
    draft = outcomes.save_outcome_draft(learner.viewer, learner.enrolment, title="秘密题目", body="秘密正文" * 30)
    outcomes.submit_outcome(learner.viewer, draft)
    outcomes.submit_thought_report(learner.viewer, learner.enrolment, title="秘密思想", body="秘密汇报" * 30)
    propose_corrections(learner.viewer, {"name": "学员𠮷"})
    new_recovery_codes(learner.viewer)
    begin_totp(learner.viewer)
    at("2017-07-24T09:00:00+08:00")
    yield world, post
    ports.unplug()


def run(command: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(words)))


def everything() -> str:
    """All text in all tables but reports, which are documents of the class."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("record_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_copy_holds_what_the_person_did_and_no_secret(studied: tuple[World, Post], tmp_path: Path) -> None:
    world, _post = studied
    person, target = world.learners[0].person, tmp_path / "copy.zip"
    assert run(export_me, person.phone, "--out", str(target)) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    packed = zipfile.ZipFile(io.BytesIO(target.read_bytes()))
    tables = json.loads(packed.read("data.json"))["tables"]
    assert {
        "people.person", "people.account", "people.noticeanswer", "people.correction", "training.enrolment",
        "training.post", "training.outcome", "training.outcomeversion", "training.thoughtreport", "study.creditcell",
        "kit.auditentry",
    } <= tables.keys()  # fmt: skip
    assert tables["training.outcomeversion"][0]["body"].startswith("秘密正文")
    assert tables["people.correction"][0]["after"] == "学员𠮷"
    assert sum(row["credited_ms"] for row in tables["study.creditcell"]) == 10 * 60_000
    assert {row["person_id"] for row in tables["study.creditcell"]} == {person.pk}
    page, text = packed.read("index.html").decode(), packed.read("data.json").decode()
    assert "研修成果" in page
    assert "学员2" not in text
    secret = {*RecoveryCode.objects.values_list("code_hash", flat=True), Account.objects.get(person=person).password}
    assert not any(word in text or word in page for word in secret)
    assert run(export_me, str(person.uuid), "--out", str(target)) == 0
    assert run(export_me, "19999999999", "--out", str(target)) == 2


def test_nothing_of_the_person_is_left_and_every_chain_and_frozen_report_holds(
    studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]
) -> None:
    world, post = studied
    frozen(world, post)
    person = world.learners[0].person
    before = everything()
    assert all(word in before for word in ("学员1", "10000000100", "秘密题目", "秘密正文", "秘密汇报", "身边的事"))
    assert run(erase_me, person.phone) == 0  # only says whom
    assert Person.objects.get(pk=person.pk).name == "学员1"
    assert run(erase_me, person.phone, "--yes") == 0
    after = everything()
    for word in ("学员1", "学员𠮷", "10000000100", "秘密题目", "秘密正文", "秘密汇报", "身边的事"):
        assert [line for line in after.split("\n") if word in line] == [], word
    capsys.readouterr()
    assert run(verify, "--all", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["chains"]) == (True, [])
    assert [(each["differences"], each["drift"]) for each in shown["reports"]] == [([], [])]
    erased = Person.objects.get(pk=person.pk)
    assert (erased.name, erased.phone, erased.organisation) == ("已注销人员", None, None)
    assert erased.erased_at is not None
    assert Post.objects.get(pk=post.pk).characters == post.characters
    assert run(erase_me, str(person.uuid), "--yes") == 0  # twice changes nothing


def test_somebody_who_holds_a_role_gives_it_away_first(studied: tuple[World, Post]) -> None:
    world, _post = studied
    for viewer in (world.manager, world.organiser):
        person = Person.objects.get(pk=viewer.person_id)
        assert run(erase_me, str(person.uuid), "--yes") == 1
        person.refresh_from_db()
        assert person.erased_at is None
    assert run(erase_me, "nobody", "--yes") == 2
