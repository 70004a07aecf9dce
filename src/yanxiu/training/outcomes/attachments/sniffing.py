"""What a file is, by its content; an office file is looked through before anybody may download it."""

import io
import zipfile
import zlib

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.training.outcomes.tasks.kinds import KINDS

__all__ = ["sniffed"]

ENTRIES = 2_000  # parts of an office file; slides have many
RATIO = 100  # unpacked size to packed size
UNPACKED = 200 * 1024 * 1024
_CHUNK = 1 << 20
_MACROS = ("vbaproject.bin", "activex", ".exe", ".dll", ".js", ".vbs")


def _refused(code: str) -> Refused:
    words = {
        "kind": _("文件内容不是可以上传的类型（可能是改了扩展名的其他文件）；请另存为列出的类型再上传。"),
        "bomb": _("文件解压后的体积大得不正常，没有接收；请打开后另存一份再上传。"),
        "damaged": _("文件已损坏，打不开；请打开后另存一份再上传。"),
        "macros": _("文件里带有宏或程序，没有接收；请另存为不带宏的文件再上传。"),
    }
    return Refused(f"file_{code}", words[code], field="file")


def _looked_through(archive: zipfile.ZipFile, packed: int) -> None:
    """Every part unpacked once, a piece at a time: sizes in the directory are claims."""
    entries = archive.infolist()
    most = min(UNPACKED, RATIO * packed)
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > most:
        raise _refused("bomb")
    total = 0
    for entry in entries:
        if entry.filename.lower().endswith(_MACROS) or "/activex/" in entry.filename.lower():
            raise _refused("macros")
        if entry.flag_bits & 1 or entry.filename.startswith("/") or ".." in entry.filename.split("/"):
            raise _refused("damaged")
        with archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                total += len(piece)
                if total > most:
                    raise _refused("bomb")


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            found = [kind.key for kind in KINDS.values() if kind.main and kind.main in names]
            if len(found) != 1 or "[Content_Types].xml" not in names:
                raise _refused("kind")
            _looked_through(archive, len(data))
            return found[0]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise _refused("damaged") from None


def sniffed(data: bytes) -> str:
    """The key of the kind, or a refusal."""
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise _refused("damaged")
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    raise _refused("kind")
