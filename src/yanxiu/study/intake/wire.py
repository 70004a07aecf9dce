"""The JSON of POST /api/beats: what comes in, what goes out. Times are whole ms.

Request   {token, beats: [...], sent?, proofs?: [{id, t}], want?: "credited"}      beats may be empty
    beats[]   {seq, spans: [[t0, t1, p0, p1]], rate?, why?, visible?, focused?, muted?, device?, sid?}; t since the session opened,
              p media position (-1 -1 in a reading); device = the device's clock at the end of the beat (0: not told)
    proofs[]  answers to challenges: `id` as received, `t` = when the button was pressed, since the session of THIS token opened.
              Any session of the person may carry an answer. Keep it in the outbox until `proofs` of an answer names its id.
    want      "credited": the answer says what is counted so far. Ask with a POST of a tick, not with every POST of a backlog.
Answer    200 {now, durable_seq, as_of, refused: [{seq, why, final}], challenge?, proofs?, credited?}
    challenge {id, due, answer_by, missed, since}: the question that stands open now, repeated in every answer to any session of
              the person until it is answered, so whichever tab is in front shows it; absent = nothing to show, take it down.
              answer_by   server's clock, like `now`: (answer_by - now) ms are left when the answer arrives
              missed      true: the time is over, nothing counts from `since` (the last proof) on until it is answered. Say so at once,
                          leave the button: a late answer is a proof from its own moment. After answer_by with missed false
                          nothing is lost (the page had been left): the button stays, without reproach.
    proofs[]  {id, state}: "in_time" | "late" (counts from now on) | "again" (had been answered) | "unknown" (not of this person, or
              none of ours). All four are final: drop it from the outbox.
    credited  {lesson, today, class, as_of}: counted ms of the session's lesson, of the enrolment's day today (class's zone), and of
              the enrolment; as of ledger position `as_of`: beats acknowledged with a smaller or the same as_of are in it. Absent
              while nothing is digested yet. The digest runs every 2 s, so a page that goes quiet asks once more 5 to 10 s later
              (beats: [], want) and then shows what the ledger says.

While it asks, the page plays on; unanswered, it may pause itself from answer_by + 3 s, not before: a miss is judged by the
presence it reported during the answer time (core/credit/presence_v1.py). Closing, hiding or leaving the page meanwhile
costs nothing.
"""

import re
from typing import Annotated, Literal, NamedTuple, cast

import msgspec
from msgspec import Meta, Struct

from yanxiu.core.beats import Beat, MediaSpan
from yanxiu.study.ports import Refusal

__all__ = [
    "MAX_BODY",
    "Challenge",
    "Credited",
    "Malformed",
    "Post",
    "Proof",
    "Proven",
    "Taken",
    "acknowledge",
    "decode",
    "refuse",
]

MAX_BODY = 256 * 1024

# Wide enough for every honest value, narrow enough for every store; what a value means is for core.beats.check.
Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Rate = Annotated[float, Meta(ge=0, le=16)]


class WireSpan(NamedTuple):
    """A MediaSpan in the same order of fields, so narrow that the decoder checks it."""

    t0: Whole
    t1: Whole
    p0: Whole
    p1: Whole


class WireBeat(Struct, gc=False):
    """Positions are -1 in a reading lesson. `sid` may be left out: the token says it."""

    seq: Whole
    spans: Annotated[tuple[WireSpan, ...], Meta(max_length=1000)]
    rate: Rate = 1.0
    why: Annotated[str, Meta(max_length=16)] = "tick"  # a word: see decode
    visible: bool = True
    focused: bool = True
    muted: bool = False
    device: Whole = 0
    sid: str = ""

    def beat(self) -> Beat:
        return Beat(
            self.seq, cast("tuple[MediaSpan, ...]", self.spans), self.rate, self.why,
            self.visible, self.focused, self.muted, self.device,
        )  # fmt: skip


class Proof(Struct):
    """An answer to a presence challenge."""

    id: Annotated[str, Meta(max_length=64)]
    t: Whole


class Post(Struct):
    token: str
    beats: Annotated[list[WireBeat], Meta(max_length=1000)]
    sent: Whole = 0  # device clock, for diagnosis only
    proofs: Annotated[tuple[Proof, ...], Meta(max_length=8)] = ()
    want: Literal["", "credited"] = ""


class Challenge(Struct, frozen=True):
    """The presence challenge that stands open."""

    id: str
    due: int
    answer_by: int
    missed: bool
    since: int


class Proven(Struct, frozen=True):
    """What became of an answer."""

    id: str
    state: str


class Credited(Struct, frozen=True, rename={"in_class": "class"}):
    """Counted ms as of a ledger position."""

    lesson: int
    today: int
    in_class: int
    as_of: int


class Taken(Struct, omit_defaults=True):
    now: int
    durable_seq: int
    as_of: int
    refused: tuple[Refusal, ...]
    challenge: Challenge | None = None
    proofs: tuple[Proven, ...] = ()
    credited: Credited | None = None


class Malformed(Exception):
    """Not a POST of ours; says where it went wrong."""


class Trouble(Struct):
    error: str
    message: str
    detail: str = ""


_USUAL = frozenset({"tick", "pause", "seek", "rate", "hide", "end", "leave"})  # need no look at their letters
_WORD = re.compile("[a-z_]*")
_decoder = msgspec.json.Decoder(Post)
_encode = msgspec.json.Encoder().encode


def decode(body: bytes) -> Post:
    try:
        post = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    for beat in post.beats:
        if beat.why not in _USUAL and not _WORD.fullmatch(beat.why):
            raise Malformed("Expected `why` to be a word of small letters")
    return post


def acknowledge(taken: Taken) -> bytes:
    """Body of a 200."""
    return _encode(taken)


def refuse(error: str, message: str, detail: str = "") -> bytes:
    """Body of anything else; `message` is Chinese and says what to do, `detail` is for whoever writes a client."""
    return _encode(Trouble(error, message, detail))
