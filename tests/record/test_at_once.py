"""Two people press the same button at the same moment: one of them does it, the other hears why not, nothing is done twice."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from factories.passing import passed_class
from factories.worlds import At, World

from yanxiu.config.wiring import plug_engines
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Correction, Person
from yanxiu.people.profile.corrections import decide_correction, propose_corrections
from yanxiu.people.queries import Viewer
from yanxiu.record.certificates.actions import order_certificates
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.reports.actions import draft_report, freeze_report, send_to_review
from yanxiu.record.reports.models import FrozenFigure, Report
from yanxiu.study import ports
from yanxiu.study.integrity.actions import confirm_appeal, make_appeal, propose_appeal
from yanxiu.study.models import Appeal, UncountedCell
from yanxiu.training.classes.actions import allot_quota, assign_role

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "snapshot"])
ZONE = "Asia/Shanghai"


@pytest.fixture
def world(at: At, database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A class about to end: two passed, a second manager, seats allotted."""
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    world = passed_class(at, 2)
    for school in world.schools:
        allot_quota(world.organiser, world.cls, org=school, seats=1)
    second = Person.objects.get(pk=world.other_manager.person_id)
    assign_role(world.organiser, world.cls, person=second, role="class_manager")
    yield world
    ports.unplug()


def at_once(deed: Callable[[Viewer], Any], *actors: Viewer) -> list[str]:
    """What each of them hears: "" or the code of the refusal."""
    heard: list[str] = []
    start = threading.Barrier(len(actors))

    def press(actor: Viewer) -> None:
        start.wait()
        try:
            deed(actor)
            heard.append("")
        except Refused as refused:
            heard.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(heard)


def _acts(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def _proposed(world: World) -> Appeal:
    learner, day = world.learners[2], date(2017, 6, 12)  # the digest will make their credit anew, from the ledger
    whose = {"class_id": world.cls.pk, "enrolment_id": learner.enrolment.pk, "lesson_id": world.lessons[0].pk}
    UncountedCell.objects.create(**whose, person_id=learner.person.pk, day=day, reason="unproven", uncounted_ms=60_000)
    made = make_appeal(learner.viewer, **whose, day=day, reason="unproven", text="当时在做笔记。")
    return propose_appeal(world.manager, made, answer="属实。")


def test_of_two_at_once_one_does_it_and_the_other_hears_why(world: World, at: At) -> None:
    both = (world.organiser, world.other_manager)
    appeal = _proposed(world)
    assert at_once(lambda actor: confirm_appeal(actor, appeal, zone=ZONE), *both) == ["", "decided"]
    assert _acts("confirm_appeal") == 1
    assert sum(entry.kind == "correction" for entry in ports.ledger().entries(0, 1000)) == 1

    (wish,) = propose_corrections(world.learners[0].viewer, {"post_title": "副校长"})
    path = world.cls.region.path
    heard = at_once(lambda actor: decide_correction(actor, wish, approve=True, region_path=path), *both)
    assert heard == ["", "wrong_state"]
    assert (_acts("decide_correction"), Correction.objects.get(pk=wish.pk).state) == (1, "approved")

    at("2017-07-24T09:00:00+08:00")
    frontmatter = {"name": "学习简报", "number": "1", "issuer": "办公室", "issued_on": "2017-07-28", "issue": "各校"}
    words = "# 小班结业\n\n注册人数{{ registered_count }}。\n"
    draft = draft_report(world.manager, world.cls, template="jianbao", narrative=words, frontmatter=frontmatter)
    report = send_to_review(world.manager, draft)
    assert at_once(lambda actor: freeze_report(actor, report), *both) == ["", "wrong_state"]
    assert (_acts("freeze_report"), _acts("freeze_class")) == (1, 1)
    assert Report.objects.get(pk=report.pk).state == "frozen"
    assert FrozenFigure.objects.filter(report=report).count() == FrozenFigure.objects.values("key").distinct().count()

    world.cls.refresh_from_db()
    heard = at_once(lambda actor: order_certificates(actor, world.cls), *both, world.manager)
    assert heard == ["", "", ""]  # who comes second is shown how far the first order has come
    numbers = list(Certificate.objects.order_by("serial").values_list("number", flat=True))
    assert numbers == ["SMALL-2017-00001", "SMALL-2017-00002"]
    assert _acts("issue_certificate") == 2
    assert list(audit.broken_links()) == []
