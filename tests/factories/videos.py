"""Real, short files made on the spot; nothing binary is committed."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import typst

__all__ = ["has_index_at_end", "make_pdf", "make_video"]


def make_video(
    path: Path, seconds: int = 4, *, codec: str = "libx264", width: int = 64, faststart: bool = True
) -> Path:
    """An MP4 of that length, five pictures a second, each of another grey."""
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        stream = container.add_stream(codec, rate=5)
        stream.width, stream.height, stream.pix_fmt = width, width * 9 // 16 // 2 * 2, "yuv420p"
        for n in range(seconds * 5):
            frame = av.VideoFrame(stream.width, stream.height, "yuv420p")
            for plane, value in zip(frame.planes, (n * 7 % 256, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts, frame.time_base = n, Fraction(1, 5)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_pdf(pages: int = 2) -> bytes:
    """A PDF of some pages of Chinese."""
    text = "#pagebreak()\n".join(f"第 {n} 页：学校管理\n" for n in range(1, pages + 1))
    made = typst.compile(f"#set page(width: 210mm, height: 100mm)\n{text}".encode())
    assert isinstance(made, bytes)
    return made


def has_index_at_end(path: Path) -> bool:
    """Does the index lie behind the pictures?"""
    content = path.read_bytes()
    at, names = 0, []
    while at + 8 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        names.append(name)
        at += size
    return names.index(b"moov") > names.index(b"mdat")
