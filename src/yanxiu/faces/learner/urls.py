"""Addresses of this face, area by area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.affairs.urls import ROUTES as AFFAIRS
from yanxiu.faces.learner.attendance.urls import ROUTES as ATTENDANCE
from yanxiu.faces.learner.exams.urls import ROUTES as EXAMS
from yanxiu.faces.learner.home.urls import ROUTES as HOME
from yanxiu.faces.learner.hours.urls import ROUTES as HOURS
from yanxiu.faces.learner.lessons.urls import ROUTES as LESSONS
from yanxiu.faces.learner.news.urls import ROUTES as NEWS
from yanxiu.faces.learner.result.urls import ROUTES as RESULT
from yanxiu.faces.learner.rounds.urls import ROUTES as ROUNDS
from yanxiu.faces.learner.writing.urls import ROUTES as WRITING

ROUTES: tuple[Route, ...] = (*HOME, *ATTENDANCE, *EXAMS, *LESSONS, *HOURS, *ROUNDS, *AFFAIRS, *NEWS, *RESULT, *WRITING)
