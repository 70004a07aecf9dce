"""Text typed by people: one canonical form, and the Chinese count of characters (字数)."""

import unicodedata

__all__ = ["clean_line", "clean_text", "count_characters"]

_INVISIBLE = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction marks and overrides
    "\u200b\u2060\ufeff\u00ad"  # zero-width fillers that fool the eye
)


def _is_kept(char: str) -> bool:
    if char in "\n\t":
        return True
    code = ord(char)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return char not in _INVISIBLE and not is_noncharacter and unicodedata.category(char) not in {"Cc", "Cs"}


def _counts(char: str) -> bool:
    # Planes 2 and 3 are ideographs only; rare ones in names may be newer than this Python's Unicode tables.
    return unicodedata.category(char)[0] in "LN" or 0x20000 <= ord(char) < 0x40000


def clean_text(text: str) -> str:
    """NFC, one kind of line end, control, bidi and zero-width characters gone, no space at line ends or around the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(char for char in lines if _is_kept(char))
    return "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", kept).split("\n")).strip()


def clean_line(text: str) -> str:
    """`clean_text` for one line: every run of white space becomes one space."""
    return " ".join(clean_text(text).split())


def count_characters(text: str) -> int:
    """字数: letters, digits and ideographs; white space, punctuation, symbols and marks do not count."""
    return sum(_counts(char) for char in unicodedata.normalize("NFC", text))
