"""Reads of reports: as frozen, or as they would be printed now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.snapshot import snapshot
from yanxiu.people.queries import Viewer
from yanxiu.record.figures.queries import Measured, facts, measured
from yanxiu.record.reports.blocks import figure_table, minutes_chart, weeks_of
from yanxiu.record.reports.composing import Checkpoint, Composed, compose
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.narrative import Sources
from yanxiu.record.reports.proof.drift import Drift, LaterChange, drift
from yanxiu.record.reports.proof.verification import Difference, Verification, verify_chains, verify_report
from yanxiu.record.reports.tree import Doc
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_view_data
from yanxiu.training.discussion.models import Post

__all__ = [
    "Difference", "Drift", "LaterChange", "ReportRow", "Verification", "composed", "drift", "frozen_reports", "live_doc", "report_by_id",
    "report_of", "reports_of", "sources_of", "verify_chains", "verify_report",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportRow:
    report_id: int
    revision: int
    state: str
    drafted_by: str
    signed_by: str
    digest: str


def _visible(viewer: Viewer, class_: TrainingClass) -> TrainingClass:
    stored = visible_classes(viewer).filter(pk=class_.pk).first()
    if stored is None or not can_view_data(viewer, stored):
        raise NotVisible
    return stored


def report_of(viewer: Viewer, class_: TrainingClass, revision: int | None = None) -> Report:
    """The newest report of a class (or one revision); NotVisible when there is none for this viewer."""
    reports = _visible(viewer, class_).reports.select_related("training_class", "drafted_by", "signed_by", "corrects")
    if revision is not None:
        reports = reports.filter(revision=revision)
    found = reports.order_by("-revision").first()
    if found is None:
        raise NotVisible
    return found


def report_by_id(report_id: int) -> Report | None:
    """For commands only, which have no viewer."""
    return Report.objects.select_related("training_class", "corrects").filter(pk=report_id).first()


def frozen_reports() -> list[Report]:
    """For commands only: every frozen report, oldest first."""
    frozen = Report.objects.select_related("training_class", "corrects").filter(state=Report.State.FROZEN)
    return list(frozen.order_by("pk"))


def reports_of(viewer: Viewer, class_: TrainingClass) -> list[ReportRow]:
    """Every revision, newest first."""
    rows = _visible(viewer, class_).reports.select_related("drafted_by", "signed_by").order_by("-revision")
    return [
        ReportRow(r.pk, r.revision, r.state, r.drafted_by.name, r.signed_by.name if r.signed_by else "", r.digest)
        for r in rows
    ]


def _quotes(class_: TrainingClass, frontmatter: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, str]]:
    """{"quote_1": post id} of the front matter, and who wrote them as facts."""
    named = frontmatter.get("quotes")
    quotes = {str(k): v for k, v in named.items() if isinstance(v, int)} if isinstance(named, dict) else {}
    posts = _posts(class_).select_related("author__organisation").in_bulk(list(quotes.values()))
    words = {}
    for name, post_id in quotes.items():
        if post := posts.get(post_id):
            words[f"{name}_author"] = post.author.name
            words[f"{name}_organisation"] = post.author.organisation.name if post.author.organisation else ""
    return quotes, words


def _posts(class_: TrainingClass) -> QuerySet[Post]:
    return Post.objects.filter(round__training_class=class_, state=Post.State.VISIBLE)


def _post_text(class_: TrainingClass, post_id: int) -> str | None:
    return _posts(class_).filter(pk=post_id).values_list("body", flat=True).first()


def _may_quote(class_: TrainingClass, post_id: int) -> bool:
    """What the staff write in their office may be quoted; a learner's words with the learner's consent."""
    return _posts(class_).filter(Q(quotable=True) | Q(by_learner=False), pk=post_id).exists()


def sources_of(class_: TrainingClass, frontmatter: Mapping[str, Any], figures: Mapping[str, Measured]) -> Sources:
    """Everything a narrative of this class may name."""
    values = {key: each.value for key, each in figures.items()}
    quotes, authors = _quotes(class_, frontmatter)
    compulsory, elective = figures["compulsory_minutes"].canonical, figures["elective_minutes"].canonical
    weeks = weeks_of(class_.starts_on, class_.ends_on, compulsory, elective)
    return Sources(
        figures=values,
        facts=facts(class_) | authors,
        blocks={"table:figures": figure_table(values), "chart:minutes": minutes_chart(weeks)},
        quotes=quotes,
        post_text=lambda post_id: _post_text(class_, post_id),
        may_quote=lambda post_id: _may_quote(class_, post_id),
    )


def composed(
    report: Report, figures: Mapping[str, Measured] | None = None, checkpoint: Checkpoint | None = None
) -> Composed:
    """The report set anew from its narrative, with the quantities typed by hand; Refused names what is wrong."""
    class_ = report.training_class
    with snapshot():
        sources = sources_of(class_, report.frontmatter, figures or measured(class_))
        return compose(
            reference=f"{class_.key}/{report.revision}",
            template=report.template,
            narrative=report.narrative,
            frontmatter=report.frontmatter,
            sources=sources,
            checkpoint=checkpoint or Checkpoint(),
        )


def live_doc(report: Report) -> Doc:
    """What is printed: the frozen tree, or the draft with the figures as they are now."""
    if report.state == Report.State.FROZEN:
        return Doc.from_json(report.tree)
    return composed(report).doc
