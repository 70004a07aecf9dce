"""Somebody at a browser without JavaScript, who knows no address: what cannot be seen on the page cannot be followed or pressed."""

from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponseBase
from django.test import Client
from lxml import html

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer

__all__ = ["Hands"]


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


class Hands:
    """Begins on the first page, signed in as `viewer`. `said` is the text of the page in view, `file` the last download."""

    def __init__(self, viewer: Viewer | None) -> None:
        self.client = Client()
        if viewer is not None:
            self.client.force_login(Account.objects.get(pk=viewer.account_id))
        self.file = b""
        self._show(self.client.get("/", follow=True), "/")

    @property
    def said(self) -> str:
        return _words(self.page.find("body"))

    def _show(self, answer: Any, address: str) -> "Hands":
        """Takes what came back: a page to look at, or a file."""
        held: HttpResponseBase = answer
        if getattr(answer, "redirect_chain", None):
            address = answer.redirect_chain[-1][0]
        if "attachment" in held.headers.get("Content-Disposition", "") or "pdf" in held.headers["Content-Type"]:
            parts = answer.streaming_content if answer.streaming else [answer.content]
            self.file = b"".join(parts)
        else:
            self.address = urljoin("/", address)
            self.page = html.fromstring(answer.content.decode())
            assert answer.status_code < 500, address
            assert answer.status_code == 200, (address, answer.status_code, self.said[:600])
        return self

    def _named(self, path: str, label: str) -> Any:
        found = [each for each in self.page.iterfind(f".//{path}") if label in (_words(each), each.get("aria-label"))]
        found += [each for each in self.page.iterfind(f".//{path}") if label in _words(each)]
        assert found, f"nobody sees “{label}” on {self.address}: {self.said[:400]}"
        return found[0]

    def follow(self, *labels: str) -> "Hands":
        """Clicks the links with these words, one after another."""
        for label in labels:
            address = urljoin(self.address, self._named("a[@href]", label).get("href"))
            self._show(self.client.get(address, follow=True), address)
        return self

    def press(self, label: str, **typed: Any) -> "Hands":
        """Fills in what has been typed and presses the button with these words."""
        button = self._named("button", label)
        form = next(each for each in button.iterancestors("form"))
        values: dict[str, Any] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        unknown = typed.keys() - {each.get("name") for each in form.iter("input", "textarea", "select")}
        assert not unknown, f"no fields {unknown} at “{label}” on {self.address}"
        values |= typed
        if button.get("name"):
            values[button.get("name")] = button.get("value", "")
        address = urljoin(self.address, form.get("action") or "")
        if (form.get("method") or "get") == "get":
            return self._show(self.client.get(address, values, follow=True), address)
        return self._show(self.client.post(address, values, follow=True), address)
