"""Rich text: what people type or paste, as sanitised HTML and as the plain text that is counted."""

import re
from dataclasses import dataclass
from html import escape, unescape

import nh3
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_text
from yanxiu.kit.errors import Refused

__all__ = ["LONGEST", "RichText", "clean", "rich_body"]

LONGEST = 300_000  # characters as sent, marks of Word included
MOST_MARKS = 3_000  # tags: parsing tags inside tags takes time with their square, 50,000 took 22 seconds

_BLOCKS = ("p", "h3", "h4", "ul", "ol", "li", "blockquote")
_KEPT = frozenset({*_BLOCKS, "br", "strong", "em", "u", "s", "a"})
_SAME_AS = {  # read, then written in our words
    "b": "strong", "i": "em", "ins": "u", "del": "s", "strike": "s", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4",
    "div": "p", "tr": "p", "section": "p", "article": "p",
}  # fmt: skip
_NEVER = frozenset(
    {"script", "style", "title", "xml", "noscript", "iframe", "object", "svg", "math", "template", "textarea"}
)

_STARTS_AS_HTML = re.compile(
    r"\s*<(?:!--|!doctype\b|(?:html|body|head|meta|div|p|h[1-6]|ul|ol|li|blockquote|table)[\s>/])", re.IGNORECASE
)
_IDLE = re.compile(
    r"</?(?:font|span|big|small|tt|nobr|code|o:p)\b[^<>]*>", re.IGNORECASE
)  # repeated in every paragraph
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_EMPTY = re.compile(r"<(p|h3|h4|li|ul|ol|blockquote|strong|em|u|s)>(?:\s|&nbsp;|<br>)*</\1>")
_ENDS_LINE = re.compile(r"<br>|</(?:p|h3|h4|li)>")
_MARKS = re.compile(r"<[^<>]*>")
_LINES = re.compile(r"[ \t\xa0]*\n\s*\n\s*|\n")


@dataclass(frozen=True, slots=True)
class RichText:
    """`html` passes as it stands into a page; `text` is what is counted and searched; `images` were left out."""

    html: str
    text: str
    images: int = 0

    @property
    def form(self) -> str:
        """The HTML, or "" where it says no more than the paragraphs of the text: then the text alone need be kept."""
        return "" if self.html == _paragraphs(self.text) and not _STARTS_AS_HTML.match(self.text) else self.html


def clean(typed: str) -> RichText:
    """Plain text becomes paragraphs; what begins with a block of HTML is sanitised. `clean(clean(x).html)` changes nothing."""
    if not _STARTS_AS_HTML.match(typed):
        text = clean_text(typed)
        return RichText(_paragraphs(text), text)
    html = _sanitised(typed) if _is_parsable(typed) else _paragraphs(clean_text(unescape(_MARKS.sub("", typed))))
    return RichText(html, _text(html), len(re.findall(r"<img[\s>/]", typed, re.IGNORECASE)))


def rich_body(typed: str, *, limit: int, field: str = "body", label: str = "", required: bool = True) -> RichText:
    """`clean` for a form: refused in words where it is empty or longer than `limit` characters of text."""
    label = label or _("正文")
    if not _is_parsable(typed):
        message = _("%(label)s带的格式太多，放不下。请只粘贴文字，或分几次粘贴。")
        raise Refused("too_long", message % {"label": label}, field=field)
    cleaned = clean(typed)
    if required and not cleaned.text:
        raise Refused("empty", _("请填写%(label)s。") % {"label": label}, field=field)
    if len(cleaned.text) > limit:
        message = _("%(label)s最多 %(limit)d 个字符，现有 %(length)d 个，请缩短后再提交。")
        raise Refused("too_long", message % {"label": label, "limit": limit, "length": len(cleaned.text)}, field=field)
    return cleaned


def _is_parsable(typed: str) -> bool:
    return len(typed) <= LONGEST and (typed.count("<") <= MOST_MARKS or not _STARTS_AS_HTML.match(typed))


def _paragraphs(text: str) -> str:
    """A blank line ends a paragraph, and so does a single line end: people press Enter once."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.split("\n") if line.strip())


def _pass(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        html, tags=set(tags), clean_content_tags=set(_NEVER), attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"}, link_rel="noopener nofollow", strip_comments=True,
    )  # fmt: skip


def _in_our_words(html: str) -> str:
    """`<b>` as `<strong>`, …: on sanitised HTML, where every `<` opens a tag."""
    return _TAG.sub(lambda tag: f"<{tag[1]}{_SAME_AS.get(tag[2], tag[2])}{tag[3]}>", html)


def _sanitised(typed: str) -> str:
    """The text is normalised between two passes: references decoded by the first may be composing or invisible
    characters, and normalising after the last could join one to the `>` before it.
    """
    html = _pass(clean_text(_IDLE.sub("", typed)), _KEPT | _SAME_AS.keys())
    html = _pass(clean_text(_in_our_words(html)), _KEPT)
    for _round in range(6):
        tidier = _pass(clean_text(_EMPTY.sub("", _wrapped(html))), _KEPT)
        if tidier == html:
            break
        html = tidier
    return html


def _wrapped(html: str) -> str:
    """Text that stands outside any block gets a paragraph of its own, an item outside any list a list."""
    parts: list[str] = []
    loose: list[str] = []
    depth, at, in_own_list = 0, 0, False
    for tag in _TAG.finditer(html):
        (parts if depth else loose).append(html[at : tag.start()])
        at = tag.end()
        if tag[2] not in _BLOCKS:
            (parts if depth else loose).append(tag[0])
            continue
        if not depth:
            parts.append(_paragraph(loose))
            loose, in_own_list = [], tag[2] == "li"
        depth += -1 if tag[1] else 1
        begins, ends = in_own_list and depth == 1 and not tag[1], in_own_list and not depth
        parts.append(f"{'<ul>' if begins and tag[2] == 'li' else ''}{tag[0]}{'</ul>' if ends else ''}")
    return "".join([*parts, _paragraph([*loose, html[at:]])])


def _paragraph(run: list[str]) -> str:
    """Nothing, where the run holds no text."""
    inner = "".join(run)
    return f"<p>{inner}</p>" if _MARKS.sub("", inner).strip() else ""


def _text(html: str) -> str:
    ended = _ENDS_LINE.sub("\n", _LINES.sub(" ", html))
    return clean_text(unescape(_MARKS.sub("", ended)))
