"""Accepting beats: one POST is judged against its token and appended; nothing is read from any database."""

from functools import lru_cache

from msgspec import Struct, structs

from yanxiu.core import tokens
from yanxiu.core.beats import Beat, SessionFacts, check, clamped
from yanxiu.core.time.windows import local_day
from yanxiu.study.intake import wire
from yanxiu.study.intake.presence import NOTHING, Desk, Met
from yanxiu.study.ports import CreditedView, Ledger, NotStored, Refusal, Stored

__all__ = ["Answer", "Judged", "accept", "acknowledged", "attended", "judge", "not_stored", "refused", "too_large"]

Answer = tuple[int, bytes]  # status, JSON body

# Sent again later these may be taken: the receipt will then lie after the beat.
_PASSING = frozenset({"future"})

# A session sends the same token every few seconds for an hour; its signature is checked once.
_facts_of = lru_cache(maxsize=20_000)(tokens.read)


class Judged(Struct, frozen=True):
    """A well-formed POST: what goes to the ledger, what does not and why."""

    facts: SessionFacts
    beats: tuple[Beat, ...]
    refused: tuple[Refusal, ...]
    received_ms: int
    proofs: tuple[wire.Proof, ...] = ()
    wants_credited: bool = False
    met: Met = NOTHING


def accept(
    body: bytes, received_ms: int, key: bytes, ledger: Ledger, *, desk: Desk | None = None,
    view: CreditedView | None = None,
) -> Answer:  # fmt: skip
    """Judge, ask, append, answer; waits for the disk. (The ASGI path takes the same steps and waits without a thread.)"""
    judged = judge(body, received_ms, key)
    if not isinstance(judged, Judged):
        return judged
    try:
        if desk is not None:
            judged = attended(judged, desk, ledger)
        stored = ledger.append(judged.facts, judged.beats, received_ms, judged.met.more)
    except NotStored:
        if desk is not None:
            desk.forget(judged.facts.person_id)
        return not_stored()
    return acknowledged(judged, stored, view)


def attended(judged: Judged, desk: Desk, ledger: Ledger) -> Judged:
    """With what the desk of presence challenges says to it. NotStored where the ledger cannot be asked."""
    met = desk.meet(judged.facts, judged.beats, judged.proofs, judged.received_ms, ledger)
    return judged if met is NOTHING else structs.replace(judged, met=met)


def judge(body: bytes, received_ms: int, key: bytes) -> Judged | Answer:
    """What of this POST can be stored; or the refusal of the whole."""
    if len(body) > wire.MAX_BODY:
        return too_large()
    try:
        post = wire.decode(body)
    except wire.Malformed as error:
        return 422, wire.refuse("malformed", "学习记录格式不对，没有保存；请刷新页面后重试。", str(error))
    try:
        facts = _facts_of(post.token, key)
    except tokens.BadToken:
        return 401, wire.refuse("bad_token", "学习凭证无效，请重新登录；已有的学习记录会保留在本机。")
    if received_ms >= facts.expires_at_ms:
        return 401, wire.refuse("expired", "学习凭证已过期，请重新登录；已有的学习记录会保留在本机。")
    return _judge_beats(post, facts, received_ms)


def _judge_beats(post: wire.Post, facts: SessionFacts, received_ms: int) -> Judged:
    beats: list[Beat] = []
    rejected: list[Refusal] = []
    for sent in post.beats:
        beat = sent.beat()
        why = "foreign_session" if sent.sid and sent.sid != facts.sid else check(facts, beat, received_ms)
        if why is not None:
            rejected.append(Refusal(beat.seq, why, why not in _PASSING))
            continue
        beats.append(_within(beat, facts))
    return Judged(facts, tuple(beats), tuple(rejected), received_ms, post.proofs, post.want == "credited")


def _within(beat: Beat, facts: SessionFacts) -> Beat:
    for span in beat.spans:
        if span.p1 > facts.duration_ms:
            return beat._replace(spans=tuple([clamped(each, facts) for each in beat.spans]))
    return beat


def acknowledged(judged: Judged, stored: Stored, view: CreditedView | None = None) -> Answer:
    """The answer once the commit is on disk: 409 when the POST had something to store and all of it was in conflict."""
    conflicts = tuple([Refusal(seq, "conflict", final=True) for seq in stored.conflicts])
    met = judged.met
    body = wire.acknowledge(
        wire.Taken(
            judged.received_ms, stored.durable_seq, stored.position, judged.refused + conflicts, met.challenge, met.proofs,
            _credited(judged, view) if view is not None and judged.wants_credited else None,
        )
    )  # fmt: skip
    nothing_taken = conflicts and len(conflicts) == len(judged.beats) and not met.more
    return (409 if nothing_taken else 200), body


def _credited(judged: Judged, view: CreditedView) -> wire.Credited | None:
    facts = judged.facts
    found = view.of(facts.enrolment_id, facts.lesson_id, local_day(judged.received_ms, facts.zone))
    return None if found is None else wire.Credited(*found)


def refused(status: int, error: str, message: str) -> Answer:
    """The refusal of a whole request, before it is looked at."""
    return status, wire.refuse(error, message)


def too_large() -> Answer:
    return 413, wire.refuse("too_large", f"一次上报超过 {wire.MAX_BODY // 1024} KB，请分批发送。")


def not_stored() -> Answer:
    return 503, wire.refuse("not_stored", "暂时无法保存学习记录，已保留在本机，稍后自动重发。")
