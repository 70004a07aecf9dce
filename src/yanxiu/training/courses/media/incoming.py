"""An uploaded file on its way in: limited, looked at, made fit to be served, kept. Before any transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.checking import check_captions, sniff
from yanxiu.training.courses.media.probing.limits import LONGEST_MS, kinds
from yanxiu.training.courses.media.probing.parent import look

__all__ = ["Incoming", "prepared", "within"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A content in the store, and what is known of it."""

    digest: str
    size: int
    mime: str
    duration_ms: int = 0
    width: int = 0
    height: int = 0
    text: str = ""
    pages: "tuple[Incoming, ...]" = ()


def within(chunks: Iterable[bytes], kind: str) -> Iterator[bytes]:
    """The chunks, up to the size the kind may have."""
    most, length = kinds()[kind]["megabytes"], 0
    for chunk in chunks:
        length += len(chunk)
        if length > most * 1024**2:
            raise Refused("too_large", _("文件超过 %(most)d MB，请压缩后再上传。") % {"most": most}, field="file")
        yield chunk


def prepared(kind: str, path: Path) -> Incoming:
    """Refused with the reason, or the contents as they will be served."""
    if path.stat().st_size == 0:
        raise Refused("no_file", _("请选择文件；刚才的文件是空的。"), field="file")
    mime = sniff(path)
    if mime not in kinds()[kind]["mimes"]:
        raise Refused("wrong_type", _wanted(kind), field="file")
    target = path.with_name(f"{path.name}.made")
    if mime == "video/mp4":
        return _video(path, target)
    if mime == "text/vtt":
        return Incoming(*store.keep_bytes(check_captions(path.read_bytes())), mime)
    if mime.startswith("image/"):
        seen = look("picture", path, target)
        return Incoming(*store.keep_file(target), "image/jpeg", width=seen["width"], height=seen["height"])
    if kind == "document":
        return _document(path, target)
    if mime == "application/pdf":
        look("pdf", path, target)
    return Incoming(*store.keep_file(path), mime)


def _wanted(kind: str) -> str:
    return {
        "video": _("这不是 MP4 视频；请导出为“MP4（H.264）”后再上传。"),
        "low": _("这不是 MP4 视频；请导出为“MP4（H.264）”后再上传。"),
        "captions": _("这不是 WebVTT 字幕（.vtt）；请另存为 .vtt 后再上传。"),
        "poster": _("封面须是 JPEG、PNG 或 WebP 图片。"),
        "handout": _("附件须是 PDF，或不含宏的 Word 文档（.docx）。"),
        "document": _("阅读文档须是 PDF。"),
    }[kind]


def _video(path: Path, target: Path) -> Incoming:
    seen = look("video", path, target)
    if not 1000 <= seen["duration_ms"] <= LONGEST_MS:
        raise Refused("bad_duration", _("视频长度应在 1 秒到 24 小时之间。"), field="file")
    kept = store.keep_file(target if seen["remuxed"] else path)
    return Incoming(*kept, "video/mp4", seen["duration_ms"], seen["width"], seen["height"])


def _document(path: Path, target: Path) -> Incoming:
    seen = look("document", path, target)
    pages = tuple(
        Incoming(
            *store.keep_file(target.with_name(f"{target.name}.{num}")), "image/jpeg", width=page["width"],
            height=page["height"], text=page["text"],
        )
        for num, page in enumerate(seen["pages"], start=1)
    )  # fmt: skip
    return Incoming(*store.keep_file(path), "application/pdf", pages=pages)
