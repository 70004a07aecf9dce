"""Evidence rows put together and tallied by the database: the same canonical form as core.evidence, no float anywhere."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, Func, QuerySet, TextField, Value

from yanxiu.core.figures import Tally

__all__ = ["COLUMNS", "EpochMs", "Printed", "Statement", "run", "spread", "statement"]

COLUMNS = ("who", "what", "at", "quantity", "ref")
Statement = tuple[str, tuple[Any, ...]]

# Lines are canonical but for their opening `["part",`: core.evidence.canonical_lines puts that in front, and sorts.
_TALLY = {
    "sqlite": (
        'SELECT COUNT(*), COALESCE(SUM("quantity"), 0), {distinct}, {lines} FROM ({rows}) AS evidence',
        """group_concat(printf('%%d,"%%s",%%d,%%d,"%%s"]', "who", "what", "at", "quantity", "ref"), char(10))""",
    ),
    "postgresql": (
        'SELECT COUNT(*), COALESCE(SUM("quantity"), 0)::bigint, {distinct}, {lines} FROM ({rows}) AS evidence',
        """string_agg(format('%%s,"%%s",%%s,%%s,"%%s"]', "who", "what", "at", "quantity", "ref"), E'\\n')""",
    ),
}
# Each person's rows first, then the persons of a county: a county looked up for each row took longer than all the rest.
_SPREAD = (
    'SELECT region."name", SUM(mine."rows"), COUNT(*), SUM(mine."quantity") FROM (SELECT "who", COUNT(*) AS "rows", '
    'SUM("quantity") AS "quantity" FROM ({rows}) AS evidence GROUP BY "who") AS mine '
    'LEFT JOIN "people_person" AS person ON person."id" = mine."who" '
    'LEFT JOIN "people_organisation" AS unit ON unit."id" = person."organisation_id" '
    'LEFT JOIN "people_region" AS region ON region."id" = unit."region_id" GROUP BY region."name"'
)
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


def _selected(rows: QuerySet[Any]) -> Statement | None:
    try:
        text, values = rows.order_by().values_list(*COLUMNS).query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return None
    return text, tuple(values)


def statement(rows: QuerySet[Any], *, distinct: bool, lines: bool) -> Statement | None:
    """The tally over exactly the rows of an evidence queryset, as SQL, with the rows' lines where they are wanted; None where
    the queryset can hold nothing.
    """
    if (found := _selected(rows)) is None:
        return None
    text, values = found
    tallied, put_together = _TALLY[connections[rows.db].vendor]
    alone = isinstance(rows.query.annotations["what"], Value)  # the person alone is the key
    counted = ('COUNT(DISTINCT "who")' if alone else _DISTINCT) if distinct else "0"
    told = put_together if lines else "''"
    return tallied.format(rows=text, distinct=counted, lines=told), values


def run(tallied: Statement | None, using: str) -> tuple[Tally, str]:
    """The tally and the rows' lines, in one statement."""
    if tallied is None:
        return Tally(0, 0, 0), ""
    with connections[using].cursor() as cursor:
        cursor.execute(*tallied)
        count, total, distinct, lines = cursor.fetchone()
    return Tally(count, distinct, total), lines or ""


def spread(rows: QuerySet[Any]) -> list[tuple[str | None, int, int, int]]:
    """(name of the county or None, rows, persons, quantity) of an evidence queryset, in one statement."""
    if (found := _selected(rows)) is None:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(_SPREAD.format(rows=found[0]), found[1])
        return [(name, int(many), int(persons), int(quantity)) for name, many, persons, quantity in cursor.fetchall()]
