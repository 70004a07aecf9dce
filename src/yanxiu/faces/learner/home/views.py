"""Where a learner lands after signing in: the class, what is asked of them, and how far they are."""

from django.http import HttpResponse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.home.rows import course_blocks, exam_states
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.study.queries import credited_by_lesson
from yanxiu.training.courses.queries import class_lessons
from yanxiu.training.discussion.queries import rounds_of
from yanxiu.training.exams.queries import exams_of, own_attempts
from yanxiu.training.outcomes.queries import own_outcomes

__all__ = ["home"]


def home(request: FrameRequest, key: str) -> HttpResponse:
    """Read only; studying and handing in have pages of their own."""
    place = own_place(request, key)
    viewer, training_class = request.viewer, place.training_class
    credited = credited_by_lesson(place.enrolment.pk)
    context = {
        "courses": course_blocks(class_lessons(training_class.pk), credited),
        "rounds": rounds_of(viewer, training_class),
        "outcomes": own_outcomes(viewer, training_class),
        "exams": exam_states(exams_of(viewer, training_class), own_attempts(viewer, training_class)),
    }
    return learner_page(request, place, "learner/home/home.html", "learner:home", context)
