"""The English catalogue, compiled from its source at set-up, so that neither gettext tools nor built files are needed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from yanxiu.config.options import data_dir

__all__ = ["SOURCE", "compile_messages"]

SOURCE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages() -> int:
    """Write `<data dir>/locale/<language>/LC_MESSAGES/django.mo` for every catalogue; how many were written."""
    written = 0
    for source in SOURCE.glob("*/LC_MESSAGES/*.po"):
        target = data_dir() / "locale" / source.relative_to(SOURCE).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as text:
            catalogue = read_po(text)
        fresh = target.with_suffix(f".{os.getpid()}.new")  # two processes may prepare one installation at once
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(target)  # a running server never sees half a catalogue
        written += 1
    return written
