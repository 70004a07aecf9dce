"""A browser that sits exams over HTTP, as the page's own form and script do."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from factories.worlds import Learner

from yanxiu.people.models import Account
from yanxiu.training.exams.models import Exam, ExamAttempt

__all__ = ["Sitter"]

JSON = {"HTTP_ACCEPT": "application/json"}


class Sitter:
    """`texts` keeps every response, to be searched."""

    def __init__(self, learner: Learner, exam: Exam) -> None:
        self.client = Client()
        self.client.force_login(Account.objects.get(pk=learner.viewer.account_id))
        self.exam = exam
        self.base = f"/my/classes/{exam.training_class.key}/exams"
        self.texts: list[str] = []

    def get(self, path: str = "", **more: Any) -> HttpResponse:
        return self._kept(self.client.get(self.base + path, **more))

    def post(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        return self._kept(self.client.post(self.base + path, body or {}, **more))

    def _kept(self, response: HttpResponse) -> HttpResponse:
        self.texts.append(response.content.decode())
        self.texts.append(str(dict(response.headers)))
        return response

    @property
    def start_page(self) -> str:
        return f"/{self.exam.uuid}"

    def start(self) -> str:
        """The path of the attempt's page."""
        response = self.post(f"{self.start_page}/start")
        assert response.status_code == 302, response.content.decode()
        return str(response.headers["Location"]).removeprefix(self.base)

    def attempt(self) -> ExamAttempt:
        return ExamAttempt.objects.filter(exam=self.exam).latest("pk")

    def seen(self, path: str) -> dict[str, str]:
        """The hidden fields of the paper as it is shown now."""
        page = self.get(path).content.decode()
        return dict(re.findall(r'name="(seen\d+)" value="([^"]*)"', page))

    def save(self, path: str, num: int, *, seen: str, age: int = 0, **answer: Any) -> HttpResponse:
        """One answer as the script sends it: c=[…] or t="…"."""
        fields = {f"{name}{num}": value for name, value in answer.items()}
        return self.post(path, {f"seen{num}": seen, f"age{num}": age, **fields}, **JSON)
