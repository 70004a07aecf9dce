"""The document tree: one report, three renderers.

Every visible character of a report stands in the tree, labels and captions included, so that HTML, PDF and DOCX print the
same text and a verifier can compare it. Renderers lay out; they never add words (only page numbers are theirs).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

__all__ = [
    "Annex", "Bar", "Block", "Chart", "Cite", "Doc", "Fig", "Heading", "Imprint", "Inline", "Masthead", "Paragraph", "Quote",
    "RedHead", "Sign", "Subtitle", "Table", "Text", "Title", "canonical", "inline_text", "visible_text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `kind` names the face: plain (仿宋), hei (黑体), kai (楷体). `fact`: key of the typed fact it was filled from."""

    s: str
    kind: Literal["plain", "hei", "kai"] = "plain"
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Fig:
    """A figure as printed; its definition and evidence are found under `key`."""

    key: str
    label: str
    display: str
    unit: str
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Cite:
    """Words that occur verbatim in `source` ("post:1032")."""

    s: str
    source: str


Inline = Text | Fig | Cite


@dataclass(frozen=True, slots=True)
class Title:
    s: str


@dataclass(frozen=True, slots=True)
class Subtitle:
    s: str


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 "一、" in 黑体, 2 "（一）" in 楷体
    s: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`lead`: the run-in phrase in 黑体 a paragraph of a 简报 opens with."""

    inlines: tuple[Inline, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: l or r for each column."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]
    columns: str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    parts: tuple[int, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal stacked bars. Labels and values are text in every output; only the bars are drawn."""

    caption: str
    alt: str
    legend: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    org: str
    date: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: rows ("报", "…") 送 发 抄送, then the printing office and date."""

    rows: tuple[tuple[str, str], ...]
    printer: str = ""
    printed_on: str = ""


@dataclass(frozen=True, slots=True)
class RedHead:
    """红头 of a 公文: 发文机关标志 and 发文字号."""

    org: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Masthead:
    """报头 of a 简报: name, 第×期, issuer and date over the red rule."""

    name: str
    issue: str
    issuer: str
    date: str


@dataclass(frozen=True, slots=True)
class Annex:
    """口径 annex: one row a figure (key, then the printed cells), and how to check the report."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


Block = Title | Subtitle | Heading | Paragraph | Quote | Table | Chart | Sign


@dataclass(frozen=True, slots=True)
class Doc:
    title: str
    template: str  # "jianbao" | "gongwen"
    head: RedHead | Masthead
    blocks: tuple[Block, ...]
    annex: Annex
    imprint: Imprint
    reference: str  # "smx-2017/1"
    frozen_at: str = ""  # ISO, UTC; "" while live
    lang: str = "zh-CN"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; every node carries its class name under "t"."""
        encoded = _encode(self)
        assert isinstance(encoded, dict)
        return encoded

    @staticmethod
    def from_json(data: Any) -> "Doc":
        """The tree written by to_json; ValueError for anything else."""
        try:
            doc = _decode(data)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a document tree: {error}") from error
        if not isinstance(doc, Doc):
            raise ValueError("not a document tree")  # noqa: TRY004  (a value that was read, not an argument of ours)
        return doc

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hex."""
        return hashlib.sha256(canonical(self.to_json())).hexdigest()

    def inlines(self) -> Iterator[Inline]:
        """Every inline of the body, in order."""
        for block in self.blocks:
            match block:
                case Paragraph() | Quote():
                    yield from block.inlines
                case Table():
                    for row in block.rows:
                        yield from row


_TYPES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        Text, Fig, Cite, Title, Subtitle, Heading, Paragraph, Quote, Table, Bar, Chart, Sign, Imprint, RedHead, Masthead,
        Annex, Doc,
    )
}  # fmt: skip


def canonical(data: object) -> bytes:
    """The one byte form of a JSON value that digests and signatures are taken over."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _encode(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        node = {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
        return {"t": type(value).__name__, **node}
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


def _decode(value: Any) -> Any:
    if isinstance(value, dict):
        node = dict(value)
        return _TYPES[node.pop("t")](**{name: _decode(item) for name, item in node.items()})
    return tuple(_decode(item) for item in value) if isinstance(value, list) else value


def inline_text(inline: Inline) -> str:
    """What an inline prints."""
    if isinstance(inline, Fig):
        return inline.display if inline.bare else inline.display + inline.unit
    return inline.s


def _block_text(block: Block) -> Iterator[str]:
    match block:
        case Title() | Subtitle() | Heading():
            yield block.s
        case Paragraph():
            yield block.lead + "".join(map(inline_text, block.inlines))
        case Quote():
            yield "".join(map(inline_text, block.inlines))
        case Table():
            yield block.caption
            yield from block.head
            for row in block.rows:
                yield from map(inline_text, row)
        case Chart():
            yield block.caption
            yield from block.legend
            for bar in block.bars:
                yield bar.label
                yield bar.value
        case Sign():
            yield block.org
            yield block.date


def _head_text(head: RedHead | Masthead) -> Iterator[str]:
    if isinstance(head, RedHead):
        yield from (head.org, head.number)
    else:
        yield from (head.name, head.issue, head.issuer, head.date)


def visible_text(doc: Doc) -> list[str]:
    """The printed strings in reading order: what each renderer must show, no more and no less."""
    lines = list(_head_text(doc.head))
    for block in doc.blocks:
        lines.extend(_block_text(block))
    lines.extend([doc.annex.caption, *doc.annex.head])
    for _key, *cells in doc.annex.rows:
        lines.extend(cells)
    lines.extend(doc.annex.notes)
    for label, text in doc.imprint.rows:
        lines.append(f"{label}：{text}")
    lines.extend([doc.imprint.printer, doc.imprint.printed_on])
    return [line for line in lines if line]
