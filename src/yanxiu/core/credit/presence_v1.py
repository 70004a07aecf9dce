"""presence_v1: which presence challenges were missed, from the facts of the ledger alone. Frozen: a change is presence_v2.

A proof is the opening of a session or an answer. A challenge is answered when there is a proof within its answer time, on
whatever tab or device. It is missed only where the question demonstrably stood before somebody's page and nobody answered:

* the page stayed through the whole answer time (its presence fills it) and was in touch early enough to have been asked; so that a
  page that pauses itself when the time is over has missed, and one that was closed, hidden or left before has not; or
* two in a row stayed unanswered and study went on after the second, for longer than an answer takes: the way of a page that
  pauses itself at the question, or reports so rarely that it is never in touch while it is asked.

Of a miss, everything from the last proof before it to the first proof after it does not count. Whoever was offline when asked,
and answers, is believed about the moment of the answer as long as study itself would have been (contact grace).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanxiu.core.time.intervals import Interval, intersect, measure

__all__ = ["NEVER", "Answered", "Asked", "Miss", "misses", "moment_of", "stood", "went_on"]

NEVER = 1 << 62
JITTER_MS = 1_000  # a page's idea of the end of the answer time may be off by this much


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge as issued. `grace_ms`: how late news of its answer may come and still be believed about its moment."""

    id: str
    issued_ms: int
    answer_by_ms: int
    grace_ms: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: when the page says it was given, and when the server heard of it."""

    id: str
    at_ms: int
    received_ms: int


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing counts in [from_ms, until_ms); `until_ms` is NEVER while nobody has proved presence since."""

    asked: Asked
    from_ms: int
    until_ms: int


def moment_of(asked: Asked, answer: Answered) -> int:
    """The instant the answer proves: not before the question, not after its receipt."""
    if answer.received_ms - answer.at_ms > asked.grace_ms:
        return answer.received_ms
    return min(max(answer.at_ms, asked.issued_ms), answer.received_ms)


def stood(asked: Asked, presence: Iterable[Interval], receipts: Iterable[int]) -> bool:
    """Did the question stand before a page through its whole time? `receipts` in any order."""
    start, end = asked.issued_ms, asked.answer_by_ms
    if not any(start < r <= start + (end - start) // 2 for r in receipts):
        return False
    return measure(intersect(presence, [(start, end)])) > end - start - JITTER_MS


def went_on(asked: Asked, presence: Iterable[Interval], next_proof: int = NEVER) -> bool:
    """Did study go on, unproven, for longer than an answer takes?"""
    end = asked.answer_by_ms
    return measure(intersect(presence, [(end, next_proof)])) > end - asked.issued_ms


def _proofs(openings: Iterable[int], asked: Iterable[Asked], answers: Iterable[Answered]) -> list[int]:
    """Moments of proof. One challenge is one proof, however often it is answered: the earliest."""
    known = {challenge.id: challenge for challenge in asked}
    earliest: dict[str, int] = {}
    for answer in answers:
        if answer.id in known:
            at = moment_of(known[answer.id], answer)
            earliest[answer.id] = min(at, earliest.get(answer.id, at))
    return sorted([*openings, *earliest.values()])


def _latest_of_each(asked: Iterable[Asked]) -> list[Asked]:
    """Two processes may have issued one challenge twice: the later issue leaves more time."""
    of_id: dict[str, Asked] = {}
    for challenge in asked:
        known = of_id.get(challenge.id)
        if known is None or challenge.answer_by_ms > known.answer_by_ms:
            of_id[challenge.id] = challenge
    return sorted(of_id.values(), key=lambda challenge: (challenge.issued_ms, challenge.id))


def misses(
    asked: Iterable[Asked],
    answers: Iterable[Answered],
    openings: Iterable[int],
    presence: Sequence[Interval],
    receipts: Iterable[int],
) -> list[Miss]:
    """All misses of one person, by moment of issue; `presence` and `receipts` of sessions that are challenged at all."""
    challenges = _latest_of_each(asked)
    if not challenges:
        return []
    proofs, heard = _proofs(openings, challenges, answers), sorted(receipts)
    found: list[Miss] = []
    unanswered, last_issue = 0, -NEVER
    for challenge in challenges:
        start, end = challenge.issued_ms, challenge.answer_by_ms
        before = bisect_left(proofs, start)
        next_proof = proofs[before] if before < len(proofs) else NEVER
        if before and proofs[before - 1] >= last_issue:
            unanswered = 0
        last_issue = start
        if next_proof <= end:
            continue
        unanswered += 1
        near = heard[bisect_right(heard, start) : bisect_right(heard, end)]
        if stood(challenge, presence, near) or (unanswered > 1 and went_on(challenge, presence, next_proof)):
            found.append(Miss(challenge, proofs[before - 1] if before else -NEVER, next_proof))
    return found
