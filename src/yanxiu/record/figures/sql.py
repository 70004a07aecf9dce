"""Evidence rows put together and tallied by the database: the same canonical form as core.evidence, no float anywhere."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, Func, QuerySet, TextField, Value

from yanxiu.core.figures import Tally

__all__ = ["COLUMNS", "EpochMs", "Printed", "Statement", "run", "statement"]

COLUMNS = ("who", "what", "at", "quantity", "ref")
Statement = tuple[str, tuple[Any, ...]]

# Lines are canonical but for their opening `["part",`: core.evidence.canonical_lines puts that in front, and sorts.
_TALLY = {
    "sqlite": (
        'SELECT COUNT(*), COALESCE(SUM("quantity"), 0), {distinct}, '
        """group_concat(printf('%%d,"%%s",%%d,%%d,"%%s"]', "who", "what", "at", "quantity", "ref"), char(10)) """
        "FROM ({rows}) AS evidence"
    ),
    "postgresql": (
        'SELECT COUNT(*), COALESCE(SUM("quantity"), 0)::bigint, {distinct}, '
        """string_agg(format('%%s,"%%s",%%s,%%s,"%%s"]', "who", "what", "at", "quantity", "ref"), E'\\n') """
        "FROM ({rows}) AS evidence"
    ),
}
_DISTINCT = 'COUNT(DISTINCT "who" || \' \' || "what")'


class EpochMs(Func):
    """Whole ms since 1970 UTC of a stored instant; 0 for none."""

    function = ""
    output_field = BigIntegerField()
    template = (
        "COALESCE(unixepoch(substr(%(expressions)s, 1, 19)) * 1000"
        " + CAST(substr(%(expressions)s, 21, 3) AS INTEGER), 0)"
    )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """floor() of exact numeric, not of a float."""
        template = "COALESCE(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) * 1000)::bigint, 0)"
        return super().as_sql(compiler, connection, template=template, **context)


class Printed(Func):
    """A text made of columns: Printed("post:%d", "pk")."""

    function = "printf"
    output_field = TextField()

    def __init__(self, pattern: str, *columns: Any) -> None:
        super().__init__(Value(pattern), *columns)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL calls it format() and knows only %s."""
        pattern, *columns = self.get_source_expressions()
        clone = self.copy()
        clone.set_source_expressions([Value(str(pattern.value).replace("%d", "%s")), *columns])
        return super(Printed, clone).as_sql(compiler, connection, function="format", **context)


def statement(rows: QuerySet[Any], *, distinct: bool) -> Statement | None:
    """The tally over exactly the rows of an evidence queryset, as SQL; None where the queryset can hold nothing."""
    try:
        text, values = rows.order_by().values_list(*COLUMNS).query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return None
    vendor = connections[rows.db].vendor
    return _TALLY[vendor].format(rows=text, distinct=_DISTINCT if distinct else "0"), tuple(values)


def run(tallied: Statement | None, using: str) -> tuple[Tally, str]:
    """The tally and the rows' lines, in one statement."""
    if tallied is None:
        return Tally(0, 0, 0), ""
    with connections[using].cursor() as cursor:
        cursor.execute(*tallied)
        count, total, distinct, lines = cursor.fetchone()
    return Tally(count, distinct, total), lines or ""
