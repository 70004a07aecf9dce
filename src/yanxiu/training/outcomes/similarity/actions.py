"""Asking for a check: the author up to three times a draft, the room itself at each submission."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import class_taking_facts
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion
from yanxiu.training.outcomes.rules import locked_own
from yanxiu.training.outcomes.similarity.corpus import drop_piece
from yanxiu.training.outcomes.similarity.models import SimilarityCheck, SimilarityMatch
from yanxiu.training.outcomes.similarity.tasks import check_similarity

__all__ = ["MOST_CHECKS", "ask_check", "check_submission", "leave_corpus"]

MOST_CHECKS = 3  # of the author, a draft
STALE = timedelta(minutes=15)  # a check this old that has not ended never will
State = SimilarityCheck.State


def _queued(version: OutcomeVersion, *, by_author: bool, round_: int, num: int) -> SimilarityCheck:
    check = SimilarityCheck.objects.create(
        version=version, outcome_id=version.outcome_id, by_author=by_author, round=round_, num=num, asked_at=clock.now()
    )
    check_similarity.enqueue(check.pk)
    return check


def _returns(outcome: Outcome) -> int:
    """A draft begins when the piece is begun or returned; taking it back oneself makes no new one."""
    moves = AuditEntry.objects.filter(object_type="outcome", object_id=outcome.pk, action="return_outcome")
    return moves.count()


@transaction.atomic
def ask_check(actor: Viewer, outcome: Outcome) -> SimilarityCheck:
    """Of the newest version, by its author, while it may be changed. The server counts; a failed check is given back."""
    stored = locked_own(actor, outcome)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    version = stored.versions.order_by("-num").first()
    if version is None or not version.characters:
        raise Refused("empty", _("正文没有一个字，写好以后再查重。"), field="body")
    round_ = _returns(stored)
    own = SimilarityCheck.objects.filter(outcome=stored, by_author=True, round=round_)
    own.filter(state__in=(State.QUEUED, State.RUNNING), asked_at__lt=clock.now() - STALE).update(state=State.FAILED)
    under_way = own.filter(state__in=(State.QUEUED, State.RUNNING)).first()
    if under_way is not None:
        return under_way
    if own.exclude(state=State.FAILED).count() >= MOST_CHECKS:
        message = _("每份草稿最多查重 %(most)d 次，已经用完；提交以后由辅导教师比对。")
        raise Refused("no_checks_left", message % {"most": MOST_CHECKS})
    check = _queued(version, by_author=True, round_=round_, num=own.count() + 1)
    audit.record(
        "ask_similarity_check", "similarity_check", check.pk, actor_id=actor.person_id,
        class_id=stored.enrolment.training_class_id, to_state=check.state, outcome=stored.pk, version=version.num,
    )  # fmt: skip
    return check


def check_submission(version: OutcomeVersion) -> SimilarityCheck:
    """Of a version just handed in; it joins the corpus when the check is done. Inside the submission's transaction."""
    before = SimilarityCheck.objects.filter(outcome_id=version.outcome_id, by_author=False).count()
    return _queued(version, by_author=False, round_=0, num=before + 1)


def leave_corpus(outcome: Outcome) -> None:
    """Withdrawn or a draft again: no later check finds it, and what earlier ones found of it is no longer shown."""
    drop_piece(outcome.pk)
    SimilarityMatch.objects.filter(other__outcome=outcome).delete()
