"""The hash chain: one link a durable batch, over every field of its entries."""

import hashlib
from collections.abc import Iterable

__all__ = ["GENESIS", "Row", "link"]

GENESIS = "0" * 64
Row = tuple[int, str, int, str, int, int, bytes]  # as in table entry


def link(previous: str, rows: Iterable[Row]) -> str:
    """SHA-256 over the link before and the rows; a body is preceded by its length, so that no two lists read alike."""
    parts = [previous.encode()]
    for position, kind, person_id, sid, seq, received_ms, body in rows:
        parts.append(f"\n{position}|{kind}|{person_id}|{sid}|{seq}|{received_ms}|{len(body)}|".encode())
        parts.append(body)
    return hashlib.sha256(b"".join(parts)).hexdigest()
