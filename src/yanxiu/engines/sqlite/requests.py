"""What one caller wants stored, encoded and checked before it is queued, so that it cannot spoil the group it lands in."""

from collections.abc import Callable, Sequence

import msgspec

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.study.ports import Fact, NotStored, Stored

__all__ = ["Request", "Settle", "beat_request", "encode", "fact_request"]

Settle = Callable[[Stored | NotStored], None]

_LARGEST = 2**63 - 1
_FACTS = frozenset({"clock", "correction", "attendance"})  # on their own; "challenge" and "proof" come with beats
encode = msgspec.json.Encoder().encode


class _Body(msgspec.Struct):
    """Content of a beat; two beats are the same when these bytes are."""

    spans: tuple[MediaSpan, ...]  # each a JSON array of four
    rate: float
    why: str
    visible: bool
    focused: bool
    muted: bool
    device: int


class Request:
    """`facts` is None where the request is a single fact. `settle` hears the answer for the request as a whole."""

    __slots__ = ("entries", "facts", "person_id", "received_ms", "settle", "sid", "wake")

    def __init__(
        self,
        whose: tuple[int, str],
        facts: SessionFacts | None,
        entries: list[tuple[str, int, str]],
        received_ms: int,
        settle: Settle,
        *,
        wake: Callable[[], None] | None = None,
    ) -> None:
        person_id, sid = whose
        if not (0 <= person_id <= _LARGEST and 0 <= received_ms <= _LARGEST):
            raise ValueError("a number beyond what the ledger holds")
        self.person_id = person_id
        self.sid = sid
        self.facts = facts
        self.entries = entries  # kind, seq, JSON
        self.received_ms = received_ms
        self.settle = settle
        self.wake = wake


def beat_request(
    facts: SessionFacts, beats: Sequence[Beat], received_ms: int, settle: Settle, more: Sequence[Fact] = (), *,
    wake: Callable[[], None] | None = None,
) -> Request:  # fmt: skip
    if not facts.sid.isascii():
        raise ValueError("a sid is ASCII")
    entries = []
    for beat in beats:
        if not 0 <= beat.seq <= _LARGEST:
            raise ValueError("seq counts from 0")
        body = _Body(beat.spans, beat.rate, beat.why, beat.visible, beat.focused, beat.muted, beat.device_ms)
        entries.append(("beat", beat.seq, encode(body).decode()))
    for kind, fact in more:
        entries.append((kind, -1, fact.decode()))
    return Request((facts.person_id, facts.sid), facts, entries, received_ms, settle, wake=wake)


def fact_request(kind: str, person_id: int, body: bytes, received_ms: int, settle: Settle) -> Request:
    if kind not in _FACTS:
        raise ValueError(f"not a kind of fact: {kind}")
    msgspec.json.decode(body)  # DecodeError (a ValueError) for what is no JSON
    return Request((person_id, ""), None, [(kind, -1, body.decode())], received_ms, settle)
