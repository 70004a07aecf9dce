"""Who is where in a large class: found, ordered and counted in the newest edition, shown as their facts are now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Substr

from yanxiu.core.time import clock
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.learners import LearnerLine, learner_lines
from yanxiu.record.assessment.standings.making import VERSION
from yanxiu.record.assessment.standings.models import Standing, StandingsEdition
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["Found", "Wanted", "class_counts", "find", "is_large", "newest", "silent", "under_way"]

LARGE = 500  # learners from which a page does not judge everybody while somebody waits
LONGEST_SILENCE = timedelta(minutes=5)
_ORDER: Mapping[str, tuple[str, ...]] = {
    "order": ("enrolment_id",), "name": ("enrolment__person__name",), "compulsory": ("compulsory",), "elective": ("elective",), "posts": ("posts",),
    "exam": ("sat",), "points": ("passed", "scored"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """`show`: failing, round, outcome, exam (who lacks it) or "" for all; `order` a column, with "-" downwards."""

    county: str = ""
    text: str = ""
    show: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`counts` by `show`, within county and text; `total` of what is shown."""

    lines: tuple[LearnerLine, ...]
    counts: Mapping[str, int]
    total: int
    page: int
    pages: int


def is_large(class_: TrainingClass) -> bool:
    """Asks for no more rows than it takes to say."""
    return len(counted_enrolments(class_.pk).order_by().values_list("pk", flat=True)[: LARGE + 1]) > LARGE


def newest(class_: TrainingClass) -> StandingsEdition | None:
    ready = StandingsEdition.objects.filter(training_class=class_, version=VERSION, is_ready=True)
    return ready.order_by("-pk").first()


def under_way(class_: TrainingClass) -> StandingsEdition | None:
    """The edition that is being made; None too where whoever made it has been silent for minutes."""
    return _unready(class_).filter(touched_at__gt=clock.real_now() - LONGEST_SILENCE).first()


def silent(class_: TrainingClass) -> QuerySet[StandingsEdition]:
    """Not ready, and whoever made it has been silent for minutes; never one that was ordered a moment ago."""
    return _unready(class_).filter(touched_at__lte=clock.real_now() - LONGEST_SILENCE)


def _unready(class_: TrainingClass) -> QuerySet[StandingsEdition]:
    return StandingsEdition.objects.filter(training_class=class_, is_ready=False)


def _rows(edition: StandingsEdition) -> QuerySet[Standing]:
    return Standing.objects.filter(edition=edition, enrolment__state=Enrolment.State.REGISTERED)


def _lacking(edition: StandingsEdition) -> dict[str, Q]:
    return {
        "": Q(),
        "failing": Q(grade="fail"),
        "round": Q(posts__lt=len(edition.rounds)),
        "outcome": Q(has_outcome=False),
        "exam": Q(exam_best=None),
    }


def _ordered(rows: QuerySet[Standing], order: str) -> QuerySet[Standing]:
    columns = _ORDER.get(order.removeprefix("-"), ())
    rows = rows.annotate(sat=Coalesce("exam_best", -1), scored=Coalesce("points", 0), passed=~Q(grade="fail"))
    found: QuerySet[Standing] = rows.order_by(
        *(F(c).desc() if order[:1] == "-" else F(c).asc() for c in columns), "enrolment_id"
    )
    return found


def find(class_: TrainingClass, edition: StandingsEdition, wanted: Wanted, page: int, size: int) -> Found:
    """One page; who is on it and how many there are is as of the edition, what stands in the lines is as of now."""
    with snapshot():
        rows, lacking = _rows(edition), _lacking(edition)
        if wanted.county:
            rows = rows.filter(enrolment__person__organisation__region__code=wanted.county)
        if text := wanted.text:
            unit = Q(enrolment__person__organisation__name__contains=text)
            named = Q(enrolment__person__name__contains=text) | unit
            rows = rows.none() if "\0" in text else rows.filter(named)  # SQLite would look for what is before it
        asked = {show or "all": Count("pk", filter=condition or None) for show, condition in lacking.items()}
        counts = {"" if show == "all" else show: count for show, count in rows.aggregate(**asked).items()}
        show = wanted.show if wanted.show in lacking else ""
        pages = max(1, -(-counts[show] // size))
        page = max(1, min(page, pages))
        shown = _ordered(rows.filter(lacking[show]), wanted.order)[(page - 1) * size : page * size]
        kept = {row.enrolment_id: row for row in shown}
        now = {line.enrolment_id: line for line in learner_lines(class_, list(kept))}
    lines = tuple(_awarded(now[pk], row) for pk, row in kept.items() if pk in now)
    return Found(lines, counts, counts[show], page, pages)


def _awarded(line: LearnerLine, row: Standing) -> LearnerLine:
    """优秀 is a matter of the whole roster: as the edition has it, for whoever still passes."""
    if row.grade != "excellent" or line.verdict.grade != "pass":
        return line
    return replace(line, verdict=replace(line.verdict, grade="excellent"))


def class_counts(edition: StandingsEdition) -> dict[int, int]:
    """How many posted what each round asks for, by its number."""
    places = range(len(edition.rounds))
    rows = _rows(edition).annotate(**{f"has{n}": Substr("posted", n + 1, 1) for n in places})
    counts = rows.aggregate(**{f"round{n}": Count("pk", filter=Q(**{f"has{n}": "1"})) for n in places})
    return {num: counts[f"round{n}"] for n, num in enumerate(edition.rounds)}
