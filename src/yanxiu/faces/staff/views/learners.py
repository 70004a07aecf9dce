"""Where the learners of a class stand: judged while the page waits, or, in a large class, found in the newest edition."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from yanxiu.faces.staff.tables import PAGE, LearnerTable, found_table, learner_table, wanted_by
from yanxiu.record.assessment.queries import learner_lines
from yanxiu.record.assessment.standings.models import StandingsEdition
from yanxiu.record.assessment.standings.queries import class_counts, find, is_large, newest, under_way
from yanxiu.record.figures.queries import counties
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Standings", "standings"]


@dataclass(frozen=True)
class Standings:
    """`table` None: a large class nobody has looked at before. `posted` by number of the round.

    `edition` is what a large class's table was found in, `making` the one under way.
    """

    table: LearnerTable | None
    posted: Mapping[int, int]
    is_large: bool = False
    edition: StandingsEdition | None = None
    making: StandingsEdition | None = None


def standings(class_: TrainingClass, asked: QueryDict) -> Standings:
    """A fixed number of statements whatever the size of the class."""
    if not is_large(class_):
        lines = learner_lines(class_)
        nums = {num for line in lines for num, _done in line.posted}
        posted = {num: sum((num, True) in line.posted for line in lines) for num in nums}
        return Standings(learner_table(lines, asked), posted)
    edition, making = newest(class_), under_way(class_)
    if edition is None:
        return Standings(None, {}, is_large=True, making=making)
    wanted, page = wanted_by(asked)
    found = find(class_, edition, wanted, page, PAGE)
    table = found_table(found, wanted, asked, tuple(counties(class_)))
    return Standings(table, class_counts(edition), is_large=True, edition=edition, making=making)
