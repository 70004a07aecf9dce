"""Banks and questions, keys and all, for those who set exams."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.exams.models import Question, QuestionBank

__all__ = [
    "BankRow",
    "QuestionRow",
    "bank_for",
    "bank_tags",
    "banks_for",
    "question_for",
    "questions_named",
    "questions_of",
]


def _banks(viewer: Viewer, training_class: TrainingClass) -> QuerySet[QuestionBank]:
    """Those of the class's region and the ones above it, and those of the whole installation."""
    require(can_manage, viewer, training_class)
    codes = training_class.region.path.strip("/").split("/")
    paths = ["/" + "/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
    return QuestionBank.objects.filter(Q(region=None) | Q(region__path__in=paths))


@dataclass(frozen=True, slots=True)
class BankRow:
    """`counts`: current questions by kind."""

    bank_id: int
    name: str
    region: str
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _kind, count in self.counts)


def banks_for(viewer: Viewer, training_class: TrainingClass) -> list[BankRow]:
    """The banks a class's managers may use, with how many questions of each kind they hold."""
    banks = list(_banks(viewer, training_class).select_related("region").order_by("name", "pk"))
    counts: dict[int, list[tuple[str, int]]] = {}
    rows = (
        Question.objects.filter(bank__in=banks, is_current=True).values_list("bank_id", "kind").annotate(n=Count("pk"))
    )
    for bank_id, kind, count in rows.order_by("bank_id", "kind"):
        counts.setdefault(bank_id, []).append((str(dict(Question.Kind.choices)[kind]), count))
    return [BankRow(b.pk, b.name, b.region.name if b.region else "", tuple(counts.get(b.pk, ()))) for b in banks]


def bank_for(viewer: Viewer, training_class: TrainingClass, bank_id: int) -> QuestionBank:
    found = _banks(viewer, training_class).filter(pk=bank_id).first()
    if found is None:
        raise NotVisible
    return found


def bank_tags(bank: QuestionBank) -> list[str]:
    """Tags in use, for the filter."""
    tags = bank.questions.filter(is_current=True).exclude(tag="").values_list("tag", flat=True).distinct()
    return list(tags.order_by("tag")[:100])


@dataclass(frozen=True, slots=True)
class QuestionRow:
    question_id: int
    kind: str
    stem: str
    options: tuple[str, ...]
    key: tuple[Any, ...]
    tag: str
    version: int

    @property
    def answer(self) -> str:
        """The key in words."""
        if not self.options:
            return " / ".join(str(text) for text in self.key)
        return "、".join(f"{'ABCDEFGHIJ'[index]} {self.options[index]}" for index in self.key)


def _row(question: Question) -> QuestionRow:
    return QuestionRow(
        question.pk, question.get_kind_display(), question.stem, tuple(question.options), tuple(question.key),
        question.tag, question.version,
    )  # fmt: skip


def questions_of(
    bank: QuestionBank, *, kind: str = "", tag: str = "", q: str = "", after: str | None = None
) -> Page[QuestionRow]:
    """Current questions of a bank from `bank_for`, newest first."""
    rows = bank.questions.filter(is_current=True)
    rows = rows.filter(kind=kind) if kind in Question.Kind.values else rows
    rows = rows.filter(tag=tag) if tag else rows
    rows = rows.filter(stem__icontains=q) if q else rows
    return keyset_page(rows, _row, forwards=False, after=after, limit=30)


def question_for(bank: QuestionBank, question_id: int) -> Question:
    found = bank.questions.filter(pk=question_id).first()
    if found is None:
        raise NotVisible
    return found


def questions_named(viewer: Viewer, training_class: TrainingClass, ids: list[int]) -> list[Question]:
    """Chosen questions in the order of `ids`; those that are not there for this viewer are left out."""
    banks = _banks(viewer, training_class)
    found = {q.pk: q for q in Question.objects.filter(pk__in=ids[:200], bank__in=banks, is_current=True)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]
