"""After the last day: digest, freeze, the report drafted by the class manager and signed by the organiser, its files."""

import json
from datetime import datetime
from pathlib import Path

from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.stage import MAIN, Stage
from yanxiu.people.queries import viewer_of_person
from yanxiu.record.documents.docx import render_docx
from yanxiu.record.documents.html import render_page
from yanxiu.record.documents.pdf import render_pdf
from yanxiu.record.reports import actions as reports
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.proof.attachment import attachment
from yanxiu.record.reports.queries import live_doc
from yanxiu.record.reports.quoting.actions import answer_quotation
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.ports import ledger
from yanxiu.training.classes.actions import change_state, freeze_class

__all__ = ["close_class", "digest_all", "report_signed", "write_files"]

NARRATIVES = Path(reports.__file__).parent / "narratives"


def _at(clock: PlayClock, text: str) -> None:
    clock.move(int(datetime.fromisoformat(text).timestamp()))


def digest_all() -> None:
    """Until nothing is left to read."""
    while digest_once():
        pass


def close_class(stage: Stage, clock: PlayClock) -> None:
    """The facts are closed at a position of the ledger and of the audit log."""
    _at(clock, "2017-07-22T09:00:00+08:00")
    stage.classes[MAIN] = freeze_class(
        stage.staff["organiser"], stage.classes[MAIN], ledger_position=ledger().head()[0]
    )


def report_signed(stage: Stage, acting: Acting, clock: PlayClock) -> Report:
    """Written by one person, signed by another."""
    _at(clock, "2017-07-23T20:00:00+08:00")
    for key in ("quote_1", "quote_2"):
        post = acting.made[key]
        answer_quotation(viewer_of_person(post.author), post, quotable=True)
    _at(clock, "2017-07-24T10:00:00+08:00")
    words = json.loads((NARRATIVES / "closeout-2017.json").read_text(encoding="utf-8"))
    words["issued_on"] = "2017-07-24"
    words["quotes"] = {key: acting.made[key].pk for key in ("quote_1", "quote_2")}
    manager, organiser = stage.staff["class_manager"], stage.staff["organiser"]
    draft = reports.draft_report(
        manager, stage.classes[MAIN], template="jianbao", frontmatter=words,
        narrative=(NARRATIVES / "closeout-2017.md").read_text(encoding="utf-8"),
    )  # fmt: skip
    reviewed = reports.send_to_review(manager, draft)
    _at(clock, "2017-07-24T15:30:00+08:00")
    signed = reports.freeze_report(organiser, reviewed)
    stage.classes[MAIN] = change_state(organiser, stage.classes[MAIN], "reported")
    return signed


def write_files(report: Report, folder: Path) -> None:
    """The three forms of one tree."""
    doc = live_doc(report)
    (folder / "report.html").write_text(render_page(doc), encoding="utf-8")
    (folder / "report.docx").write_bytes(render_docx(doc))
    (folder / "report.pdf").write_bytes(render_pdf(doc, attachment(report)))
