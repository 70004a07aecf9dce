"""The demo's sign-in links: on this machine only, single use, gone with the process."""

import json
import os
import threading

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.requests import client_address
from yanxiu.faces.portal.sign_in import enter
from yanxiu.kit.errors import NotVisible
from yanxiu.people.actions import enter_by_link
from yanxiu.people.queries import account_of_phone

__all__ = ["demo_link", "offer"]

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_PROXY = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "CF-Connecting-IP",
)
_lock = threading.Lock()
_links: dict[str, str] = {}


def offer(links: dict[str, str]) -> None:
    """Make links {token: phone} usable in this process."""
    with _lock:
        _links.update(links)


def _from_environment() -> None:
    """What `yanxiu demo` handed over; taken out of the environment, so that a child or a second reader gets nothing."""
    text = os.environ.pop("YANXIU_DEMO_LINKS", "")
    if text:
        offer(json.loads(text))


def _is_local(request: HttpRequest) -> bool:
    return client_address(request) in _LOOPBACK and not any(name in request.headers for name in _PROXY)


def demo_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and uses nothing up; POST signs in once."""
    if not (settings.DEMO and _is_local(request)):
        raise NotVisible
    _from_environment()
    with _lock:
        phone = _links.pop(token, None) if request.method == "POST" else _links.get(token)
    if request.method == "POST":
        enter(request, enter_by_link(phone, token, client_address(request)), "link")
        return HttpResponseRedirect("/")
    account = account_of_phone(phone) if phone else None
    if account is None:
        raise NotVisible
    return render(request, "portal/demo.html", {"person": account.person, "token": token})
