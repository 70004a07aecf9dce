"""The child process: one command on one file, the answer as JSON on stdout. ffmpeg (PyAV) and PDFium, no Django.

Run as `python -m yanxiu.training.courses.media.probing.child COMMAND SOURCE TARGET`. It limits its own processor time and
memory first. Lines "% 12" before the answer say how far a long command is.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pypdfium2

from yanxiu.training.courses.media.probing.limits import ADDRESS_SPACE, CPU_SECONDS, PAGES

__all__ = ["main"]

LOW_HEIGHT, LOW_RATE = 360, 260_000
PAGE_WIDTH = 1240  # pixels: an A4 page at 150 dpi
POSTER_WIDTH = 1280
CONVERSION_SECONDS = 6 * 3600


class Unfit(Exception):
    """The file cannot be used; the code is put into words by the parent."""


def _is_faststart(path: Path) -> bool:
    """Does the index (moov) stand before the pictures (mdat)? Only then can a browser begin before it has everything."""
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, name = int.from_bytes(head[:4]), head[4:]
            if name in {b"moov", b"mdat"}:
                return name == b"moov"
            if size == 1:
                size = int.from_bytes(file.read(8)) - 8
            if size < 8:
                break
            file.seek(size - 8, 1)
    raise Unfit("damaged")


def video(source: Path, target: Path) -> dict[str, Any]:
    """Length and size of an H.264 MP4; with the index moved to the front in `target` where it was not."""
    with av.open(str(source), format="mp4") as container:
        if not container.streams.video:
            raise Unfit("no_picture")
        stream = container.streams.video[0]
        sounds = [sound.codec_context.name for sound in container.streams.audio]
        if stream.codec_context.name != "h264" or any(name not in {"aac", "mp3"} for name in sounds):
            raise Unfit("codec")
        if not container.duration or next(container.decode(stream), None) is None:
            raise Unfit("damaged")
        found = {
            "duration_ms": container.duration // 1000, "width": stream.codec_context.width,
            "height": stream.codec_context.height, "remuxed": not _is_faststart(source),
        }  # fmt: skip
    if found["remuxed"]:
        _remux(source, target)
    return found


def _remux(source: Path, target: Path) -> None:
    with (
        av.open(str(source)) as given,
        av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as made,
    ):
        wanted = [*given.streams.video[:1], *given.streams.audio[:1]]
        streams = {stream.index: made.add_stream_from_template(stream) for stream in wanted}
        for packet in given.demux(wanted):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                made.mux(packet)


def low(source: Path, target: Path) -> dict[str, Any]:
    """The same in fewer bytes, for a phone on a metered line."""
    with (
        av.open(str(source)) as given,
        av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as made,
    ):
        seen = given.streams.video[0]
        height = min(LOW_HEIGHT, seen.codec_context.height) // 2 * 2
        width = seen.codec_context.width * height // seen.codec_context.height // 2 * 2
        rate = min(seen.average_rate or Fraction(25), Fraction(25))
        picture = made.add_stream("libx264", rate=rate, options={"preset": "veryfast", "maxrate": str(LOW_RATE)})
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = width, height, "yuv420p", LOW_RATE
        heard = given.streams.audio[:1]
        sound = [(made.add_stream_from_template(one), one) for one in heard]
        _recode(given, made, (seen, picture), sound)
        return {"width": width, "height": height, "duration_ms": (given.duration or 0) // 1000}


def _recode(given: Any, made: Any, pictures: tuple[Any, Any], sound: list[tuple[Any, Any]]) -> None:
    seen, picture = pictures
    said, whole, next_at = -1, given.duration or 1, Fraction(0)
    for packet in given.demux([seen, *(one for _, one in sound)]):
        if packet.dts is None and packet.stream is not seen:
            continue
        if packet.stream is not seen:
            packet.stream = sound[0][0]
            made.mux(packet)
            continue
        for frame in packet.decode():
            at = frame.pts * frame.time_base
            if at < next_at:  # more pictures a second than we send
                continue
            next_at = at + 1 / Fraction(picture.codec_context.framerate) * Fraction(3, 4)
            made.mux(picture.encode(frame.reformat(picture.width, picture.height, "yuv420p")))
            if (percent := min(99, int(at * 100_000_000 / whole))) != said:
                said = percent
                sys.stdout.write(f"% {percent}\n")
                sys.stdout.flush()
    made.mux(picture.encode(None))


def _jpeg(frame: av.VideoFrame, target: Path) -> None:
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"q:v": "4", "qmin": "4", "qmax": "4"}
    frame.pts = 0
    packets = [*encoder.encode(frame.reformat(format="yuvj420p")), *encoder.encode(None)]
    target.write_bytes(b"".join(bytes(packet) for packet in packets))


def picture(source: Path, target: Path) -> dict[str, Any]:
    """A picture made anew: whatever else the file carried stays behind."""
    with av.open(str(source)) as container:
        frame = next(container.decode(video=0), None)
    if frame is None:
        raise Unfit("damaged")
    scale = min(1.0, POSTER_WIDTH / frame.width)
    width, height = (max(2, int(side * scale) // 2 * 2) for side in (frame.width, frame.height))
    _jpeg(frame.reformat(width, height, "yuv420p"), target)
    return {"width": width, "height": height}


def _pages(document: Any, target: Path) -> Iterator[dict[str, Any]]:
    for num, page in enumerate(document, start=1):
        bitmap = page.render(scale=PAGE_WIDTH / max(1.0, page.get_width()), rev_byteorder=True)
        width, height = bitmap.width // 2 * 2, bitmap.height // 2 * 2
        converted = bitmap.buffer
        frame = av.VideoFrame(bitmap.width, bitmap.height, "rgb24" if bitmap.n_channels == 3 else "rgba")
        plane, row = frame.planes[0], bitmap.width * bitmap.n_channels
        raw = bytes(converted)
        padded = b"".join(
            raw[y * bitmap.stride : y * bitmap.stride + row].ljust(plane.line_size, b"\0") for y in range(bitmap.height)
        )
        plane.update(padded)
        _jpeg(frame.reformat(width, height, "yuv420p"), target.with_name(f"{target.name}.{num}"))
        text = page.get_textpage().get_text_bounded()
        yield {"width": width, "height": height, "text": text[:4000]}


def document(source: Path, target: Path) -> dict[str, Any]:
    """A PDF as pictures, one a page: in-app browsers of phones show no PDF, and a frame of one tells nothing of reading."""
    try:
        opened = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError:
        raise Unfit("damaged") from None
    if not 0 < len(opened) <= PAGES:
        raise Unfit("pages")
    return {"pages": list(_pages(opened, target))}


def pdf(source: Path, target: Path) -> dict[str, Any]:
    """Is it a PDF that opens?"""
    try:
        return {"pages": len(pypdfium2.PdfDocument(source))}
    except pypdfium2.PdfiumError:
        raise Unfit("damaged") from None


COMMANDS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "video": video, "low": low, "picture": picture, "document": document, "pdf": pdf,
}  # fmt: skip


def main() -> None:
    """Limit, look, answer."""
    seconds = CONVERSION_SECONDS if sys.argv[1] == "low" else CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = COMMANDS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    except Unfit as unfit:
        answer = {"refused": str(unfit)}
    except (av.FFmpegError, ValueError):
        answer = {"refused": "damaged"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
