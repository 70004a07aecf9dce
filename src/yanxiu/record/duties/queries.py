"""What waits in a class, by kind: how many, whose it is to decide, where."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from yanxiu.core.time import clock
from yanxiu.people.privacy.queries import erasures_of_people
from yanxiu.people.profile.queries import open_corrections
from yanxiu.record.reports.models import Report
from yanxiu.study.integrity.queries import appeal_counts
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.people import people_of_class
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.discussion.models import PostReport
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.participation.attendance.models import AttendanceCorrection, InPersonSession
from yanxiu.training.participation.models import LeaveRequest

__all__ = ["MANAGER", "ORGANISER", "TUTOR", "Duty", "duties_of"]

MANAGER, TUTOR, ORGANISER = "class_manager", "tutor", "organiser"


@dataclass(frozen=True, slots=True)
class Duty:
    """`name`: a source text (inbox.words); `roles`: who decides, `besides`: except these persons; `place`: below the staff's address of the class."""

    name: str
    count: int
    roles: frozenset[str]
    place: str
    besides: frozenset[int] = frozenset()


def _both(class_: TrainingClass) -> list[Duty]:
    """What facts of study wait for: nothing of it can be decided after the freeze."""
    appeals = appeal_counts(class_.pk)
    leave = LeaveRequest.objects.filter(enrolment__training_class=class_, state=LeaveRequest.State.ASKED)
    papers = ExamAttempt.objects.filter(
        exam__training_class=class_, state=ExamAttempt.State.SUBMITTED, score=None, exam__released_at=None
    )
    over = InPersonSession.objects.filter(
        training_class=class_, state=InPersonSession.State.PLANNED, ends_at__lt=clock.now()
    )
    corrected = AttendanceCorrection.objects.filter(
        attendance__session__training_class=class_, step=AttendanceCorrection.Step.PROPOSED
    )
    managers, markers = frozenset({MANAGER}), frozenset({MANAGER, TUTOR})
    return [
        Duty(_("学时申诉待决定"), appeals.get("open", 0), managers, "hours"),
        Duty(_("学时申诉待复核"), appeals.get("proposed", 0), markers, "hours"),
        Duty(_("请假、缓考、延期"), leave.count(), managers, "affairs"),
        Duty(_("答卷待批阅"), papers.count(), markers, "exams"),
        Duty(_("考勤待确认"), over.count(), managers, "attendance"),
        Duty(_("考勤更正待复核"), corrected.count(), markers, "attendance"),
    ]


def duties_of(class_: TrainingClass) -> list[Duty]:
    """Whatever waits, nothing else."""
    people = people_of_class(class_)
    abuse = PostReport.objects.filter(post__round__training_class=class_, state=PostReport.State.OPEN)
    review = Report.objects.filter(training_class=class_, state=Report.State.REVIEW)
    drafters = list(review.values_list("drafted_by_id", flat=True))  # they cannot sign it
    found = [
        *([] if is_closed(class_) else _both(class_)),
        Duty(_("举报待处理"), abuse.count(), frozenset({MANAGER, TUTOR}), "rounds"),
        Duty(
            _("信息更正与注销"),
            open_corrections(people) + len(erasures_of_people(people)),
            frozenset({MANAGER}),
            "corrections",
        ),
        Duty(_("结班报告待核稿"), len(drafters), frozenset({MANAGER, ORGANISER}), "report", frozenset(drafters)),
    ]
    return [duty for duty in found if duty.count]
