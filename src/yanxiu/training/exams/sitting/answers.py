"""Saving answers and handing in; part of the room's `actions`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.rules.marking import CHOICE_KINDS, is_possible
from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import class_taking_facts, local_text
from yanxiu.training.exams.models import ExamAnswer, ExamAttempt, ExamQuestion, Question
from yanxiu.training.exams.papers.dealing import paper_of
from yanxiu.training.exams.rules import require_own_attempt
from yanxiu.training.exams.sitting.attempts import hand_in, note, settle

__all__ = ["ESSAY_LIMIT", "FILL_IN_LIMIT", "Given", "SavedAnswer", "save_answer", "save_answers", "submit_attempt"]

ESSAY_LIMIT = 5_000  # characters
FILL_IN_LIMIT = 200
State = ExamAttempt.State


@dataclass(frozen=True, slots=True)
class Given:
    """What a learner's page sends for one question.

    `seen`: the version of the answer it was made upon, None where nobody else can have changed it. `age_ms`: how long ago
    it was made (it may have waited for the network): it orders the learner's own answers and nothing else.
    """

    num: int
    choice: Sequence[int] = ()
    text: str = ""
    seen: int | None = None
    age_ms: int = 0


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What a learner gets back: their own answer as it stands now, never the key.

    `fate`: "saved" · "same" (nothing to change) · "replaced" (saved over an answer given elsewhere meanwhile) · "kept" (a
    newer answer given elsewhere stands) · "refused" (see `message`).
    """

    num: int
    choice: tuple[int, ...]
    saved_at: datetime
    text: str = ""
    version: int = 0
    fate: str = "saved"
    message: str = ""


def _running(actor: Viewer, attempt: ExamAttempt) -> tuple[ExamAttempt, datetime]:
    """The attempt, locked, its own learner's and still in time by the server's clock."""
    stored = ExamAttempt.objects.select_for_update().select_related("enrolment", "exam").filter(pk=attempt.pk).first()
    if stored is None:
        raise NotVisible
    require_own_attempt(actor, stored)
    training_class, at = class_taking_facts(stored.enrolment.training_class_id), clock.now()
    is_over = stored.state == State.STARTED and at >= stored.deadline_at
    if stored.state == State.EXPIRED or is_over:
        ended = local_text(stored.deadline_at, training_class.zone)
        message = _("本次作答已于 %(at)s 到时，不能再保存或交卷；如有剩余次数可重新开始。") % {"at": ended}
        raise Refused("attempt_over", message)
    return stored, at


def _cleaned(question: ExamQuestion, given: Given) -> tuple[list[int], str]:
    """(indexes in the bank's order, text) of an answer that is possible for the question."""
    kind, options = question.question.kind, len(question.question.options)
    if kind in CHOICE_KINDS:
        if given.text or not is_possible(kind, options, given.choice):
            raise Refused("bad_choice", _("选项不存在，或单选题、判断题选了多项。"), field="choice")
        return sorted(question.order[index] if question.order else index for index in given.choice), ""
    if given.choice:
        raise Refused("bad_choice", _("这道题没有选项，请填写文字。"), field="choice")
    label = _("第 %(num)d 题的答案") % {"num": given.num}
    if kind == Question.Kind.FILL_IN:
        return [], line(given.text, field="text", label=label, limit=FILL_IN_LIMIT, required=False)
    return [], clean_body(given.text, field="text", label=label, limit=ESSAY_LIMIT, required=False)


def _shown(question: ExamQuestion, answer: ExamAnswer, fate: str) -> SavedAnswer:
    places = [question.order.index(index) if question.order else index for index in answer.choice]
    return SavedAnswer(question.num, tuple(sorted(places)), answer.saved_at, answer.text, answer.version, fate)


def _saved(
    attempt: ExamAttempt, question: ExamQuestion, answer: ExamAnswer | None, given: Given, at: datetime
) -> SavedAnswer:
    chosen, text = _cleaned(question, given)
    made_at = max(attempt.started_at, at - timedelta(milliseconds=max(0, given.age_ms)))
    is_new = answer is None
    # Saved by hand: the attempt is locked, so nothing can come between the read before and this write.
    answer = answer or ExamAnswer(attempt=attempt, question=question, choice=[], version=0, saved_at=at)
    if (answer.choice, answer.text) == (chosen, text) and not is_new:
        return _shown(question, answer, "same")
    is_elsewhere = given.seen is not None and given.seen != answer.version
    if is_elsewhere and answer.made_at is not None and made_at < answer.made_at:
        return _shown(question, answer, "kept")
    if is_new and not chosen and not text:
        return _shown(question, answer, "same")
    answer.choice, answer.text, answer.version = chosen, text, answer.version + 1
    answer.made_at, answer.saved_at = made_at, at
    answer.save()
    return _shown(question, answer, "replaced" if is_elsewhere and not is_new else "saved")


@transaction.atomic
def _save(actor: Viewer, attempt: ExamAttempt, given: Sequence[Given], *, strict: bool) -> list[SavedAnswer]:
    stored, at = _running(actor, attempt)
    if stored.state == State.SUBMITTED:
        raise Refused("already_submitted", _("已经交卷，不能再修改答案。"))
    wanted = {each.num for each in given}
    paper = {row.num: row for row in paper_of(stored).select_related("question").filter(num__in=wanted)}
    if strange := sorted(wanted - set(paper)):
        raise Refused("no_such_question", _("试卷中没有第 %(num)d 题。") % {"num": strange[0]}, field="num")
    answers = {row.question_id: row for row in stored.answers.filter(question__in=[q.pk for q in paper.values()])}
    done: list[SavedAnswer] = []
    for each in given:
        question = paper[each.num]
        try:
            done.append(_saved(stored, question, answers.get(question.pk), each, at))
        except Refused as refused:
            if strict:
                raise
            done.append(SavedAnswer(each.num, (), at, fate="refused", message=str(refused)))
    if changed := [row.num for row in done if row.fate in {"saved", "replaced"}]:
        details: dict[str, object] = {"num": changed[0]} if len(changed) == 1 else {"nums": changed}
        note(actor, stored, "save_answer", stored.state, **details)
    return done


def save_answer(
    actor: Viewer, attempt: ExamAttempt, *, num: int, choice: Sequence[int] = (), text: str = ""
) -> SavedAnswer:
    """The answer to one question; the same again changes nothing, an empty one clears it."""
    return _save(actor, attempt, [Given(num, choice, text)], strict=True)[0]


def save_answers(actor: Viewer, attempt: ExamAttempt, given: Sequence[Given]) -> list[SavedAnswer]:
    """Several answers at once, in the order given; one that cannot be saved does not keep the others from it."""
    settle(actor, attempt.pk)
    return _save(actor, attempt, given, strict=False)


@transaction.atomic
def _submit(actor: Viewer, attempt: ExamAttempt) -> int | None:
    stored, at = _running(actor, attempt)
    if stored.state != State.SUBMITTED:
        hand_in(actor, stored, at)
    return stored.score


def submit_attempt(actor: Viewer, attempt: ExamAttempt) -> int | None:
    """交卷: mark what was saved, once. A repeated submit gets the same score and changes nothing; None = being marked."""
    settle(actor, attempt.pk)
    return _submit(actor, attempt)
