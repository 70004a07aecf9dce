"""Local days and windows of days, in a class's zone, as instants in UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from yanxiu.core.time.clock import from_ms, to_ms

__all__ = ["day_start", "day_start_ms", "local_day", "split_days", "window"]

_ONE_DAY = timedelta(days=1)


def day_start(day: date, zone: str) -> datetime:
    """The instant a local day begins, aware, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_start_ms(day: date, zone: str) -> int:
    """The same in ms since 1970 UTC."""
    return to_ms(day_start(day, zone))


def window(opens_on: date, closes_on: date, zone: str) -> tuple[datetime, datetime]:
    """From the start of the first day to the midnight after the last: the whole last day belongs to it."""
    return day_start(opens_on, zone), day_start(closes_on + _ONE_DAY, zone)


def local_day(ms: int, zone: str) -> date:
    """The local date of an instant."""
    return from_ms(ms).astimezone(ZoneInfo(zone)).date()


def split_days(a_ms: int, b_ms: int, zone: str) -> Iterator[tuple[date, int, int]]:
    """[a, b) cut at local midnights, as (day, start, end), none empty."""
    while a_ms < b_ms:
        day = local_day(a_ms, zone)
        end = min(b_ms, day_start_ms(day + _ONE_DAY, zone))
        yield day, a_ms, end
        a_ms = end
