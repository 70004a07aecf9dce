"""Reads an edited DOCX back: what its locked controls hold now, against the document it came from."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from yanxiu.kit.errors import Refused
from yanxiu.record.reports.tree import Doc, Fig, inline_text

__all__ = ["Change", "readback"]


@dataclass(frozen=True)
class Change:
    """`now` is "" where the control itself is gone."""

    tag: str  # "fig:compulsory_minutes", "cite:post:12"
    printed: str
    now: str


def _controls(raw: bytes) -> Iterator[tuple[str, str]]:
    try:
        body = Document(io.BytesIO(raw)).element.body
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refused("not_docx", _("这不是 Word（.docx）文件，请选择由本系统导出的文件。"), field="file") from error
    for control in body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            yield tag.get(qn("w:val")), "".join(text.text or "" for text in control.iter(qn("w:t")))


def _printed(doc: Doc) -> Iterator[tuple[str, str]]:
    for inline in doc.inlines():
        if isinstance(inline, Fig):
            yield f"fig:{inline.key}", inline_text(inline)
        elif hasattr(inline, "source"):
            yield f"cite:{inline.source}", inline.s
    for key, _label, value, *_rest in doc.annex.rows:
        yield f"fig:{key}", value


def readback(raw: bytes, doc: Doc) -> list[Change]:
    """Every figure and quotation that differs, in printed order; missing ones included."""
    found = list(_controls(raw))
    changes = []
    for tag, printed in _printed(doc):
        place = next((n for n, (its_tag, _words) in enumerate(found) if its_tag == tag), None)
        now = found.pop(place)[1] if place is not None else ""
        if now != printed:
            changes.append(Change(tag, printed, now))
    changes += [Change(tag, "", now) for tag, now in found if tag.startswith(("fig:", "cite:"))]
    return changes
