"""Draft → review → frozen by two different people; a correction is the next revision."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.evidence import from_canonical
from yanxiu.core.figures import measure
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import Viewer
from yanxiu.record.figures.queries import AsOf, Measured, invariants, measured, position
from yanxiu.record.reports import signing
from yanxiu.record.reports.composing import Checkpoint, Composed
from yanxiu.record.reports.models import FrozenFigure, Report
from yanxiu.record.reports.proof.attachment import digest_of, payload
from yanxiu.record.reports.queries import composed
from yanxiu.record.reports.quoting.queries import wanting
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.ports import ledger
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_manage, is_closed, local_text, require

__all__ = [
    "correct_report", "draft_report", "freeze_report", "return_report", "save_narrative", "send_to_review",
]  # fmt: skip

WRITING = ("draft_report", "save_narrative", "correct_report")


def _record(actor: Viewer, action: str, report: Report, before: str, after: str, **details: Any) -> AuditEntry:
    return audit.record(
        action, "report", report.pk, actor_id=actor.person_id, class_id=report.training_class_id,
        from_state=before, to_state=after, **details,
    )  # fmt: skip


def _person(actor: Viewer) -> int:
    if actor.person_id is None:
        raise Refused("not_allowed", _("报告须由本人登录后办理。"))
    return actor.person_id


def _stored(actor: Viewer, report: Report, *states: str) -> Report:
    """The report as stored now, if this actor may work on it and it is in one of the states."""
    stored = (
        Report.objects.select_for_update(of=("self",)).select_related("training_class").filter(pk=report.pk).first()
    )
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    if stored.state not in states:
        label = dict(Report.State.choices)[stored.state]
        raise Refused("wrong_state", _("报告现在是“%s”，不能这样办理。") % label, field="state")
    return stored


@transaction.atomic
def draft_report(
    actor: Viewer, cls: TrainingClass, *, template: str, narrative: str, frontmatter: Mapping[str, Any] | None = None
) -> Report:
    """The first revision. The narrative is set once, so that an unknown figure is refused here and not at the freeze."""
    person_id = _person(actor)
    stored = visible_classes(actor).filter(pk=cls.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored)
    if stored.reports.exists():
        raise Refused("report_exists", _("本班已有报告：草稿请继续编辑，已冻结的请办理更正。"))
    report = Report(
        training_class=stored, template=template, narrative=narrative, frontmatter=dict(frontmatter or {}),
        drafted_by_id=person_id,
    )  # fmt: skip
    composed(report)
    report.save(force_insert=True)
    _record(actor, "draft_report", report, "", Report.State.DRAFT)
    return report


@transaction.atomic
def save_narrative(
    actor: Viewer,
    report: Report,
    *,
    narrative: str | None = None,
    frontmatter: Mapping[str, Any] | None = None,
    template: str | None = None,
    note: str | None = None,
) -> Report:
    """Change a draft; what is None stays."""
    _person(actor)
    stored = _stored(actor, report, Report.State.DRAFT)
    stored.narrative = stored.narrative if narrative is None else narrative
    stored.frontmatter = stored.frontmatter if frontmatter is None else dict(frontmatter)
    stored.template = template or stored.template
    stored.note = stored.note if note is None else note.strip()
    composed(stored)
    stored.save(update_fields=["narrative", "frontmatter", "template", "note"])
    _record(actor, "save_narrative", stored, stored.state, stored.state)
    return stored


def _moved(actor: Viewer, report: Report, action: str, before: str, after: str) -> Report:
    _person(actor)
    stored = _stored(actor, report, before)
    stored.state = after
    stored.save(update_fields=["state"])
    _record(actor, action, stored, before, after)
    return stored


@transaction.atomic
def send_to_review(actor: Viewer, report: Report) -> Report:
    """The drafter is done; the text stands still until it is signed or returned. Every author quoted must have agreed."""
    stored = _stored(actor, report, Report.State.DRAFT)
    _require_consent(stored, composed(stored))
    return _moved(actor, report, "send_to_review", Report.State.DRAFT, Report.State.REVIEW)


@transaction.atomic
def return_report(actor: Viewer, report: Report) -> Report:
    """Back to the drafter."""
    return _moved(actor, report, "return_report", Report.State.REVIEW, Report.State.DRAFT)


def freeze_report(actor: Viewer, report: Report) -> Report:
    """Second signature: figures, rows, tree, digest and signature are stored in one transaction, or nothing is.

    A class still open is frozen with it, at the position the digest has read to. The digest comes first, in transactions of
    its own: what it writes can always be made again.
    """
    if not is_closed(report.training_class):
        while digest_once():
            pass
    with transaction.atomic():
        stored = _stored(actor, report, Report.State.REVIEW)
        _require_second_person(actor, stored)
        return _freeze(actor, stored)


def _require_consent(report: Report, made: Composed) -> None:
    for missing in wanting(report, made.unagreed):
        message = _(
            "正文引用了%(author)s在第 %(num)d 轮研讨中的帖子，作者还没有同意：请在预览旁按“请作者同意引用”，或删去这段引文。"
        )
        words = {"author": missing.author, "num": missing.round_num}
        raise Refused("no_consent", message % words, field="narrative", row=missing.line)


def _require_second_person(actor: Viewer, report: Report) -> None:
    """Whoever wrote any of it cannot sign it."""
    person_id = _person(actor)
    wrote = AuditEntry.objects.filter(
        object_type="report", object_id=report.pk, action__in=WRITING, actor_id=person_id
    ).exists()
    if wrote or person_id == report.drafted_by_id:
        raise Refused("same_person", _("起草人不能自己签发，请由另一位班主任或组织管理者签发。"))


def _freeze(actor: Viewer, report: Report) -> Report:
    class_ = report.training_class
    closed = is_closed(class_)
    as_of = AsOf(class_.frozen_audit_position or 0, class_.frozen_ledger_position or 0) if closed else None
    # Read through the snapshot: this transaction holds the write lock, so nothing moves between here and the commit.
    figures = measured(class_, as_of=as_of)
    _require_invariants(report, figures, as_of)
    if as_of is None:
        class_ = freeze_class(actor, class_, ledger_position=position().ledger)
        as_of = AsOf(class_.frozen_audit_position or 0, class_.frozen_ledger_position or 0)
        report.training_class = class_
    checkpoint = _checkpoint(as_of, class_.zone)
    made = composed(report, figures, checkpoint)
    _require_consent(report, made)
    if made.hand_typed and not report.note:
        first = made.hand_typed[0]
        message = _("正文有手工填写的数字“%(words)s”（…%(around)s…）：请改用指标占位符，或在说明中写明理由。")
        words = {"words": first.words, "around": first.around}
        raise Refused("hand_typed", message % words, field="narrative", row=first.line)
    report.state, report.signed_by_id, report.tree = Report.State.FROZEN, actor.person_id, made.doc.to_json()
    report.frozen_at = clock.from_ms(clock.to_ms(clock.now()))
    report.audit_position, report.ledger_position = as_of.audit, as_of.ledger
    for key, each in figures.items():
        _store(report, key, each)
    report.digest = digest_of(payload(report))
    report.signature = signing.sign(report.digest)
    report.save()
    _record(actor, "freeze_report", report, Report.State.REVIEW, Report.State.FROZEN, digest=report.digest)
    return report


def _require_invariants(report: Report, figures: Mapping[str, Measured], as_of: AsOf | None) -> None:
    if not figures["registered_count"].value.number:
        raise Refused("empty_class", _("本班没有注册学员，没有可以报告的数据。"))
    for broken in invariants(report.training_class, as_of=as_of, found=figures):
        if not (broken.needs_note and report.note):
            raise Refused(f"invariant:{broken.code}", _("数据核对未通过，不能冻结：%s") % broken.message)


def _checkpoint(as_of: AsOf, zone: str) -> Checkpoint:
    """Both chains as they stand, printed in the annex so that a chain rebuilt later shows."""
    link = AuditEntry.objects.filter(position__lte=as_of.audit).order_by("-position").values_list("hash", flat=True)
    head, chain = ledger().head()
    at = clock.now()
    frozen_at, printed_at = at.isoformat(timespec="seconds"), local_text(at, zone)
    return Checkpoint(frozen_at, as_of.audit, link.first() or "", head, chain, printed_at)


def _store(report: Report, key: str, each: Measured) -> None:
    value = each.value
    if measure(value.definition, from_canonical(each.canonical)) != value.number:
        message = _("数据核对未通过，不能冻结：“%s”与其证据不一致。") % value.definition.label_zh
        raise Refused(f"invariant:measure:{key}", message)
    FrozenFigure.objects.create(
        report=report, key=key, definition=asdict(value.definition), display=value.display,
        evidence=zlib.compress(each.canonical, 9), evidence_digest=value.evidence_digest,
        evidence_count=value.evidence_count,
    )  # fmt: skip


@transaction.atomic
def correct_report(actor: Viewer, report: Report, *, note: str) -> Report:
    """Revision n+1, a draft that cites the frozen one; the frozen one stays as it is."""
    person_id = _person(actor)
    stored = _stored(actor, report, Report.State.FROZEN)
    if not note.strip():
        raise Refused("note_missing", _("请写明更正的理由。"), field="note")
    if stored.training_class.reports.filter(revision__gt=stored.revision).exists():
        raise Refused("report_exists", _("这一版已有后续版本，请在最新一版上办理。"))
    revision = Report.objects.create(
        training_class=stored.training_class, revision=stored.revision + 1, corrects=stored, template=stored.template,
        narrative=stored.narrative, frontmatter=stored.frontmatter, note=note.strip(), drafted_by_id=person_id,
    )  # fmt: skip
    _record(actor, "correct_report", revision, "", Report.State.DRAFT, corrects=stored.pk)
    return revision
