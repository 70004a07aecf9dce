"""The JSON of POST /api/beats: what comes in, what goes out."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from yanxiu.core.beats import Beat, MediaSpan
from yanxiu.study.ports import Refusal

__all__ = ["MAX_BODY", "Malformed", "Post", "acknowledge", "decode", "refuse"]

MAX_BODY = 256 * 1024

# Wide enough for every honest value, narrow enough for every store; what a value means is for core.beats.check.
Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Rate = Annotated[float, Meta(ge=0, le=16)]


class WireBeat(Struct):
    """Positions are -1 in a reading lesson. `sid` may be left out: the token says it."""

    seq: Whole
    spans: Annotated[list[tuple[Whole, Whole, Whole, Whole]], Meta(max_length=1000)]
    rate: Rate = 1.0
    why: Annotated[str, Meta(max_length=16, pattern="^[a-z_]*$")] = "tick"
    visible: bool = True
    focused: bool = True
    muted: bool = False
    device: Whole = 0
    sid: str = ""

    def beat(self) -> Beat:
        return Beat(
            self.seq, tuple(map(MediaSpan._make, self.spans)), self.rate, self.why,
            self.visible, self.focused, self.muted, self.device,
        )  # fmt: skip


class Post(Struct):
    token: str
    beats: Annotated[list[WireBeat], Meta(max_length=1000)]
    sent: Whole = 0  # device clock, for diagnosis only


class Taken(Struct):
    now: int
    durable_seq: int
    as_of: int
    refused: tuple[Refusal, ...]


class Malformed(Exception):
    """Not a POST of ours; says where it went wrong."""


class Trouble(Struct):
    error: str
    message: str
    detail: str = ""


_decoder = msgspec.json.Decoder(Post)
_encode = msgspec.json.Encoder().encode


def decode(body: bytes) -> Post:
    try:
        return _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None


def acknowledge(now: int, durable_seq: int, as_of: int, refused: tuple[Refusal, ...]) -> bytes:
    """Body of a 200."""
    return _encode(Taken(now, durable_seq, as_of, refused))


def refuse(error: str, message: str, detail: str = "") -> bytes:
    """Body of anything else; `message` is Chinese and says what to do, `detail` is for whoever writes a client."""
    return _encode(Trouble(error, message, detail))
