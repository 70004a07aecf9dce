"""What the class data page opens: evidence by page, who is missing, by county, by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from yanxiu.core.evidence import EvidenceRow
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.kit.snapshot import snapshot
from yanxiu.people.models import Person, Region
from yanxiu.record.figures.profiles import definition
from yanxiu.record.figures.sources import PARTS, Scope, source
from yanxiu.record.figures.sql import spread
from yanxiu.record.figures.words import PersonWords, RowWords, in_words, people
from yanxiu.study.models import CreditCell
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses.models import Lesson

__all__ = [
    "CountyRow", "DayMinutes", "EvidencePage", "MissingRow", "by_county", "complement", "counties", "daily_minutes",
    "evidence_page", "has_complement", "missing_persons", "page_source",
]  # fmt: skip

# figure -> the source whose persons are everybody concerned, and the source of those who have done it
_DONE = {
    "compulsory_minutes": "compulsory",
    "elective_minutes": "elective",
    "mean_minutes": "studied",
    "outcome_submitters": "outcomes",
    "outcome_count": "outcomes",
    "exam_submitters": "attempts",
    "exam_mean": "attempts",
    "exam_absentees": "absentees",
    "discussion_replies": "replies",
}


@dataclass(frozen=True)
class EvidencePage:
    """`total` counts every row that passes the filters, not only this page's."""

    rows: tuple[RowWords, ...]
    next: str | None
    total: int


@dataclass(frozen=True)
class MissingRow:
    person: PersonWords
    note: str  # e.g. the round; empty where the person alone says it


@dataclass(frozen=True)
class MissingPage:
    """`total` rows, of `persons` different people, that pass the filters."""

    rows: tuple[MissingRow, ...]
    next: str | None
    total: int
    persons: int


@dataclass(frozen=True)
class CountyRow:
    county: str
    registered: int
    persons: int
    rows: int
    quantity: int


@dataclass(frozen=True)
class DayMinutes:
    day: date
    compulsory: int
    elective: int
    self_study: int


def page_source(class_: TrainingClass, key: str, part: str = "numerator") -> QuerySet[Any]:
    """The rows of one part of a figure as one queryset. KeyError for an unknown figure or a part it has not."""
    if key == "mean_minutes" and part == "numerator":
        name = "studied"
    else:
        names = dict(zip(("numerator", "denominator"), PARTS[key], strict=True))[part]
        if not names:
            raise KeyError(part)
        name = names[0]
    rows = source(Scope(class_), name)
    assert isinstance(rows, QuerySet)
    return rows


def _narrowed(rows: QuerySet[Any], filters: Mapping[str, str]) -> QuerySet[Any]:
    """Only rows of persons in a county (region code, or below it) and whose name or unit holds a text."""
    persons = Person.objects.all()
    if county := filters.get("county", ""):
        path = Region.objects.filter(code=county).values_list("path", flat=True).first()
        persons = persons.filter(organisation__region__path__startswith=path) if path else persons.none()
    if text := filters.get("name", "").strip():
        persons = persons.filter(Q(name__contains=text) | Q(organisation__name__contains=text))
    if not county and not text:
        return rows
    found: QuerySet[Any] = rows.filter(who__in=persons.values("pk"))
    return found


def _evidence_row(part: str) -> Any:
    return lambda r: EvidenceRow(r.who, r.what, r.at, r.quantity, r.ref, part)


def evidence_page(
    class_: TrainingClass,
    key: str,
    after: str | None = None,
    limit: int = 50,
    filters: Mapping[str, str] | None = None,
    *,
    part: str = "numerator",
) -> EvidencePage:
    """One page of the rows under a figure, in words. Filters: `county` (region code), `name` (part of name or unit)."""
    with snapshot():
        known = definition(key, class_.figure_profile)
        rows = _narrowed(page_source(class_, key, part), filters or {})
        order = ("pk", "what") if key == "discussion_required" else ("pk",)
        page: Page[EvidenceRow] = keyset_page(rows, _evidence_row(part), order=order, after=after, limit=limit)
        shown = in_words(
            page.rows, zone=class_.zone, absent=key == "exam_absentees", unit=known.unit, divisor=known.divisor
        )
        return EvidencePage(tuple(shown), page.next, rows.count())


def has_complement(key: str) -> bool:
    """Whether "who has not" means anything for the figure."""
    return key in _DONE or key in {
        "registered_count", "registration_rate", "outcome_authors_commented", "discussion_posters",
    }  # fmt: skip


def _missing(class_: TrainingClass, key: str) -> QuerySet[Any]:
    """Enrolments (annotated like evidence) of those who have not."""
    scope = Scope(class_)
    everybody = source(scope, "registered")
    assert isinstance(everybody, QuerySet)
    if key in {"registered_count", "registration_rate"}:
        return _persons_of(Enrolment.objects.filter(training_class=class_, state=Enrolment.State.NOMINATED))
    if key == "outcome_authors_commented":
        handed_in, commented = page_source(class_, "outcome_count"), page_source(class_, key)
        return everybody.filter(person_id__in=handed_in.values("who")).exclude(person_id__in=commented.values("who"))
    if key == "discussion_posters":
        pairs, posted = page_source(class_, "discussion_required"), page_source(class_, key)
        return pairs.filter(~Exists(posted.filter(who=OuterRef("who"), what=OuterRef("what"))))
    done = source(scope, _DONE[key])
    assert isinstance(done, QuerySet)
    return everybody.exclude(person_id__in=done.values("who"))


def _persons_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Enrolments with the two columns a page of persons needs."""
    named: QuerySet[Any] = rows.annotate(who=F("person_id"), what=Value(""))
    return named


def complement(
    class_: TrainingClass,
    key: str,
    after: str | None = None,
    limit: int = 50,
    filters: Mapping[str, str] | None = None,
) -> MissingPage:
    """Who has not: not registered, not studied, not submitted, not posted in a round. KeyError where that means nothing."""
    with snapshot():
        rows = _narrowed(_missing(class_, key), filters or {})
        order = ("pk", "what") if key == "discussion_posters" else ("pk",)
        page: Page[tuple[int, str]] = keyset_page(
            rows, lambda r: (r.who, r.what), order=order, after=after, limit=limit
        )
        known = people(who for who, _what in page.rows)
        rounds = {f"round:{r.pk}": r.num for r in class_.rounds.all()} if key == "discussion_posters" else {}
        shown = [
            MissingRow(known[who], _("第 %(num)d 轮") % {"num": rounds[what]} if what in rounds else "")
            for who, what in page.rows
        ]
        counted = rows.order_by().aggregate(total=Count("pk"), persons=Count("person_id", distinct=True))
        return MissingPage(tuple(shown), page.next, counted["total"], counted["persons"])


def missing_persons(class_: TrainingClass, key: str, filters: Mapping[str, str] | None = None) -> list[int]:
    """Ids of everybody in the complement of a figure, each once. KeyError where that means nothing."""
    with snapshot():
        return sorted(set(_narrowed(_missing(class_, key), filters or {}).values_list("who", flat=True)))


def counties(class_: TrainingClass) -> list[tuple[str, str]]:
    """(code, name) of the regions of registered learners' units, for a filter."""
    with snapshot():
        rows = (
            Scope(class_)
            .registered()
            .values_list("person__organisation__region__code", "person__organisation__region__name")
        )
        return [(code, name) for code, name in rows.distinct().order_by("person__organisation__region__code") if code]


def by_county(class_: TrainingClass, key: str) -> list[CountyRow]:
    """How the rows under a figure spread over the counties, with the registered learners of each beside."""
    with snapshot():
        found = {name: rest for name, *rest in spread(page_source(class_, key))}
        registered = Scope(class_).registered().order_by().values_list("person__organisation__region__name")
        learners: dict[str | None, int] = dict(registered.annotate(n=Count("pk")))
        return [
            CountyRow(name or _("未填单位"), learners.get(name, 0), persons, rows, quantity)
            for name in sorted(learners.keys() | found.keys(), key=str)
            for rows, persons, quantity in [found.get(name, [0, 0, 0])]
        ]


def daily_minutes(class_: TrainingClass) -> list[DayMinutes]:
    """Credited minutes of registered learners on every day of the class, by kind of course, each cut off to minutes."""

    def of_kind(kind: str) -> Sum:
        lessons = Lesson.objects.filter(
            course__curriculumitem__training_class=class_, course__curriculumitem__kind=kind
        )
        return Sum("credited_ms", filter=Q(lesson_id__in=lessons.values("pk")), default=0)

    with snapshot():
        cells = CreditCell.objects.filter(class_id=class_.pk, enrolment_id__in=Scope(class_).registered().values("pk"))
        sums = (
            cells.order_by()
            .values("day")
            .annotate(compulsory=of_kind("compulsory"), elective=of_kind("elective"), self_study=of_kind("self_study"))
        )
        found = {row["day"]: row for row in sums}
    days = [class_.starts_on + timedelta(n) for n in range((class_.ends_on - class_.starts_on).days + 1)]
    none = {"compulsory": 0, "elective": 0, "self_study": 0}
    return [
        DayMinutes(day, *(found.get(day, none)[kind] // 60_000 for kind in ("compulsory", "elective", "self_study")))
        for day in sorted({*days, *found})
    ]
