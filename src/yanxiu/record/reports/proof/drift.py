"""What has changed since a report was frozen: shown beside the text, never in it, and no failure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yanxiu.kit.models import AuditEntry
from yanxiu.record.figures.queries import measured
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.proof.attachment import frozen_rows

__all__ = ["Drift", "LaterChange", "drift"]

SHOWN = 20


@dataclass(frozen=True)
class LaterChange:
    """An audit entry after the freeze that touched a row of the figure."""

    at: datetime
    action: str
    object_type: str
    object_id: int
    to_state: str


@dataclass(frozen=True)
class Drift:
    """One figure as frozen and as it would be now; `changes` are the newest twenty."""

    key: str
    label: str
    unit: str
    frozen: str
    now: str
    rows_added: int
    rows_gone: int
    changes: tuple[LaterChange, ...]


def drift(report: Report) -> list[Drift]:
    """Figures whose rows are no longer the frozen ones, in printed order; nothing for a live report."""
    if report.state != Report.State.FROZEN:
        return []
    now = measured(report.training_class)
    found = []
    for figure in report.figures.order_by("pk"):
        if figure.key not in now or now[figure.key].value.evidence_digest == figure.evidence_digest:
            continue
        before = set(frozen_rows(figure).decode().splitlines())
        after = set(now[figure.key].canonical.decode().splitlines())
        definition = figure.definition
        one = Drift(
            figure.key, definition["label_zh"], definition["unit"], figure.display, now[figure.key].value.display,
            len(after - before), len(before - after), _later(report, before ^ after),
        )  # fmt: skip
        found.append(one)
    return found


def _later(report: Report, rows: Iterable[str]) -> tuple[LaterChange, ...]:
    touched = {tuple(json.loads(row)[-1].split(":")) for row in rows}
    objects: dict[str, set[int]] = {}
    for kind, number in touched:
        objects.setdefault(kind, set()).add(int(number))
    entries = AuditEntry.objects.filter(position__gt=report.audit_position or 0, object_type__in=objects)
    changes = [
        LaterChange(entry.at, entry.action, entry.object_type, entry.object_id, entry.to_state)
        for entry in entries.order_by("-position").iterator()
        if entry.object_id in objects[entry.object_type]
    ]
    return tuple(changes[:SHOWN])
