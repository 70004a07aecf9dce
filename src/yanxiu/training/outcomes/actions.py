"""Writes of outcomes: submission, marking, withdrawal; with `writing`, `comments` and the thought reports."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import class_taking_facts, require_own_registration
from yanxiu.training.outcomes.comments import comment_outcome, remove_comment
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, WritingState
from yanxiu.training.outcomes.rules import checked_move, locked
from yanxiu.training.outcomes.similarity.actions import check_submission, leave_corpus
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.queries import task_of
from yanxiu.training.outcomes.tasks.rules import require_in_time, require_length
from yanxiu.training.outcomes.thought_reports import submit_thought_report, withdraw_thought_report
from yanxiu.training.outcomes.writing import add_version, save_outcome_draft, version_of_copy

__all__ = [
    "accept_outcome",
    "comment_outcome",
    "remove_comment",
    "resubmit_outcome",
    "return_outcome",
    "save_outcome_draft",
    "submit_outcome",
    "submit_thought_report",
    "withdraw_outcome",
    "withdraw_thought_report",
]


def _record(actor: Viewer, outcome: Outcome, action: str, before: str, **details: int) -> None:
    audit.record(
        action, "outcome", outcome.pk, actor_id=actor.person_id, class_id=outcome.enrolment.training_class_id,
        from_state=before, to_state=outcome.state, **details,
    )  # fmt: skip


def _require_writing_time(actor: Viewer, outcome: Outcome, task: WritingTask | None, at: datetime) -> None:
    """A returned piece was in time when it was first handed in: for it the class's end holds, not the task's."""
    own = require_own_registration(actor, outcome.enrolment)
    training_class = class_taking_facts(own.training_class_id, studying=True)
    was_in_time = outcome.state == WritingState.RETURNED
    require_in_time(training_class, None if was_in_time else task, own, at)


def _require_room(outcome: Outcome, task: WritingTask | None) -> None:
    if task is None:
        return
    others = Outcome.objects.filter(enrolment=outcome.enrolment, kind=outcome.kind).exclude(pk=outcome.pk)
    if others.exclude(state__in=(WritingState.DRAFT, WritingState.WITHDRAWN)).count() >= task.pieces:
        message = _("这项任务要求 %(most)d 篇，您已经交齐；想换一篇，请先撤回已交的。")
        raise Refused("too_many_pieces", message % {"most": task.pieces})


def _handed_in(outcome: Outcome, version: OutcomeVersion, task: WritingTask | None) -> None:
    line(outcome.title, field="title", label=_("标题"))
    require_length(task, version.characters)
    check_submission(version)


@transaction.atomic
def submit_outcome(actor: Viewer, outcome: Outcome) -> Outcome:
    """提交: the first submission fixes `submitted_at`, inside the class's days (or 补学)."""
    stored, at = locked(outcome), clock.now()
    after = checked_move(actor, stored.enrolment, stored.state, "submit_outcome")
    task = task_of(stored.enrolment.training_class_id, stored.kind)
    _require_writing_time(actor, stored, task, at)
    _require_room(stored, task)
    version = version_of_copy(stored, at)
    _handed_in(stored, version, task)
    before, stored.state, stored.submitted_at = stored.state, after, at
    stored.save(update_fields=["state", "submitted_at"])
    _record(actor, stored, "submit_outcome", before, version=version.num, characters=version.characters)
    return stored


@transaction.atomic
def return_outcome(actor: Viewer, outcome: Outcome, *, reason: str = "") -> Outcome:
    """退回 for another version."""
    stored = locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "return_outcome")
    class_taking_facts(stored.enrolment.training_class_id)
    stored.note = line(reason, field="reason", label=_("退回意见"), limit=200, required=False)
    before, stored.state = stored.state, after
    stored.save(update_fields=["state", "note"])
    _record(actor, stored, "return_outcome", before)
    return stored


@transaction.atomic
def resubmit_outcome(actor: Viewer, outcome: Outcome, *, body: str | None = None) -> Outcome:
    """A further version of a returned outcome, of `body` or of what was being written; it remains one outcome."""
    stored, at = locked(outcome), clock.now()
    after = checked_move(actor, stored.enrolment, stored.state, "resubmit_outcome")
    task = task_of(stored.enrolment.training_class_id, stored.kind)
    _require_writing_time(actor, stored, task, at)
    version = version_of_copy(stored, at) if body is None else add_version(stored, clean_body(body), "", at)
    _handed_in(stored, version, task)
    before, stored.state = stored.state, after
    stored.save(update_fields=["state"])
    _record(actor, stored, "resubmit_outcome", before, version=version.num, characters=version.characters)
    return stored


@transaction.atomic
def accept_outcome(actor: Viewer, outcome: Outcome, *, score: int) -> Outcome:
    """认定, with 0…100 points."""
    stored = locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "accept_outcome")
    class_taking_facts(stored.enrolment.training_class_id)
    if not 0 <= score <= 100:
        raise Refused("bad_score", _("分数应是 0 到 100 的整数。"), field="score")
    before, stored.state, stored.score = stored.state, after, score
    stored.save(update_fields=["state", "score"])
    _record(actor, stored, "accept_outcome", before, score=score)
    return stored


@transaction.atomic
def withdraw_outcome(actor: Viewer, outcome: Outcome, *, reason: str = "") -> Outcome:
    """撤回, by the author or a manager. Allowed after the freeze: it then shows as drift."""
    stored = locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "withdraw_outcome")
    stored.note = line(reason, field="reason", label=_("撤回原因"), limit=200, required=False)
    before, stored.state = stored.state, after
    stored.taken_back = stored.enrolment.person_id == actor.person_id
    stored.save(update_fields=["state", "note", "taken_back"])
    leave_corpus(stored)
    _record(actor, stored, "withdraw_outcome", before)
    return stored
