"""Evidence: the rows under a figure, their canonical form and digest."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["EvidenceRow", "canonical", "canonical_lines", "digest", "from_canonical"]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One fact under a figure: who, what, when, how much, and where to look it up. Ids, quantities and times only.

    `who` is the person id (0 where the fact belongs to nobody), `what` the dedup key within the person ("" where the
    person alone is the key), `at_ms` ms since 1970 UTC (0 where the fact has no instant), `quantity` a whole number in the
    definition's base unit (ms, points, 1), `ref` "<object type>:<id>". `part`: "numerator" or "denominator" of a ratio.
    """

    who: int
    what: str
    at_ms: int
    quantity: int
    ref: str
    part: str = "numerator"


def canonical(rows: Iterable[EvidenceRow]) -> bytes:
    """JSON lines sorted bytewise: equal sets of rows give equal bytes, in whatever order they were read."""
    lines = sorted(
        json.dumps([r.part, r.who, r.what, r.at_ms, r.quantity, r.ref], ensure_ascii=False, separators=(",", ":"))
        for r in rows
    )
    return "\n".join(lines).encode()


def digest(rows: Iterable[EvidenceRow]) -> str:
    """SHA-256 of the canonical rows, hex."""
    return hashlib.sha256(canonical(rows)).hexdigest()


def canonical_lines(parts: Sequence[tuple[str, str]]) -> bytes:
    """The canonical form from (part, lines without their opening `["part",`): what a database can put together itself.

    Equal to `canonical` of the same rows; each text holds one line a row, in any order.
    """
    lines: list[str] = []
    for part, text in parts:
        opening = f'["{part}",'
        lines += [opening + line for line in text.split("\n") if line]
    return "\n".join(sorted(lines)).encode()


def from_canonical(body: bytes) -> list[EvidenceRow]:
    """The rows of a canonical form, in its order."""
    rows = []
    for line in body.decode().splitlines():
        part, who, what, at_ms, quantity, ref = json.loads(line)
        rows.append(EvidenceRow(who, what, at_ms, quantity, ref, part))
    return rows
