"""All dates of a class as a list, and as a calendar file (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.faces.frame.learning.dues import todo
from yanxiu.faces.frame.learning.timeline import numeral
from yanxiu.record.assessment.queries import Agenda
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Entry", "calendar", "entries"]

TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """`timed`: has hours; else whole days, the last one included. `state`: done, on, ahead."""

    key: str
    opens_at: datetime
    closes_at: datetime
    title: str
    note: str
    href: str
    timed: bool
    state: str
    tag: str = ""
    look: str = ""
    place: str = ""

    @property
    def last(self) -> datetime:
        return self.closes_at - TICK


def _state(opens_at: datetime, closes_at: datetime) -> str:
    at = clock.now()
    return "ahead" if at < opens_at else "on" if at < closes_at else "done"


def entries(class_: TrainingClass, found: Agenda) -> list[Entry]:
    """By the day they begin."""
    opens, closes = window(class_.starts_on, class_.ends_on, class_.zone)
    rows = [
        Entry("class", opens, closes, _("培训时间"), class_.name, "", timed=False, state=_state(opens, closes)),
        *_of_dues(class_, found),
    ]
    return sorted(rows, key=lambda row: (row.opens_at, row.closes_at))


def _of_dues(class_: TrainingClass, found: Agenda) -> Iterator[Entry]:
    for due in found.dues:
        line = todo(class_, due)
        title, note = line.title, line.note
        if due.kind == "session":
            note = due.place
        if due.kind == "round":
            title, note = _("第%(n)s轮研讨") % {"n": numeral(due.number)}, due.title
        yield Entry(
            f"{due.kind}-{due.number or due.ref}", due.opens_at, due.closes_at, title, note, line.href,
            timed=due.kind in {"exam", "session"}, state=_state(due.opens_at, due.closes_at), tag=line.tag, look=line.look,
            place=due.place,
        )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    parts: list[str] = []
    current = ""
    for character in line:
        if len((current + character).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])


def _moments(row: Entry, zone: ZoneInfo) -> tuple[str, str]:
    """The end of whole days is the day after the last, as RFC 5545 has it."""
    if row.timed:
        return f":{row.opens_at.astimezone(UTC):%Y%m%dT%H%M%SZ}", f":{row.closes_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    first, after = row.opens_at.astimezone(zone).date(), row.last.astimezone(zone).date() + timedelta(days=1)
    return f";VALUE=DATE:{first:%Y%m%d}", f";VALUE=DATE:{after:%Y%m%d}"


def calendar(class_: TrainingClass, rows: Iterable[Entry]) -> str:
    """One event a row; the same row keeps its UID, so that a second import updates and does not double."""
    stamp = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yanxiu//schedule//ZH",
        f"X-WR-CALNAME:{_escaped(class_.short_name)}",
    ]
    for row in rows:
        starts, ends = _moments(row, ZoneInfo(class_.zone))
        lines += [
            "BEGIN:VEVENT", f"UID:{class_.uuid}-{row.key}@yanxiu", f"DTSTAMP:{stamp}", f"DTSTART{starts}",
            f"DTEND{ends}", f"SUMMARY:{_escaped(f'{row.title} · {class_.short_name}')}",
            f"DESCRIPTION:{_escaped(row.note)}", *([f"LOCATION:{_escaped(row.place)}"] if row.place else []), "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
