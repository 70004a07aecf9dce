"""What notices say, against the English catalogue."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

import yanxiu
from yanxiu.training.notices.models import Notice

__all__ = ["CHINESE", "PLACEHOLDER", "catalogue", "texts_in", "untranslated"]

CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


@cache
def catalogue() -> dict[str, str]:
    """Chinese source text → English."""
    path = Path(yanxiu.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as text:
        return {str(each.id): str(each.string) for each in read_po(text) if each.id and not each.fuzzy}


def texts_in(said: Any) -> Iterator[str]:
    """Our own sentences in the data of a notice; people's words are no texts of ours."""
    if isinstance(said, list):
        for each in said:
            yield from texts_in(each)
    elif isinstance(said, dict):
        if isinstance(said.get("say"), str):
            yield said["say"]
        for name in said.keys() - {"say"}:
            yield from texts_in(said[name])


def untranslated() -> list[str]:
    """Sentences in the notices of this database that an English reader would get in Chinese."""
    found = {text for said in Notice.objects.values_list("said", flat=True) for text in texts_in(said)}
    return sorted(text for text in found if CHINESE.search(text) and CHINESE.search(catalogue().get(text, text)))
