"""Recomputes a frozen report from the ledger and the state history, and names whatever differs."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yanxiu.core.evidence import digest, from_canonical
from yanxiu.core.figures import FigureDefinition, figure_of_rows
from yanxiu.kit import audit
from yanxiu.record.figures.queries import AsOf, Measured, measured
from yanxiu.record.reports import signing
from yanxiu.record.reports.models import FrozenFigure, Report
from yanxiu.record.reports.proof.attachment import digest_of, frozen_rows, payload
from yanxiu.record.reports.tree import Doc, Fig
from yanxiu.study.ports import ledger

__all__ = ["Difference", "Verification", "verify_chains", "verify_report"]

SHOWN = 5  # rows named for each figure


@dataclass(frozen=True)
class Difference:
    """`where`: a figure key, "tree", "signature", "audit" or "ledger"; `code` is stable, `message` Chinese."""

    where: str
    code: str
    message: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verification:
    """Nothing in `differences`: every figure follows from the records as they stood when the report was frozen."""

    reference: str
    digest: str
    figures: int
    rows: int
    differences: tuple[Difference, ...]

    @property
    def is_sound(self) -> bool:
        return not self.differences


def verify_report(report: Report) -> Verification:
    """Signature, stored rows, rows recomputed as of the stored positions, both chains. Never changes anything."""
    frozen = list(report.figures.order_by("pk"))
    reference = f"{report.training_class.key}/{report.revision}"
    if report.state != Report.State.FROZEN:
        unfrozen = Difference("report", "not_frozen", _("报告尚未冻结，没有可核验的内容。"))
        return Verification(reference, "", 0, 0, (unfrozen,))
    differences = [*_signature(report), *_tree(report, frozen), *_figures(report, frozen), *verify_chains()]
    rows = sum(figure.evidence_count for figure in frozen)
    return Verification(reference, report.digest, len(frozen), rows, tuple(differences))


def verify_chains() -> Iterator[Difference]:
    """The hash chains of the audit log and of the ledger, from their first link."""
    for where, label, broken in (
        ("audit", _("审计日志"), audit.broken_links()),
        ("ledger", _("学时台账"), ledger().broken_links()),
    ):
        if places := [str(place) for place, _n in zip(broken, range(SHOWN), strict=False)]:
            words = {"label": label, "place": places[0]}
            yield Difference(where, "chain", _("%(label)s的哈希链在 %(place)s 处断开。") % words, tuple(places))


def _signature(report: Report) -> Iterator[Difference]:
    try:
        found = digest_of(payload(report))
    except (ValueError, zlib.error, TypeError, KeyError) as error:
        yield Difference("tree", "unreadable", _("冻结的内容无法读取：%s") % error)
        return
    if found != report.digest:
        yield Difference("tree", "digest", _("冻结的正文或指标被改动：摘要与冻结时不一致。"))
    if not signing.is_signed(report.digest, report.signature):
        yield Difference("signature", "signature", _("签名与本系统的密钥不相符。"))


def _tree(report: Report, frozen: list[FrozenFigure]) -> Iterator[Difference]:
    try:
        doc = Doc.from_json(report.tree)
    except ValueError:
        return  # said by _signature
    displays = {figure.key: figure.display for figure in frozen}
    for inline in doc.inlines():
        if isinstance(inline, Fig) and displays.get(inline.key) != inline.display:
            words = {"label": inline.label, "text": inline.display, "frozen": displays.get(inline.key, "—")}
            yield Difference(inline.key, "text", _("正文中“%(label)s”为 %(text)s，冻结的值为 %(frozen)s。") % words)


def _figures(report: Report, frozen: list[FrozenFigure]) -> Iterator[Difference]:
    as_of = AsOf(report.audit_position or 0, report.ledger_position or 0)
    now = measured(report.training_class, as_of=as_of)
    for figure in frozen:
        yield from _figure(figure, now.get(figure.key))
    for key in now.keys() - {figure.key for figure in frozen}:
        yield Difference(key, "missing", _("冻结的报告缺少指标“%s”。") % now[key].value.definition.label_zh)


def _figure(figure: FrozenFigure, recomputed: Measured | None) -> Iterator[Difference]:
    try:
        stored = frozen_rows(figure)
        rows = from_canonical(stored)
        value = figure_of_rows(FigureDefinition(**figure.definition), rows)
    except (zlib.error, ValueError, TypeError) as error:
        yield Difference(
            figure.key, "unreadable", _("“%(key)s”的证据无法读取：%(why)s") % {"key": figure.key, "why": error}
        )
        return
    label = value.definition.label_zh
    if digest(rows) != figure.evidence_digest or len(rows) != figure.evidence_count:
        yield Difference(figure.key, "stored_rows", _("“%s”冻结的证据被改动：摘要不一致。") % label)
    if value.display != figure.display:
        words = {"label": label, "shown": figure.display, "value": value.display}
        yield Difference(figure.key, "value", _("“%(label)s”印为 %(shown)s，由其证据计算为 %(value)s。") % words)
    if recomputed is None:
        yield Difference(figure.key, "unknown", _("现在的口径中没有“%s”。") % label)
    elif recomputed.value.evidence_digest != figure.evidence_digest:
        changed = _changed_rows(stored, recomputed.canonical)
        again = {"label": label, "shown": figure.display, "value": recomputed.value.display, "count": len(changed)}
        message = _("“%(label)s”冻结为 %(shown)s，由原始记录重算为 %(value)s，有 %(count)d 条记录不同。") % again
        yield Difference(figure.key, "records", message, tuple(changed[:SHOWN]))


def _changed_rows(stored: bytes, recomputed: bytes) -> list[str]:
    """Rows on one side only: "-" in the frozen report, "+" in the records."""
    before, after = set(stored.decode().splitlines()), set(recomputed.decode().splitlines())
    return [f"-{row}" for row in sorted(before - after)] + [f"+{row}" for row in sorted(after - before)]
