"""Tree → PDF/A-3a through Typst, on the GB/T 9704 grid. The same tree, attachment and fonts give the same bytes."""

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from yanxiu.record.documents.fonts import faces, font_paths
from yanxiu.record.reports.tree import Doc

__all__ = ["DocumentError", "render_pdf"]


class DocumentError(Exception):
    """Typst could not set the document as it should be: a glyph is missing everywhere, a face is unknown."""


@cache
def _compiler(template: str) -> typst.Compiler:
    # Kept: it holds the scanned fonts, which take longer to find than a report takes to set. The templates are ours and
    # import only their neighbour; data enters as JSON text, never as markup.
    folder = Path(str(files("yanxiu.record.documents"))) / "typst"
    return typst.Compiler(folder / f"{template}.typ", root=folder, font_paths=font_paths())


def render_pdf(doc: Doc, attachment: bytes | None = None) -> bytes:
    """The PDF of a document; `attachment` is the figures.json of a frozen report."""
    chosen = faces()
    style: dict[str, Any] = {"faces": chosen, "emboldened": chosen.emboldened}
    inputs = {"doc": json.dumps(doc.to_json(), ensure_ascii=False), "style": json.dumps(style, ensure_ascii=False)}
    if attachment is not None:
        inputs["figures"] = attachment.decode()
    moment = datetime.fromisoformat(doc.frozen_at) if doc.frozen_at else datetime(2000, 1, 1, tzinfo=UTC)
    try:
        document, warnings = _compiler(doc.template).compile_with_warnings(
            format="pdf", sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"], timestamp=int(moment.timestamp())
        )
    except typst.TypstError as error:
        raise DocumentError(str(error)) from error
    if warnings:
        raise DocumentError("; ".join(str(warning) for warning in warnings))
    assert isinstance(document, bytes)
    return document
