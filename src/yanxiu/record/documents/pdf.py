"""Tree → PDF/A-3a through Typst, on the GB/T 9704 grid. The same tree, attachment and fonts give the same bytes."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.record.documents.fonts import faces, font_paths
from yanxiu.record.reports.tree import Doc

__all__ = ["DocumentError", "render_pdf", "typeset"]

# An archive must show every character (ISO 19005-2, 6.2.11.8: no reference to .notdef), so Typst stops at one that no font has.
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
Archive = Literal["a-2a", "a-3a"]


class DocumentError(Exception):
    """Typst could not set the document as it should be: a template is wrong, a face is unknown."""


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
    return typeset(_compiler(doc.template), inputs, "a-3a", moment)


def typeset(compiler: typst.Compiler, inputs: Mapping[str, str], archive: Archive, moment: datetime) -> bytes:
    """PDF/A of that part, and PDF/UA; Refused names the first that no font here has, so that nobody prints a name with a hole in it."""
    try:
        document, warnings = compiler.compile_with_warnings(
            format="pdf", sys_inputs=dict(inputs), pdf_standards=[archive, "ua-1"], timestamp=int(moment.timestamp())
        )
    except typst.TypstError as error:
        missing = _NO_GLYPH.search(str(error))
        if missing is None:
            raise DocumentError(str(error)) from error
        message = _(
            "本机的字体没有“%s”，不能排成 PDF。请改用别的字，或请系统管理员把有这个字的字体放进 YANXIU_FONT_DIRS 所列目录。"
        )
        raise Refused("no_glyph", message % missing[1]) from error
    if warnings:
        raise DocumentError("; ".join(str(warning) for warning in warnings))
    assert isinstance(document, bytes)
    return document
