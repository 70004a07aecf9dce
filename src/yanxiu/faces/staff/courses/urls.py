"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.courses import views

__all__ = ["ROUTES"]

_MANAGE = "training.classes.manage"
_COURSES = "staff/classes/<slug:key>/courses"
_LESSON = f"{_COURSES}/<int:lesson>"

ROUTES: tuple[Route, ...] = (
    Route(_COURSES, views.courses, "courses", "staff", _MANAGE),
    Route(_LESSON, views.files, "lesson_files", "staff", _MANAGE, ("GET", "POST")),
    Route(f"{_LESSON}/retire", views.retire, "lesson_file_retire", "staff", _MANAGE, ("POST",)),
    Route(f"{_LESSON}/article", views.article, "lesson_article", "staff", _MANAGE, ("POST",)),
)
