"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.exams import results, sitting, views
from yanxiu.faces.learner.shell import CLASS, STUDY

_EXAM = f"{CLASS}/exams/<uuid:exam>"
_ATTEMPT = f"{_EXAM}/<uuid:attempt>"

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/exams", views.exams, "exams", "learner", STUDY),
    Route(_EXAM, views.exam_page, "exam", "learner", STUDY),
    Route(f"{_EXAM}/start", views.start, "exam_start", "learner", STUDY, ("POST",)),
    Route(_ATTEMPT, sitting.sit, "exam_attempt", "learner", STUDY, ("GET", "POST")),
    Route(f"{_ATTEMPT}/state", sitting.state, "exam_state", "learner", STUDY),
    Route(f"{_ATTEMPT}/confirm", sitting.confirm, "exam_confirm", "learner", STUDY),
    Route(f"{_ATTEMPT}/submit", sitting.submit, "exam_submit", "learner", STUDY, ("POST",)),
    Route(f"{_ATTEMPT}/receipt", results.receipt_page, "exam_receipt", "learner", STUDY),
    Route(f"{_ATTEMPT}/receipt.txt", results.receipt_file, "exam_receipt_file", "learner", STUDY),
    Route(f"{_ATTEMPT}/review", results.review_page, "exam_review", "learner", STUDY),
)
