"""Slides as an H.264 MP4 of any length, in a moment: one group of pictures a slide is encoded, and its packets repeated."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import av
import pylopdf_fonts_zh_cn as noto
import typst
from av.video.frame import PictureType

__all__ = ["Slide", "captions", "poster", "video"]

GROUP = 20  # seconds, and pictures: one a second


@dataclass(frozen=True, slots=True)
class Slide:
    """What stands on a slide, and for how many seconds."""

    title: str
    lines: tuple[str, ...]
    seconds: int
    say: str = ""
    foot: str = ""


@cache
def _compiler() -> typst.Compiler:
    folder = Path(__file__).parent
    return typst.Compiler(folder / "slide.typ", root=folder, font_paths=[Path(noto.serif_path()).parent])


def poster(slide: Slide, width: int = 640) -> bytes:
    """The slide as PNG."""
    inputs = {"slide": json.dumps(asdict(slide), ensure_ascii=False)}
    made = _compiler().compile(format="png", ppi=72 * width / 1280, sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def _encoder(width: int, height: int) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.gop_size = Fraction(1, 1), Fraction(1, 1), GROUP
    encoder.options = {"preset": "veryfast", "tune": "stillimage", "crf": "27", "bf": "0", "profile": "main"}
    return encoder


def _group(slide: Slide, width: int) -> list[tuple[bytes, bool]]:
    """One closed group of pictures of a slide, as packets."""
    with av.open(BytesIO(poster(slide, width)), "r") as container:
        picture = next(container.decode(video=0))
    height = width * 9 // 16 // 2 * 2
    encoder = _encoder(width, height)
    packets = []
    frame = picture.reformat(width, height, "yuv420p")
    frame.pict_type = PictureType.NONE  # decoded from PNG it asks for a whole picture each time
    for at in range(GROUP):
        frame.pts = at
        packets += encoder.encode(frame)
    return [(bytes(packet), packet.is_keyframe) for packet in (*packets, *encoder.encode(None))]


def video(slides: Sequence[Slide], target: Path, width: int = 640) -> None:
    """Each slide for its seconds."""
    with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as made:
        stream = made.add_stream("libx264", rate=1)
        stream.width, stream.height, stream.pix_fmt = width, width * 9 // 16 // 2 * 2, "yuv420p"
        at = 0
        for slide in slides:
            group = _group(slide, width)
            for n in range(slide.seconds):
                content, is_key = group[n % GROUP]
                packet = av.Packet(content)
                packet.stream, packet.time_base = stream, Fraction(1, 1)
                packet.pts = packet.dts = at
                packet.duration, packet.is_keyframe = 1, is_key
                made.mux(packet)
                at += 1


def _stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def captions(slides: Sequence[Slide]) -> bytes:
    """What is said with each slide, as WebVTT."""
    cues, at = [], 0
    for slide in slides:
        if slide.say:
            cues.append(f"{_stamp(at)} --> {_stamp(at + slide.seconds)}\n{slide.say}\n")
        at += slide.seconds
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()
