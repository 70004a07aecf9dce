"""What differs between two versions of a text: sentences first, then the characters inside those that were rewritten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Change", "changes"]

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_FINE = 600  # characters of a rewritten stretch that are compared one by one
_MOST = 4_000  # sentences compared in full; above, repeated ones are not matched against each other


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: "same", "gone" (only in the old one) or "new"."""

    kind: str
    text: str


def _compared(old: list[str] | str, new: list[str] | str, *, quick: bool = False) -> Iterator[Change]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=quick).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Change("same", before)
            continue
        if tag == "replace" and isinstance(old, list) and len(before) <= _FINE and len(after) <= _FINE:
            yield from _compared(before, after)
            continue
        if before:
            yield Change("gone", before)
        if after:
            yield Change("new", after)


def changes(old: str, new: str) -> list[Change]:
    """In reading order; neighbours of one kind are joined. "same" + "gone" is the old text, "same" + "new" the new one."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    quick = len(before) + len(after) > _MOST or len(set(before)) * 4 < len(before)
    joined: list[Change] = []
    for change in _compared(before, after, quick=quick):
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        else:
            joined.append(change)
    return joined
