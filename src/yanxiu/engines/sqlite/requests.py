"""What one caller wants stored, encoded and checked before it is queued, so that it cannot spoil the group it lands in."""

from collections.abc import Callable, Sequence

import msgspec

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.study.ports import Fact, NotStored, OwnFact, Stored

__all__ = ["Request", "Settle", "beat_request", "encode", "facts_request"]

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


class Request(msgspec.Struct):
    """`facts` is None where the request is a single fact. `settle` hears the answer for the request as a whole."""

    person_id: int
    sid: str
    facts: SessionFacts | None
    entries: list[tuple[str, int, str]]  # kind, seq, JSON
    received_ms: int
    settle: Settle
    wake: Callable[[], None] | None = None  # then called, once for all of a group that name it
    persons: Sequence[int] = ()  # whose the entries are, where they are facts of several


def _checked(request: Request) -> Request:
    if not (0 <= request.person_id <= _LARGEST and 0 <= request.received_ms <= _LARGEST):
        raise ValueError("a number beyond what the ledger holds")
    return request


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
    return _checked(Request(facts.person_id, facts.sid, facts, entries, received_ms, settle, wake))


def facts_request(facts: Sequence[OwnFact], received_ms: int, settle: Settle) -> Request:
    """Facts that stand on their own, of one person each."""
    entries, persons = [], []
    for kind, person_id, body in facts:
        if kind not in _FACTS:
            raise ValueError(f"not a kind of fact: {kind}")
        if not 0 <= person_id <= _LARGEST:
            raise ValueError("a number beyond what the ledger holds")
        msgspec.json.decode(body)  # DecodeError (a ValueError) for what is no JSON
        entries.append((kind, -1, body.decode()))
        persons.append(person_id)
    return _checked(Request(0, "", None, entries, received_ms, settle, persons=persons))
