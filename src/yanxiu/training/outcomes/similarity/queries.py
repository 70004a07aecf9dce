"""Reads of checks. The author sees a percentage and their own text; the staff of the class both texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yanxiu.core.similar import united
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_view_data
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.similarity.actions import MOST_CHECKS
from yanxiu.training.outcomes.similarity.corpus import CORPUS_STATES
from yanxiu.training.outcomes.similarity.models import SimilarityCheck, SimilarityMatch
from yanxiu.training.outcomes.similarity.quoting import quoted_spans

__all__ = ["Comparison", "MatchRow", "OwnCheck", "Stretch", "last_check", "own_checks", "own_text", "side_by_side"]

AROUND = 40  # characters shown around a passage of a class the viewer does not see
State = SimilarityCheck.State


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text; `mark` is the number of the passage it belongs to, 0 for none; `is_quoted` was left out."""

    text: str
    mark: int = 0
    is_quoted: bool = False


def _stretches(text: str, marks: Iterable[tuple[int, int, int]], quoted: Sequence[tuple[int, int]]) -> list[Stretch]:
    """The whole text in order, cut at marks (number, start, end) and quotations; the first mark of a place holds."""
    cuts = sorted([(start, end, num, False) for num, start, end in marks] + [(a, b, 0, True) for a, b in quoted])
    found: list[Stretch] = []
    at = 0
    for start, end, num, is_quoted in cuts:
        begin = max(start, at)
        if begin >= end:
            continue
        if begin > at:
            found.append(Stretch(text[at:begin]))
        found.append(Stretch(text[begin:end], num, is_quoted))
        at = end
    if at < len(text):
        found.append(Stretch(text[at:]))
    return found


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """A check as its author sees it; `percent` and `is_done` say nothing of whose text it is."""

    num: int
    version: int
    state: str
    state_label: str
    asked_at: datetime
    percent: float
    is_under_way: bool
    is_done: bool


def _own(viewer: Viewer, outcome: Outcome) -> None:
    if viewer.person_id is None or outcome.enrolment.person_id != viewer.person_id:
        raise NotVisible


def own_checks(viewer: Viewer, outcome: Outcome) -> tuple[list[OwnCheck], int]:
    """(checks of this draft, newest first; how many are left)."""
    _own(viewer, outcome)
    moves = AuditEntry.objects.filter(object_type="outcome", object_id=outcome.pk, action="return_outcome")
    checks = SimilarityCheck.objects.filter(outcome=outcome, by_author=True, round=moves.count())
    rows = [
        OwnCheck(
            c.num, c.version.num, c.state, c.get_state_display(), c.asked_at, c.per_mille / 10,
            c.state in (State.QUEUED, State.RUNNING), c.state == State.DONE,
        )
        for c in checks.select_related("version").order_by("-num")
    ]  # fmt: skip
    used = sum(row.state != State.FAILED for row in rows)
    return rows, max(0, MOST_CHECKS - used)


def own_text(viewer: Viewer, outcome: Outcome, num: int) -> tuple[OwnCheck, list[Stretch]]:
    """The author's own text with what others have too; a check of this draft only."""
    checks, _left = own_checks(viewer, outcome)
    row = next((row for row in checks if row.num == num and row.is_done), None)
    if row is None:
        raise NotVisible
    check = SimilarityCheck.objects.filter(outcome=outcome, by_author=True, num=num, state=State.DONE)
    found = check.select_related("version").latest("pk")
    marks = [(1, start, end) for start, end in found.spans]
    return row, _stretches(found.version.body, marks, quoted_spans(found.version.body, found.version.html))


@dataclass(frozen=True, slots=True)
class MatchRow:
    """`author` and `title` are empty for a piece of a class the viewer does not see."""

    match_id: int
    percent: float
    author: str
    title: str
    class_name: str


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The newest check made at a submission, as the staff sees it."""

    state: str
    state_label: str
    percent: float
    is_done: bool
    matches: tuple[MatchRow, ...]


def _require_staff(viewer: Viewer, outcome: Outcome) -> None:
    if not can_view_data(viewer, outcome.enrolment.training_class):
        raise NotVisible


def _match_row(match: SimilarityMatch, seen: set[int]) -> MatchRow:
    enrolment = match.other.outcome.enrolment
    if enrolment.training_class_id not in seen:
        return MatchRow(match.pk, match.per_mille / 10, "", "", "")
    name = enrolment.training_class.short_name
    return MatchRow(match.pk, match.per_mille / 10, enrolment.person.name, match.other.outcome.title, name)


def _still_there(matches: QuerySet[SimilarityMatch]) -> QuerySet[SimilarityMatch]:
    """Those with pieces that are in the corpus yet: not withdrawn since, nor erased with their author."""
    return matches.filter(other__outcome__fingerprint__isnull=False, other__outcome__state__in=CORPUS_STATES)


def last_check(viewer: Viewer, outcome: Outcome) -> LastCheck | None:
    """With its matches, the largest first; pieces withdrawn since are not among them."""
    _require_staff(viewer, outcome)
    check = SimilarityCheck.objects.filter(outcome=outcome, by_author=False).order_by("-pk").first()
    if check is None:
        return None
    matches = list(
        _still_there(check.matches.all())
        .select_related("other__outcome__enrolment__person", "other__outcome__enrolment__training_class")
        .order_by("-per_mille", "pk")
    )
    classes = {match.other.outcome.enrolment.training_class_id for match in matches}
    seen = set(visible_classes(viewer).filter(pk__in=classes).values_list("pk", flat=True)) if classes else set()
    rows = tuple(_match_row(match, seen) for match in matches)
    return LastCheck(check.state, check.get_state_display(), check.per_mille / 10, check.state == State.DONE, rows)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both texts; of a class the viewer does not see only the passages with a little around them, and no name."""

    percent: float
    passages: int
    mine: tuple[Stretch, ...]
    theirs: tuple[Stretch, ...]
    author: str
    title: str
    class_name: str
    is_whole: bool


def _excerpt(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return united((max(0, start - AROUND), min(len(text), end + AROUND)) for start, end in spans)


def _clipped(text: str, marks: list[tuple[int, int, int]]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in _excerpt(text, [(a, b) for _num, a, b in marks]):
        inside = [(num, a - start, b - start) for num, a, b in marks if start <= a and b <= end]
        found += [Stretch("…"), *_stretches(text[start:end], inside, ()), Stretch("…\n")]
    return found


def side_by_side(viewer: Viewer, outcome: Outcome, match_id: int) -> Comparison:
    """For the staff of the class of the checked piece."""
    _require_staff(viewer, outcome)
    found = SimilarityMatch.objects.filter(
        pk=match_id, similarity_check__outcome=outcome, similarity_check__by_author=False
    )
    match = (
        _still_there(found)
        .select_related(
            "similarity_check__version",
            "other__outcome__enrolment__person",
            "other__outcome__enrolment__training_class",
        )
        .first()
    )
    if match is None:
        raise NotVisible
    other, version = match.other, match.similarity_check.version
    is_whole = visible_classes(viewer).filter(pk=other.outcome.enrolment.training_class_id).exists()
    row = _match_row(match, {other.outcome.enrolment.training_class_id} if is_whole else set())
    here = [(num, a, b) for num, a, b, _c, _d in match.runs]
    there = sorted(((num, c, d) for num, _a, _b, c, d in match.runs), key=lambda mark: mark[1:])
    theirs = (
        _stretches(other.body, there, quoted_spans(other.body, other.html)) if is_whole else _clipped(other.body, there)
    )
    return Comparison(
        row.percent, max((num for num, *_rest in match.runs), default=0),
        tuple(_stretches(version.body, here, quoted_spans(version.body, version.html))), tuple(theirs),
        row.author or _("其他班级的学员"), row.title, row.class_name, is_whole,
    )  # fmt: skip
