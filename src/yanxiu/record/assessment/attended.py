"""考勤 as facts for a scheme: sessions attended, absences, and how many sessions were asked of each learner."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from django.db.models import Q

from yanxiu.core.attendance.facts import THERE
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.participation.attendance.models import Attendance, InPersonSession
from yanxiu.training.participation.attendance.queries import expects, session_rows

__all__ = ["attendance_facts"]


class Tell(Protocol):
    def __call__(self, enrolment_id: int, metric: str, at: datetime | None, /, *, stage: str) -> None: ...


def _chosen(class_: TrainingClass, of: Q) -> Mapping[int, set[int]] | None:
    """The electives of each learner; None where nobody chooses."""
    if not ElectiveWindow.objects.filter(training_class=class_).exists():
        return None
    found: dict[int, set[int]] = defaultdict(set)
    for enrolment_id, item_id in ElectiveChoice.objects.filter(of, item__training_class=class_).values_list(
        "enrolment_id", "item_id"
    ):
        found[enrolment_id].add(item_id)
    return found


def attendance_facts(class_: TrainingClass, enrolments: Iterable[int], tell: Tell, of: Q) -> dict[int, int]:
    """Tells "attendance" and "absence" of every confirmed session that is asked of a learner: the compulsory ones and the
    electives they chose. Leave is neither. The result: how many sessions are asked of each, nothing where the class has none.
    """
    rows = session_rows(class_.pk)
    if not rows:
        return {}
    chosen = _chosen(class_, of)
    asked = {
        pk: {row.session_id for row in rows if expects(row, None if chosen is None else chosen.get(pk, set()))}
        for pk in enrolments
    }
    when = {row.session_id: row.starts_at for row in rows}
    marks = Attendance.objects.filter(
        of, session__training_class=class_, session__state=InPersonSession.State.CONFIRMED, position__isnull=False
    )
    for enrolment_id, session_id, state in marks.values_list("enrolment_id", "session_id", "state"):
        if session_id in asked.get(enrolment_id, ()) and (state in THERE or state == "absent"):
            metric = "attendance" if state in THERE else "absence"
            tell(enrolment_id, metric, when[session_id], stage=f"session:{session_id}")
    return {pk: len(sessions) for pk, sessions in asked.items() if sessions}
