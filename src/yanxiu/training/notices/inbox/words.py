"""What a notice says, as data: sentences of ours by their Chinese source text and what stands in their places, worded in the
language of whoever reads them. What a person wrote stays as it was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext, pgettext

from yanxiu.training.notices.models import Notice

__all__ = ["Called", "Said", "Words", "as_data", "in_chinese", "label", "say", "shown", "worded"]

_SOURCE = "zh-hans"  # of the texts in the sources
_TITLE, _BODY = 120, 300


@dataclass(frozen=True, slots=True)
class Called:
    """A name that a table keeps in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: its source text, what stands in its places, and the catalogue's context of a text that says two things."""

    text: str
    values: Mapping[str, "Said | Called | str | int"] = field(default_factory=dict)
    context: str = ""


Saying = Said | Called | str | int | Sequence["Said"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says and where it leads (below the class's address). A `str` is somebody's own words, never translated."""

    title: Said | str
    body: Said | Sequence[Said] | str = ""
    place: str = ""


def say(text: str, /, **values: Said | Called | str | int) -> Said:
    """`text`: marked with `gettext_noop`, imported as `_`, where it stands in the sources."""
    return Said(text, values)


def label(words: object, context: str = "") -> Said:
    """The label of a choice (lazy, whatever the language of the moment) as a sentence of its own. `context`: some of its choices are
    in the catalogue under it.
    """
    with translation.override(_SOURCE):
        return Said(str(words), context=context)


def as_data(saying: Saying) -> Any:
    """For the table: JSON, from which `worded` makes words again."""
    if isinstance(saying, str | int):
        return saying
    if isinstance(saying, Called):
        return {"zh": saying.zh, "en": saying.en}
    if isinstance(saying, Said):
        values = {name: as_data(value) for name, value in saying.values.items()}
        return (
            {"say": saying.text}
            | ({"with": values} if values else {})
            | ({"as": saying.context} if saying.context else {})
        )
    return [as_data(each) for each in saying]


def _value(data: Any) -> str | int:
    return data if isinstance(data, int) else worded(data)


def _text(source: str, context: str) -> str:
    found = pgettext(context, source) if context else source
    return gettext(source) if found == source else found


def worded(data: Any) -> str:
    """The words for what `as_data` made, in the language of the moment."""
    is_english = (get_language() or "").startswith("en")
    if isinstance(data, list):
        return ("; " if is_english else "；").join(worded(each) for each in data)
    if not isinstance(data, dict):
        return str(data)
    if "say" not in data:
        return str(data["en" if is_english else "zh"])
    text = _text(data["say"], data.get("as", ""))
    return text % {name: _value(value) for name, value in data["with"].items()} if "with" in data else text


def in_chinese(saying: Saying) -> str:
    """As the sources say it."""
    with translation.override(_SOURCE):
        return worded(as_data(saying))


def shown(notice: Notice) -> tuple[str, str]:
    """Title and text in the language of the moment; a notice of before they were kept as data, as it was written then."""
    if not notice.said:
        return notice.title, notice.body
    return worded(notice.said["title"])[:_TITLE], worded(notice.said["body"])[:_BODY]
