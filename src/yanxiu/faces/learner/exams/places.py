"""The attempt in an address: the viewer's own, in this class and of this exam, ended if its time is over."""

from uuid import UUID

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import Place, own_place
from yanxiu.kit.errors import NotVisible
from yanxiu.training.exams.actions import settle
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.exams.queries import attempt_for

__all__ = ["own_attempt"]


def own_attempt(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> tuple[Place, ExamAttempt]:
    """NotVisible for anything that is not exactly this."""
    place = own_place(request, key)
    found = attempt_for(request.viewer, attempt)
    if found.exam.uuid != exam or found.enrolment_id != place.enrolment.pk:
        raise NotVisible
    if settle(request.viewer, found.pk):
        found = attempt_for(request.viewer, attempt)
    return place, found
