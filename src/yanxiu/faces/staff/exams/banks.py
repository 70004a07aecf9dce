"""Banks and their questions."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.core.rules.marking import CHOICE_KINDS
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.exams.forms import LETTERS, question_fields
from yanxiu.kit.errors import Refused
from yanxiu.training.exams.actions import add_question, create_bank, edit_question
from yanxiu.training.exams.models import Question
from yanxiu.training.exams.queries import bank_for, bank_tags, banks_for, question_for, questions_of

__all__ = ["bank_page", "banks", "new_question", "question_page"]

OPTION_ROWS = 6


def banks(request: FrameRequest, key: str) -> HttpResponse:
    """GET: the banks of the class's region. POST: one more."""
    training_class = managed_class(request, key)
    refused = None
    if request.method == "POST":
        try:
            made = create_bank(request.viewer, name=request.POST.get("name", ""), training_class=training_class)
            return HttpResponseRedirect(reverse("staff:bank", args=[key, made.pk]))
        except Refused as problem:
            refused = problem
    context = {"class": training_class, "rows": banks_for(request.viewer, training_class), "refused": refused}
    return render(request, "staff/exams/banks.html", context, status=422 if refused else 200)


def bank_page(request: FrameRequest, key: str, bank: int) -> HttpResponse:
    """Questions with their keys, filtered and paged; ticked ones become a fixed paper."""
    training_class = managed_class(request, key)
    found = bank_for(request.viewer, training_class, bank)
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("kind", "tag", "q")}
    context = {
        "class": training_class,
        "bank": found,
        "page": questions_of(found, **asked, after=request.GET.get("after") or None),
        "tags": bank_tags(found),
        "kinds": Question.Kind.choices,
        "asked": asked,
        "after": request.GET.get("after", ""),
    }
    return render(request, "staff/exams/bank.html", context)


def _form(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """What the form of a question shows: rows of options with their letters, accepted texts by line."""
    options, key = list(fields["options"]), list(fields["key"])
    wanted = 2 if kind == Question.Kind.TRUE_FALSE else max(OPTION_ROWS, len(options))
    if kind == Question.Kind.TRUE_FALSE and not options:
        options = ["正确", "错误"]
    options += [""] * (wanted - len(options))
    return {
        **fields,
        "kind": kind,
        "rows": [(index, LETTERS[index], text, index in key) for index, text in enumerate(options[:10])],
        "accepted": "\n".join(str(text) for text in key) if kind == Question.Kind.FILL_IN else "",
        "is_choice": kind in CHOICE_KINDS,
    }


def _kind(asked: str) -> str:
    return asked if asked in Question.Kind.values else Question.Kind.SINGLE


def new_question(request: FrameRequest, key: str, bank: int) -> HttpResponse:
    """The kind is chosen by the address; the form asks for what that kind needs."""
    training_class = managed_class(request, key)
    found = bank_for(request.viewer, training_class, bank)
    kind, refused = _kind(request.POST.get("kind") or request.GET.get("kind", "")), None
    fields = question_fields(request.POST, kind)
    if request.method == "POST":
        try:
            add_question(request.viewer, found, kind=kind, **fields)
            return HttpResponseRedirect(f"{request.path}?kind={kind}&added=1")
        except Refused as problem:
            refused = problem
    context = {
        "class": training_class, "bank": found, "form": _form(kind, fields), "kinds": Question.Kind.choices,
        "refused": refused, "added": request.GET.get("added") == "1",
    }  # fmt: skip
    return render(request, "staff/exams/question.html", context, status=422 if refused else 200)


def question_page(request: FrameRequest, key: str, bank: int, question: int) -> HttpResponse:
    """One question to change; one that any paper holds gets a new version instead."""
    training_class = managed_class(request, key)
    found = bank_for(request.viewer, training_class, bank)
    stored = question_for(found, question)
    refused = None
    fields: dict[str, Any] = {
        "stem": stored.stem, "options": stored.options, "key": stored.key, "tag": stored.tag, "guide": stored.guide,
    }  # fmt: skip
    if request.method == "POST":
        fields = question_fields(request.POST, stored.kind)
        try:
            edit_question(request.viewer, stored, **fields)
            return HttpResponseRedirect(reverse("staff:bank", args=[key, bank]))
        except Refused as problem:
            refused = problem
    context = {
        "class": training_class, "bank": found, "question": stored, "form": _form(stored.kind, fields), "refused": refused,
    }  # fmt: skip
    return render(request, "staff/exams/question.html", context, status=422 if refused else 200)
