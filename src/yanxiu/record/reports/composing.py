"""Narrative + figures + front matter → the whole document tree. Pure: everything it needs is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanxiu.core.figures import FigureValue
from yanxiu.kit.errors import Refused
from yanxiu.record.reports import tree
from yanxiu.record.reports.narrative import Sources, parse
from yanxiu.record.reports.quantities import HandTyped

__all__ = ["Checkpoint", "Composed", "compose"]

TEMPLATES = ("jianbao", "gongwen")
_LABELS = {"report": "报", "send": "送", "issue": "发", "cc": "抄送"}


@dataclass(frozen=True)
class Checkpoint:
    """Where the facts were closed, printed so that a rebuilt chain shows. Empty while the report is live."""

    frozen_at: str = ""
    audit_position: int = 0
    audit_hash: str = ""
    ledger_position: int = 0
    ledger_hash: str = ""
    printed_at: str = ""  # frozen_at in the zone of the class


@dataclass(frozen=True)
class Composed:
    doc: tree.Doc
    hand_typed: tuple[HandTyped, ...]
    unagreed: tuple[tuple[int, int], ...] = ()  # (post id, line): quoted without their author's consent


def chinese_date(text: str) -> str:
    """ISO day 2017-07-28 as 2017年7月28日; other words stay as they are."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def compose(
    *,
    reference: str,
    template: str,
    narrative: str,
    frontmatter: Mapping[str, Any],
    sources: Sources,
    checkpoint: Checkpoint,
) -> Composed:
    """The document as it would be printed now, and the quantities typed by hand in it."""
    if template not in TEMPLATES:
        raise Refused("unknown_template", _("没有名为“%s”的版式，可用：jianbao（简报）、gongwen（公文）。") % template)
    parsed = parse(narrative, sources)
    words = {key: str(value) for key, value in frontmatter.items() if isinstance(value, str | int)}
    doc = tree.Doc(
        title=parsed.title,
        template=template,
        head=_head(template, words),
        blocks=parsed.blocks + _sign(words),
        annex=_annex(reference, sources.figures, checkpoint),
        imprint=_imprint(words),
        reference=reference,
        frozen_at=checkpoint.frozen_at,
    )
    return Composed(doc, parsed.hand_typed, parsed.unagreed)


def _head(template: str, words: Mapping[str, str]) -> tree.RedHead | tree.Masthead:
    number = words.get("number", "")
    if template == "gongwen":
        return tree.RedHead(words.get("org", ""), number)
    issue = f"第{number}期" if number.isdecimal() else number
    return tree.Masthead(
        words.get("name", "简报"), issue, words.get("issuer", ""), chinese_date(words.get("issued_on", ""))
    )


def _sign(words: Mapping[str, str]) -> tuple[tree.Sign, ...]:
    if not words.get("sign_org"):
        return ()
    return (tree.Sign(words["sign_org"], chinese_date(words.get("signed_on", ""))),)


def _imprint(words: Mapping[str, str]) -> tree.Imprint:
    rows = tuple((label, words[key]) for key, label in _LABELS.items() if words.get(key))
    printed = words.get("printed_on") or words.get("issued_on", "")
    return tree.Imprint(rows, words.get("printer", ""), f"{chinese_date(printed)}印发" if printed else "")


def _annex(reference: str, figures: Mapping[str, FigureValue], checkpoint: Checkpoint) -> tree.Annex:
    rows = tuple(
        (
            key,
            value.definition.label_zh,
            value.display + value.definition.unit,
            f"{value.definition.filter}（第{value.definition.version}版）",
            f"{value.evidence_count}条",
            value.evidence_digest[:12],
        )
        for key, value in figures.items()
    )
    notes = [
        f"报告编号：{reference}。每项指标由所列条数的原始记录直接计算，证据摘要为全部记录 SHA-256 值的前十二位。",
    ]
    if checkpoint.frozen_at:
        notes.append(
            f"数据截止：{checkpoint.printed_at}；审计日志至第 {checkpoint.audit_position} 条（链值 {checkpoint.audit_hash[:16]}），"
            f"学时台账至第 {checkpoint.ledger_position} 条（链值 {checkpoint.ledger_hash[:16]}）。"
        )
        notes.append("本文件内附 figures.json（定义、数值、证据摘要、数字签名），可用公钥离线核验。")
    else:
        notes.append("草稿：数值随记录变化，未冻结，不得作为正式报告使用。")
    return tree.Annex("附件：指标口径与证据", ("指标", "数值", "口径", "证据", "证据摘要"), rows, tuple(notes))
