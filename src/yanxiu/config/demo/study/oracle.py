"""An independent answer to "how many seconds count?": second by second over bitmaps, sharing no code with core.credit.

It reads POSTs as they reach the server and knows only the words of docs/figures and the study-time contract: a second
belongs to the latest-opened session for which it shows a new media second, else to the latest-opened; it counts when that
media second has not been shown in a second that was its lesson's. Everything in the play is on whole seconds, so this is
exact to the millisecond. `SECONDS` bounds the six weeks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Claim", "credited_seconds"]

SECONDS = 50 * 86_400


@dataclass(frozen=True, slots=True)
class Claim:
    """One beat as the server got it: which session (in order of opening) says what was on which screen when."""

    opened: int
    session: str
    seq: int
    lesson: int
    start: int  # instant, seconds since the origin of the play
    length: int
    media: int


def _once(claims: Iterable[Claim]) -> list[Claim]:
    """(session, seq) counts once however often it is sent."""
    return list({(claim.session, claim.seq): claim for claim in claims}.values())


def _crowded(claims: Iterable[Claim]) -> bytearray:
    """1 for every second that more than one beat claims."""
    taken, crowded = bytearray(SECONDS), bytearray(SECONDS)
    for claim in claims:
        area = slice(claim.start, claim.start + claim.length)
        if 1 in taken[area]:
            for second in range(claim.start, claim.start + claim.length):
                if taken[second]:
                    crowded[second] = 1
        taken[area] = b"\1" * claim.length
    return crowded


def credited_seconds(claims: Iterable[Claim], lengths: Mapping[int, int]) -> dict[int, int]:
    """Seconds that count for one person, by lesson."""
    beats = _once(claims)
    crowded = _crowded(beats)
    shown = {lesson: bytearray(length) for lesson, length in lengths.items()}
    counted: dict[int, int] = defaultdict(int)
    contested: dict[int, list[tuple[int, str, int, int]]] = defaultdict(list)
    alone: list[Claim] = []
    for beat in beats:
        if 1 not in crowded[beat.start : beat.start + beat.length]:
            alone.append(beat)
            continue
        for i in range(beat.length):
            contested[beat.start + i].append((beat.opened, beat.session, beat.lesson, beat.media + i))
    steps: list[tuple[int, Claim | None]] = [(beat.start, beat) for beat in alone]
    steps += [(second, None) for second in contested]
    for second, sole in sorted(steps, key=lambda step: step[0]):
        if sole is not None:
            seen = shown[sole.lesson]
            area = slice(sole.media, min(sole.media + sole.length, len(seen)))
            counted[sole.lesson] += seen[area].count(0)
            seen[area] = b"\1" * (area.stop - area.start)
            continue
        newest_first = sorted(contested[second], reverse=True)
        fresh = [claim for claim in newest_first if not shown[claim[2]][claim[3]]]
        if fresh:
            _, _, lesson, media = fresh[0]
            shown[lesson][media] = 1
            counted[lesson] += 1
    return dict(counted)
