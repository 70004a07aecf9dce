"""The hash chain: one link a durable batch, over every field of its entries."""

import hashlib
from collections.abc import Iterable

__all__ = ["GENESIS", "Row", "link"]

GENESIS = "0" * 64
Row = tuple[int, str, int, str, int, int, str]  # position kind person_id sid seq received_ms body, as in table entry


def link(previous: str, rows: Iterable[Row]) -> str:
    """SHA-256 over the link before and the rows; a body is preceded by its length, so that no two lists read alike."""
    lines = [previous]
    for position, kind, person_id, sid, seq, received_ms, body in rows:
        lines.append(f"{position}|{kind}|{person_id}|{sid}|{seq}|{received_ms}|{len(body)}|{body}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
