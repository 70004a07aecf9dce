"""The audit administrator's page: the log in words, newest first, by action, by person, by class."""

import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanxiu.faces.frame.looking.searching import FIELD, sought
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.audit import Wanted, entries_before
from yanxiu.kit.errors import Refused
from yanxiu.people import rules
from yanxiu.people.queries import ids_named, names_of
from yanxiu.training.classes.queries import short_names

__all__ = ["audit_log", "in_words", "vocabulary"]

PAGE = 50


@cache
def vocabulary() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("audit_words.toml").read_text(encoding="utf-8"))


def in_words(part: str, code: str) -> str:
    """A code of the log as people call it; itself where nobody named it."""
    if (get_language() or "zh").startswith("zh"):
        return vocabulary()[part].get(code, code)
    return code.replace("_", " ")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def audit_log(request: FrameRequest) -> HttpResponse:
    """Fifty entries a page; ids and states only, and the name of who acted."""
    if not rules.can_read_audit_log(request.viewer):
        raise Refused("forbidden", _("这个页面只给审计管理员使用。"))
    asked, who = {name: request.GET.get(name, "").strip()[:64] for name in ("action", "cls")}, sought(request)
    wanted = Wanted(asked["action"], ids_named(who) if who else None, _number(asked["cls"]))
    entries = entries_before(_number(request.GET.get("before", "")), PAGE, wanted)
    names = names_of(entry.actor_id for entry in entries)
    classes = short_names(entry.class_id for entry in entries)
    rows = [
        {
            "entry": entry, "name": names.get(entry.actor_id or 0, _("系统")),
            "action": in_words("actions", entry.action), "object": in_words("objects", entry.object_type),
            "before": in_words("states", entry.from_state), "after": in_words("states", entry.to_state),
            "cls": classes.get(entry.class_id or 0, str(entry.class_id)),
        }
        for entry in entries
    ]  # fmt: skip
    kept = {**asked, FIELD: request.GET.get(FIELD, "") if who else ""}  # sealed, so whole or not at all
    older = {**{k: v for k, v in kept.items() if v}, "before": entries[-1].position} if len(entries) == PAGE else None
    context = {
        "rows": rows, "older": urlencode(older) if older else "", "asked": asked, "who": who,
        "actions": sorted((in_words("actions", code), code) for code in vocabulary()["actions"]),
    }  # fmt: skip
    return render(request, "portal/audit_log.html", context)
