"""Comments on outcomes: by fellow learners (peer) and by tutors and managers (expert); part of the room's `actions`."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import enrolment_of
from yanxiu.training.classes.rules import can_tutor, class_taking_facts, require, require_class_window
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, WritingState
from yanxiu.training.outcomes.rules import parts_of
from yanxiu.training.outcomes.tasks.queries import task_of

__all__ = ["comment_outcome", "remove_comment"]

COMMENTABLE = frozenset(
    {WritingState.SUBMITTED, WritingState.RETURNED, WritingState.RESUBMITTED, WritingState.ACCEPTED}
)
COMMENT_LIMIT = 5_000


def _kind(actor: Viewer, training_class: TrainingClass) -> str:
    if can_tutor(actor, training_class):
        return OutcomeComment.Kind.EXPERT
    enrolment = enrolment_of(actor, training_class)
    if enrolment is None or enrolment.state != Enrolment.State.REGISTERED:
        raise Refused("not_allowed", _("只有本班学员、辅导教师和班主任可以评论。"))
    return OutcomeComment.Kind.PEER


def _require_open_to_peers(outcome: Outcome) -> None:
    task = task_of(outcome.enrolment.training_class_id, outcome.kind)
    if task is not None and not task.peers_comment:
        raise Refused("no_peer_comments", _("这项任务不开放学员互评，由辅导教师点评。"))


@transaction.atomic
def comment_outcome(actor: Viewer, outcome: Outcome, *, body: str, token: str = "") -> OutcomeComment:
    """评论: one's own outcome may be commented too, but no figure ever counts that. The same form sent twice is one comment."""
    stored = Outcome.objects.select_related("enrolment__training_class__region").filter(pk=outcome.pk).first()
    if stored is None or actor.person_id is None:
        raise NotVisible
    parts = parts_of(actor, stored.enrolment)
    if stored.state not in COMMENTABLE:
        if "author" not in parts and not parts & {"class_manager", "tutor"}:
            raise NotVisible
        raise Refused("wrong_state", _("成果尚未提交或已撤回，不能评论。"))
    training_class = class_taking_facts(stored.enrolment.training_class_id, studying=True)
    kind = _kind(actor, training_class)
    if kind == OutcomeComment.Kind.PEER:
        require_class_window(training_class, clock.now())
        _require_open_to_peers(stored)
    sent = OutcomeComment.objects.filter(outcome=stored, author_id=actor.person_id, token=token) if token else None
    if sent is not None and (before := sent.first()) is not None:
        return before
    comment = OutcomeComment.objects.create(
        outcome=stored, author_id=actor.person_id, kind=kind,
        body=clean_body(body, field="comment", label=_("评论"), limit=COMMENT_LIMIT), posted_at=clock.now(), token=token[:40],
    )  # fmt: skip
    audit.record(
        "comment_outcome", "outcome_comment", comment.pk, actor_id=actor.person_id, class_id=training_class.pk,
        to_state=comment.state, outcome=stored.pk,
    )  # fmt: skip
    return comment


@transaction.atomic
def remove_comment(actor: Viewer, comment: OutcomeComment, *, reason: str = "") -> OutcomeComment:
    """删除, by its author or by tutor and manager. Allowed after the freeze: it then shows as drift."""
    stored = (
        OutcomeComment.objects.select_for_update()
        .select_related("outcome__enrolment__training_class__region")
        .filter(pk=comment.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    training_class = stored.outcome.enrolment.training_class
    if actor.person_id is None or stored.author_id != actor.person_id:
        require(can_tutor, actor, training_class)
    if stored.state == OutcomeComment.State.REMOVED:
        raise Refused("wrong_state", _("这条评论已经删除。"))
    stored.removal_reason = line(reason, field="reason", label=_("删除原因"), limit=200, required=False)
    stored.state = OutcomeComment.State.REMOVED
    stored.save(update_fields=["state", "removal_reason"])
    audit.record(
        "remove_comment", "outcome_comment", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state=OutcomeComment.State.VISIBLE, to_state=stored.state,
    )  # fmt: skip
    return stored
