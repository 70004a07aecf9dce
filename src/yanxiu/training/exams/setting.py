"""Setting exams: banks, questions, papers; part of the room's `actions`."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import manages_any_class
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.exams.marking import is_possible
from yanxiu.training.exams.models import Exam, ExamQuestion, Question, QuestionBank

__all__ = ["add_question", "create_bank", "schedule_exam"]

FULL_MARKS = 100


def _require_setter(actor: Viewer) -> None:
    """Banks are shared: an organiser, or somebody who manages a class."""
    is_organiser = any(fact.role == "organiser" for fact in actor.region_roles)
    if not (actor.is_system or is_organiser or manages_any_class(actor)):
        raise Refused("not_allowed", _("只有班主任和组织管理者可以命题。"))


@transaction.atomic
def create_bank(actor: Viewer, *, name: str) -> QuestionBank:
    """A question bank."""
    _require_setter(actor)
    bank = QuestionBank.objects.create(name=line(name, field="name", label=_("题库名称"), limit=80))
    audit.record("create_bank", "bank", bank.pk, actor_id=actor.person_id, to_state="created")
    return bank


def _checked_key(kind: str, options: Sequence[str], key: Sequence[int]) -> list[int]:
    if kind not in Question.Kind.values:
        raise Refused("bad_kind", _("题型只有单选题、多选题和判断题。"), field="kind")
    if not 2 <= len(options) <= 10 or (kind == Question.Kind.TRUE_FALSE and len(options) != 2):
        raise Refused("bad_options", _("选项应有 2 到 10 个，判断题应恰有 2 个。"), field="options")
    if len(set(options)) != len(options):
        raise Refused("bad_options", _("有内容相同的选项，请检查。"), field="options")
    if not key or not is_possible(kind, len(options), key):
        raise Refused("bad_key", _("答案应指向已有的选项；单选题和判断题只有一个答案。"), field="key")
    return sorted(key)


@transaction.atomic
def add_question(
    actor: Viewer, bank: QuestionBank, *, kind: str, stem: str, options: Sequence[str], key: Sequence[int]
) -> Question:
    """A question; `key` lists the indexes of the right options (true_false: 0 = 正确, 1 = 错误, as `options` say)."""
    _require_setter(actor)
    texts = [line(text, field="options", label=_("选项"), limit=500) for text in options]
    question = Question.objects.create(
        bank=bank, kind=kind, stem=clean_body(stem, field="stem", label=_("题干"), limit=5_000), options=texts,
        key=_checked_key(kind, texts, key),
    )  # fmt: skip
    audit.record("add_question", "question", question.pk, actor_id=actor.person_id, to_state="created")
    return question


def _check_times(opens_at: datetime, closes_at: datetime, duration_minutes: int, max_attempts: int) -> None:
    if opens_at.tzinfo is None or closes_at.tzinfo is None or closes_at <= opens_at:
        raise Refused("bad_dates", _("考试结束时间应晚于开始时间。"), field="closes_at")
    if not 1 <= duration_minutes <= 600:
        raise Refused("bad_duration", _("考试时长应在 1 到 600 分钟之间。"), field="duration_minutes")
    if not 1 <= max_attempts <= 10:
        raise Refused("bad_attempts", _("作答次数应在 1 到 10 次之间。"), field="max_attempts")


def _check_paper(questions: Sequence[tuple[Question, int]]) -> None:
    if any(points < 1 for _question, points in questions) or sum(points for _q, points in questions) != FULL_MARKS:
        total = sum(points for _question, points in questions)
        message = _("各题分值应为正整数，合计应为 100 分，现为 %(total)d 分。") % {"total": total}
        raise Refused("bad_points", message, field="questions")
    if len({question.pk for question, _points in questions}) != len(questions):
        raise Refused("question_twice", _("同一道题在试卷中出现了两次。"), field="questions")


@transaction.atomic
def schedule_exam(
    actor: Viewer,
    training_class: TrainingClass,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    duration_minutes: int,
    questions: Sequence[tuple[Question, int]],
    max_attempts: int = 2,
) -> Exam:
    """A paper of 100 points with its times; it cannot be changed afterwards."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    _check_times(opens_at, closes_at, duration_minutes, max_attempts)
    _check_paper(questions)
    exam = Exam.objects.create(
        training_class=stored, title=line(title, field="title", label=_("考试名称")), opens_at=opens_at,
        closes_at=closes_at, duration_minutes=duration_minutes, max_attempts=max_attempts,
    )  # fmt: skip
    ExamQuestion.objects.bulk_create(
        ExamQuestion(exam=exam, question=question, num=num, points=points)
        for num, (question, points) in enumerate(questions, start=1)
    )
    audit.record(
        "schedule_exam", "exam", exam.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="scheduled",
        questions=len(questions), max_attempts=max_attempts,
    )  # fmt: skip
    return exam
