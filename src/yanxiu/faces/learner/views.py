"""Where a learner lands after signing in: the class, what is asked of them, and how far they are."""

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.rows import course_blocks, exam_states
from yanxiu.study.queries import credited_by_lesson
from yanxiu.training.classes.queries import class_for, enrolment_of
from yanxiu.training.classes.rules import can_study, require
from yanxiu.training.courses.queries import class_lessons
from yanxiu.training.discussion.queries import rounds_of
from yanxiu.training.exams.queries import exams_of, own_attempts
from yanxiu.training.outcomes.queries import own_outcomes

__all__ = ["home"]


def home(request: FrameRequest, key: str) -> HttpResponse:
    """Read only; studying and handing in have pages of their own."""
    viewer = request.viewer
    training_class = class_for(viewer, key)
    require(can_study, viewer, training_class)
    enrolment = enrolment_of(viewer, training_class)
    credited = credited_by_lesson(enrolment.pk) if enrolment else {}
    context = {
        "cls": training_class,
        "enrolment": enrolment,
        "courses": course_blocks(class_lessons(training_class.pk), credited),
        "rounds": rounds_of(viewer, training_class),
        "outcomes": own_outcomes(viewer, training_class),
        "exams": exam_states(exams_of(viewer, training_class), own_attempts(viewer, training_class)),
    }
    return render(request, "learner/home.html", context)
