"""figures.json: everything a frozen report stands on, signed, inside its PDF."""

import hashlib
import zlib
from collections.abc import Mapping
from typing import Any

from yanxiu.core.evidence import from_canonical
from yanxiu.core.figures import FigureDefinition, figure_of_rows
from yanxiu.record.reports.models import FrozenFigure, Report
from yanxiu.record.reports.tree import Doc, Text, canonical, visible_text

__all__ = ["attachment", "digest_of", "frozen_rows", "payload"]

FORMAT = "yanxiu-figures@1"


def frozen_rows(figure: FrozenFigure) -> bytes:
    """The canonical evidence rows stored with a figure. zlib.error where they were damaged."""
    return zlib.decompress(bytes(figure.evidence))


def _figure(figure: FrozenFigure) -> dict[str, Any]:
    definition = FigureDefinition(**figure.definition)
    value = figure_of_rows(definition, from_canonical(frozen_rows(figure)))
    return {
        **value.as_json(),
        "display": figure.display,
        "evidence_count": figure.evidence_count,
        "evidence_digest": figure.evidence_digest,
        "measure": definition.measure,
        "rounding": [definition.rounding_mode, definition.rounding_places, definition.rounding_stage],
    }


def payload(report: Report) -> dict[str, Any]:
    """What the digest is taken over: the tree, its text, the figures, the positions."""
    doc = Doc.from_json(report.tree)
    facts = {inline.fact: inline.s for inline in doc.inlines() if isinstance(inline, Text) and inline.fact}
    return {
        "format": FORMAT,
        "report": {
            "class": report.training_class.key,
            "reference": doc.reference,
            "revision": report.revision,
            "corrects": report.corrects.revision if report.corrects else None,
            "template": report.template,
            "frozen_at": doc.frozen_at,
            "note": report.note,
        },
        "positions": {"audit": report.audit_position, "ledger": report.ledger_position},
        "figures": [_figure(figure) for figure in report.figures.order_by("pk")],
        "facts": facts,
        "tree": report.tree,
        "text": "".join("".join(visible_text(doc)).split()),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical payload, hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def attachment(report: Report) -> bytes:
    """The bytes of figures.json of a frozen report."""
    return canonical({**payload(report), "digest": report.digest, "signature": report.signature})
