"""Writes of outcomes: drafts, versions, marking, withdrawal; with the comments of `comments` and the thought reports."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import count_characters
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import class_taking_facts, require_class_window, require_own_registration
from yanxiu.training.outcomes.comments import comment_outcome, remove_comment
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, WritingState
from yanxiu.training.outcomes.rules import checked_move
from yanxiu.training.outcomes.thought_reports import submit_thought_report, withdraw_thought_report

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


def _add_version(outcome: Outcome, body: str, at: datetime) -> OutcomeVersion:
    last = outcome.versions.order_by("-num").first()
    if last is not None and last.body == body:
        return last
    return OutcomeVersion.objects.create(
        outcome=outcome, num=last.num + 1 if last else 1, body=body, characters=count_characters(body), saved_at=at
    )


def _locked(outcome: Outcome) -> Outcome:
    stored = (
        Outcome.objects.select_for_update()
        .select_related("enrolment__training_class__region")
        .filter(pk=outcome.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    return stored


def _record(actor: Viewer, outcome: Outcome, action: str, before: str, **details: int) -> None:
    audit.record(
        action, "outcome", outcome.pk, actor_id=actor.person_id, class_id=outcome.enrolment.training_class_id,
        from_state=before, to_state=outcome.state, **details,
    )  # fmt: skip


def _require_writing_time(actor: Viewer, enrolment: Enrolment, at: datetime) -> None:
    require_own_registration(actor, enrolment)
    require_class_window(class_taking_facts(enrolment.training_class_id, studying=True), at, enrolment)


@transaction.atomic
def save_outcome_draft(
    actor: Viewer, enrolment: Enrolment, *, title: str, body: str, draft: Outcome | None = None
) -> Outcome:
    """A draft of the learner's own; with `draft`, a further version of it."""
    own = require_own_registration(actor, enrolment)
    training_class = class_taking_facts(own.training_class_id, studying=True)
    heading, text = line(title, field="title", label=_("标题")), clean_body(body)
    outcome, before = Outcome(enrolment=own), ""
    if draft is not None:
        outcome = _locked(draft)
        before = outcome.state
        if outcome.enrolment_id != own.pk:
            raise NotVisible
        if before != WritingState.DRAFT:
            raise Refused("wrong_state", _("成果已经提交，不能再按草稿保存；退回以后可以重新提交。"))
    outcome.title = heading
    outcome.save()
    version = _add_version(outcome, text, clock.now())
    audit.record(
        "save_outcome_draft", "outcome", outcome.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state=before, to_state=outcome.state, version=version.num, characters=version.characters,
    )  # fmt: skip
    return outcome


@transaction.atomic
def submit_outcome(actor: Viewer, outcome: Outcome) -> Outcome:
    """提交: the first submission fixes `submitted_at`, inside the class's days (or 补学)."""
    stored, at = _locked(outcome), clock.now()
    after = checked_move(actor, stored.enrolment, stored.state, "submit_outcome")
    _require_writing_time(actor, stored.enrolment, at)
    before, stored.state, stored.submitted_at = stored.state, after, at
    stored.save(update_fields=["state", "submitted_at"])
    _record(actor, stored, "submit_outcome", before)
    return stored


@transaction.atomic
def return_outcome(actor: Viewer, outcome: Outcome, *, reason: str = "") -> Outcome:
    """退回 for another version."""
    stored = _locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "return_outcome")
    class_taking_facts(stored.enrolment.training_class_id)
    stored.note = line(reason, field="reason", label=_("退回意见"), limit=200, required=False)
    before, stored.state = stored.state, after
    stored.save(update_fields=["state", "note"])
    _record(actor, stored, "return_outcome", before)
    return stored


@transaction.atomic
def resubmit_outcome(actor: Viewer, outcome: Outcome, *, body: str) -> Outcome:
    """A further version of a returned outcome; it remains one outcome."""
    stored, at = _locked(outcome), clock.now()
    after = checked_move(actor, stored.enrolment, stored.state, "resubmit_outcome")
    _require_writing_time(actor, stored.enrolment, at)
    version = _add_version(stored, clean_body(body), at)
    before, stored.state = stored.state, after
    stored.save(update_fields=["state"])
    _record(actor, stored, "resubmit_outcome", before, version=version.num, characters=version.characters)
    return stored


@transaction.atomic
def accept_outcome(actor: Viewer, outcome: Outcome, *, score: int) -> Outcome:
    """认定, with 0…100 points."""
    stored = _locked(outcome)
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
    stored = _locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "withdraw_outcome")
    stored.note = line(reason, field="reason", label=_("撤回原因"), limit=200, required=False)
    before, stored.state = stored.state, after
    stored.save(update_fields=["state", "note"])
    _record(actor, stored, "withdraw_outcome", before)
    return stored
