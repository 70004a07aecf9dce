"""Evidence rows put together and tallied by the database: the same canonical form as core.evidence, no float anywhere."""

from typing import Any

from django.db.models import Aggregate, BigIntegerField, F, Func, TextField, Value

__all__ = ["EpochMs", "Joined", "Printed", "evidence_line", "pair_key"]


class EpochMs(Func):
    """Whole ms since 1970 UTC of a stored instant; 0 for none."""

    function = ""
    output_field = BigIntegerField()
    template = (
        "COALESCE(unixepoch(substr(%(expressions)s, 1, 19)) * 1000"
        " + CAST(substr(%(expressions)s, 21, 3) AS INTEGER), 0)"
    )

    def __init__(self, *columns: Any) -> None:
        super().__init__(*columns)

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


class Joined(Aggregate):
    """All texts of a set, one a line, in any order; NULL of an empty set."""

    function = "group_concat"
    template = "%(function)s(%(expressions)s, char(10))"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """PostgreSQL calls it string_agg."""
        return super().as_sql(compiler, connection, template="string_agg(%(expressions)s, E'\\n')", **context)


def evidence_line() -> Printed:
    """A canonical line without its opening `["part",` (core.evidence.canonical_lines puts that in front)."""
    return Printed('%d,"%s",%d,%d,"%s"]', F("who"), F("what"), F("at"), F("quantity"), F("ref"))


def pair_key() -> Printed:
    """(who, what) as one text, for COUNT DISTINCT."""
    return Printed("%d %s", F("who"), F("what"))
