"""What a file is, by its content; its name decides nothing."""

import re
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused

__all__ = ["check_captions", "sniff"]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIGNS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"^{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?$")


def _word(path: Path) -> bool:
    """A Word document without macros."""
    try:
        with zipfile.ZipFile(path) as parts:
            names = set(parts.namelist()[:5000])
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return "word/document.xml" in names and not any(name.endswith(".bin") for name in names)


def sniff(path: Path) -> str:
    """The type of a file; "" for what is not on any list of ours."""
    with path.open("rb") as file:
        head = file.read(64)
    for sign, mime in _SIGNS:
        if head.startswith(sign):
            return mime
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return "text/vtt"
    return WORD if head.startswith(b"PK\x03\x04") and _word(path) else ""


def _ms(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _bad(line: int) -> Refused:
    message = _("字幕第 %(line)d 行的时间不对：应形如 00:01:05.000 --> 00:01:09.000，且不早于上一条。")
    return Refused("captions", message % {"line": line}, field="file")


def check_captions(content: bytes) -> bytes:
    """WebVTT as it will be served: UTF-8 without a mark, times well-formed and in order, nothing but text in the cues."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Refused("captions", _("字幕不是 UTF-8 编码，请另存为 UTF-8 后再上传。"), field="file") from None
    begun = cues = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if "-->" not in line:
            continue
        found = _CUE.match(line.strip())
        if found is None:
            raise _bad(number)
        start, end = _ms(*found.groups()[:4]), _ms(*found.groups()[4:])
        if start < begun or end <= start:
            raise _bad(number)
        begun, cues = start, cues + 1
    if not cues:
        raise Refused("captions", _("字幕文件里没有一条字幕。"), field="file")
    return text.encode()
