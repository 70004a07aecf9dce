"""Narrative (Markdown with placeholders) → blocks of the document tree. Parsed, never rendered or executed.

`# ` title · `——` paragraph after it: subtitle · `## ` / `### ` headings · `**…**` 黑体 (opening a paragraph: its lead), `*…*`
楷体 · `> ` quotation · `{{ key }}` figure with unit, `{{ key|bare }}` without, `{{ fact }}` typed fact ·
`[[post:ID|words]]` verbatim quotation · `{{table:x}}`, `{{chart:x}}` on a line of their own.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.substitution import substitution_plugin

from yanxiu.core.figures import FigureValue
from yanxiu.kit.errors import Refused
from yanxiu.record.reports import tree
from yanxiu.record.reports.quantities import HandTyped, hand_typed

__all__ = ["MAX_CHARACTERS", "Parsed", "Sources", "decode", "parse"]

MAX_CHARACTERS = 200_000
_CITE = re.compile(r"\[\[(?P<source>[^|\]]*)\|(?P<words>[^\]]*)\]\]")
_FOREIGN = re.compile(r"<[A-Za-z/!?]|\{%|\{#|\]\(")
_BLOCKS = {
    "heading_open",
    "heading_close",
    "paragraph_open",
    "paragraph_close",
    "inline",
    "blockquote_open",
    "blockquote_close",
}


@dataclass(frozen=True)
class Sources:
    """What placeholders may name. `quotes` maps "quote_1" of `[[post:@quote_1|…]]` to a post id."""

    figures: Mapping[str, FigureValue]
    facts: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, tree.Table | tree.Chart] = field(default_factory=dict)  # "table:figures", "chart:minutes"
    quotes: Mapping[str, int] = field(default_factory=dict)
    post_text: Callable[[int], str | None] = lambda _post_id: None
    may_quote: Callable[[int], bool] = lambda _post_id: True


@dataclass(frozen=True)
class Parsed:
    title: str
    blocks: tuple[tree.Block, ...]
    hand_typed: tuple[HandTyped, ...]
    unagreed: tuple[tuple[int, int], ...] = ()  # (post id, line) of quotations without their author's consent


def decode(raw: bytes) -> str:
    """The text of an uploaded narrative; GBK and other encodings are refused, not guessed."""
    if len(raw) > 4 * MAX_CHARACTERS:
        raise Refused("narrative_too_long", _("正文超过 20 万字，请删减后再试。"), field="narrative")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(
            "narrative_encoding",
            _("文件不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8 后再上传。"),
            field="narrative",
            row=line,
        ) from error


@cache
def _markdown() -> MarkdownIt:
    # Emphasis is read here, not by CommonMark: its flanking rule leaves "**……。**本次" unbold between Chinese characters.
    off = [
        "emphasis",
        "link",
        "image",
        "autolink",
        "html_inline",
        "backticks",
        "entity",
        "html_block",
        "code",
        "reference",
    ]
    return MarkdownIt("commonmark", {"html": False}).disable(off).use(substitution_plugin)


def parse(source: str, sources: Sources) -> Parsed:
    """The blocks of a narrative, with every placeholder filled in; Refused names the line and what to do."""
    if len(source) > MAX_CHARACTERS:
        raise Refused("narrative_too_long", _("正文超过 20 万字，请删减后再试。"), field="narrative")
    for number, line in enumerate(source.splitlines(), 1):
        if found := _FOREIGN.search(line):
            raise _at(
                number, "narrative_markup", _("“%s”：正文里不能用 HTML、链接或模板语句。") % line[found.start() :][:12]
            )
    reader = _Reader(sources)
    blocks = tuple(reader.blocks(_markdown().parse(source)))
    title = next((block.s for block in blocks if isinstance(block, tree.Title)), "")
    if not title:
        raise Refused("narrative_title", _("正文缺标题：第一行请写“# 标题”。"), field="narrative", row=1)
    return Parsed(title, blocks, tuple(reader.flags), tuple(reader.unagreed))


def _at(line: int, code: str, message: str) -> Refused:
    return Refused(code, message, field="narrative", row=line)


class _Reader:
    """One pass over the tokens of one narrative."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.flags: list[HandTyped] = []
        self.unagreed: list[tuple[int, int]] = []
        self.line = 1

    def blocks(self, tokens: list[Token]) -> Iterator[tree.Block]:
        opened, quoted, last = "", False, ""
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type == "substitution_block":
                yield self.named_block(token.content.strip())
            elif token.type not in _BLOCKS:
                raise _at(
                    self.line,
                    "narrative_markup",
                    _("这种写法（%s）用不上：请写成段落、标题、引文或表格占位。") % token.type,
                )
            elif token.type in {"heading_open", "paragraph_open"}:
                opened = token.tag
            elif token.type in {"blockquote_open", "blockquote_close"}:
                quoted = token.type == "blockquote_open"
            elif token.type == "inline":
                block = self.block(opened, token, quoted=quoted, after=last)
                last = type(block).__name__
                yield block

    def named_block(self, name: str) -> tree.Table | tree.Chart:
        block = self.sources.blocks.get(name)
        if block is None:
            raise self.unknown(name, list(self.sources.blocks))
        return block

    def block(self, tag: str, token: Token, *, quoted: bool, after: str) -> tree.Block:
        inlines = tuple(self.inlines(token))
        words = "".join(map(tree.inline_text, inlines))
        if tag == "h1":
            return tree.Title(words.replace("  ", "\u3000"))
        if tag in {"h2", "h3"}:
            return tree.Heading(int(tag[1]) - 1, words)
        if tag != "p":
            raise _at(self.line, "narrative_markup", _("标题最多三级（#、##、###）。"))
        if quoted:
            return tree.Quote(inlines)
        if after == "Title" and words.startswith("——"):
            return tree.Subtitle(words)
        first = inlines[0] if inlines else None
        if isinstance(first, tree.Text) and first.kind == "hei":
            return tree.Paragraph(inlines[1:], first.s)
        return tree.Paragraph(inlines)

    def inlines(self, token: Token) -> Iterator[tree.Inline]:
        style = _Style()
        for child in token.children or []:
            if child.type == "substitution_inline":
                yield self.placeholder(child.content, style)
            elif child.type == "softbreak":
                self.line += 1
            elif child.type in {"text", "text_special"}:
                yield from self.words(child.content, style)
            elif child.type != "hardbreak":
                raise _at(self.line, "narrative_markup", _("这种写法（%s）用不上。") % child.type)
        if style.kind != "plain":
            raise _at(self.line, "narrative_markup", _("星号没有成对。"))

    def words(self, text: str, style: "_Style") -> Iterator[tree.Inline]:
        position = 0
        for found in _CITE.finditer(text):
            yield from self.plain(text[position : found.start()], style)
            yield self.cite(found["source"].strip(), found["words"])
            position = found.end()
        yield from self.plain(text[position:], style)

    def plain(self, text: str, style: "_Style") -> Iterator[tree.Text]:
        for part in re.split(r"(\*\*?)", text):
            if part.startswith("*"):
                style.toggle(part)
            elif part:
                self.flags.extend(hand_typed(part, self.line))
                yield tree.Text(part, style.kind)

    def placeholder(self, content: str, style: "_Style") -> tree.Inline:
        key, _bar, option = (part.strip() for part in content.partition("|"))
        if option not in {"", "bare"}:
            raise _at(self.line, "narrative_option", _("“%s”：占位符只能写 bare（不带单位）。") % option)
        if value := self.sources.figures.get(key):
            definition = value.definition
            return tree.Fig(key, definition.label_zh, value.display, definition.unit, option == "bare")
        if key in self.sources.facts:
            return tree.Text(self.sources.facts[key], style.kind, key)
        raise self.unknown(key, [*self.sources.figures, *self.sources.facts])

    def unknown(self, key: str, known: list[str]) -> Refused:
        nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)
        hint = _("最接近的是“%s”。") % nearest[0] if nearest else _("本班没有可用的指标。")
        return _at(self.line, "unknown_figure", _("没有名为“%(key)s”的指标。%(hint)s") % {"key": key, "hint": hint})

    def cite(self, source: str, words: str) -> tree.Cite:
        kind, _colon, name = source.partition(":")
        post_id = self.sources.quotes.get(name[1:]) if name.startswith("@") else int(name) if name.isdecimal() else None
        if kind != "post" or post_id is None:
            raise _at(self.line, "unknown_source", _("引文出处“%s”不存在：请写 post:编号。") % source)
        text = self.sources.post_text(post_id)
        if text is None:
            raise _at(self.line, "unknown_source", _("本班没有编号为 %s 的已发布帖子。") % post_id)
        if not words or words not in text:
            raise _at(self.line, "not_verbatim", _("引文与原帖不一致，请照原文引用：“%s”") % words[:30])
        if not self.sources.may_quote(post_id):
            self.unagreed.append((post_id, self.line))
        return tree.Cite(words, f"post:{post_id}")


class _Style:
    """Which face the words stand in: `**` switches 黑体, `*` 楷体."""

    kind: Literal["plain", "hei", "kai"] = "plain"

    def toggle(self, mark: str) -> None:
        wanted: Literal["hei", "kai"] = "hei" if mark == "**" else "kai"
        self.kind = "plain" if self.kind == wanted else wanted
