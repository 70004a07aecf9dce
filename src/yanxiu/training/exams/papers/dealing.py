"""The paper of an attempt: the exam's common one, or one dealt from a seed and stored with the attempt."""

import secrets
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yanxiu.core.rules.blueprint import Candidate, Drawn, Section, Shortage, arrange, draw, option_order, shortages
from yanxiu.kit.errors import Refused
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamQuestion, ExamSection, Question

__all__ = ["deal_paper", "draw_now", "new_seed", "paper_of", "pool_of", "require_enough", "short_sections"]


def new_seed() -> str:
    return secrets.token_hex(16)


def paper_of(attempt: ExamAttempt) -> QuerySet[ExamQuestion]:
    """The questions of one attempt, in no order yet."""
    if attempt.seed:
        return ExamQuestion.objects.filter(attempt_id=attempt.pk)
    return ExamQuestion.objects.filter(exam_id=attempt.exam_id, attempt=None)


def pool_of(sections: Sequence[Section]) -> list[Candidate]:
    """What the sections may draw from now: current versions only."""
    rows = Question.objects.filter(
        bank__in={section.bank for section in sections},
        kind__in={section.kind for section in sections},
        is_current=True,
    )
    return [Candidate(*row) for row in rows.values_list("pk", "bank_id", "kind", "tag")]


def _shortage(section: Section, short: Shortage) -> str:
    kind = dict(Question.Kind.choices).get(section.kind, section.kind)
    tag = _("（标签“%(tag)s”）") % {"tag": section.tag} if section.tag else ""
    message = _(
        "第 %(place)d 部分要抽 %(wanted)d 道%(kind)s%(tag)s，题库中只有 %(found)d 道可用；请补充题目或减少题数。"
    )
    return message % {
        "place": short.place + 1, "wanted": short.wanted, "kind": kind, "tag": tag, "found": short.found,
    }  # fmt: skip


def short_sections(sections: Sequence[Section]) -> list[str]:
    """In words, which sections the banks cannot fill now."""
    return [_shortage(sections[short.place], short) for short in shortages(sections, pool_of(sections))]


def require_enough(sections: Sequence[Section]) -> None:
    """Refuses a blueprint that the banks cannot fill."""
    if words := short_sections(sections):
        raise Refused("bank_too_small", "".join(words), field="sections")


def sections_of(exam: Exam) -> list[Section]:
    rows: QuerySet[ExamSection] = exam.sections.order_by("num")
    return [Section(row.bank_id, row.kind, row.count, row.points, row.tag) for row in rows]


def draw_now(sections: Sequence[Section], seed: str) -> list[Drawn]:
    require_enough(sections)
    return draw(sections, pool_of(sections), seed)


def _common(exam: Exam) -> list[Drawn]:
    rows = ExamQuestion.objects.filter(exam=exam, attempt=None).order_by("num")
    return [Drawn(*row) for row in rows.values_list("question_id", "question__kind", "points")]


def _write(attempt: ExamAttempt, drawn: Sequence[Drawn], *, shuffles: bool) -> None:
    wanted = [each.question for each in drawn]
    counts = {pk: len(options) for pk, options in Question.objects.filter(pk__in=wanted).values_list("pk", "options")}
    ExamQuestion.objects.bulk_create(
        ExamQuestion(
            exam_id=attempt.exam_id, attempt=attempt, question_id=each.question, num=num, points=each.points,
            order=list(option_order(attempt.seed, each.question, each.kind, counts[each.question])) if shuffles else [],
        )
        for num, each in enumerate(drawn, start=1)
    )  # fmt: skip


def deal_paper(attempt: ExamAttempt, exam: Exam, earlier: Sequence[ExamAttempt]) -> None:
    """Gives a new attempt its paper; without a blueprint or an order of one's own that is the common one."""
    sections = sections_of(exam)
    if not sections and not exam.is_shuffled:
        return
    kept = next((one for one in earlier if one.seed and not exam.redraws), None)
    attempt.seed = kept.seed if kept else new_seed()
    attempt.save(update_fields=["seed"])
    if kept:
        rows = ExamQuestion.objects.filter(attempt=kept).values("question_id", "num", "points", "order")
        ExamQuestion.objects.bulk_create(ExamQuestion(exam=exam, attempt=attempt, **row) for row in rows)
        return
    drawn = draw_now(sections, attempt.seed) if sections else arrange(_common(exam), attempt.seed)
    _write(attempt, drawn, shuffles=exam.is_shuffled)
