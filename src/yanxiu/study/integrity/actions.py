"""Appeals: made by the learner, proposed for upholding by one member of staff and confirmed by another, or rejected with words.

An appeal upheld is an entry in the ledger, so the credit it gives back is computed like all other.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from yanxiu.core.credit.credit_v3 import GRANTABLE
from yanxiu.core.time import clock
from yanxiu.core.time.windows import day_start_ms
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.people.queries import Viewer
from yanxiu.study.digest.actions import grant_study
from yanxiu.study.digest.ports import require_correctors
from yanxiu.study.models import Appeal, UncountedCell

__all__ = ["confirm_appeal", "decline_appeal", "make_appeal", "propose_appeal", "reject_appeal", "withdraw_appeal"]

TEXT_LIMIT = 1_000
MOST_OPEN = 20  # of one enrolment at a time


@transaction.atomic
def make_appeal(
    actor: Viewer, *, class_id: int, enrolment_id: int, lesson_id: int, day: date, reason: str, text: str
) -> Appeal:
    """Ask to have counted what was not, for one reason, in one lesson, on one day. The actor must be its learner."""
    if actor.person_id is None:
        raise NotVisible
    cells = UncountedCell.objects.filter(
        class_id=class_id, enrolment_id=enrolment_id, person_id=actor.person_id, lesson_id=lesson_id, day=day, reason=reason
    )  # fmt: skip
    uncounted = cells.aggregate(ms=Sum("uncounted_ms"))["ms"]
    if not uncounted:
        raise Refused("nothing_to_appeal", _("这一天这一讲没有这样的未计入时间，可能已经更新；请刷新页面再看。"))
    words = clean_body(text, field="text", label=_("申诉理由"))
    if len(words) > TEXT_LIMIT:
        raise Refused("too_long", _("申诉理由最多 %(limit)d 字。") % {"limit": TEXT_LIMIT}, field="text")
    mine = Appeal.objects.filter(enrolment_id=enrolment_id, state__in=[Appeal.State.OPEN, Appeal.State.PROPOSED])
    if mine.count() >= MOST_OPEN:
        raise Refused("too_many", _("已有 %(most)d 件申诉在处理，请等班主任答复后再提。") % {"most": MOST_OPEN})
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                class_id=class_id, enrolment_id=enrolment_id, person_id=actor.person_id, lesson_id=lesson_id, day=day,
                reason=reason, uncounted_ms=uncounted, text=words, made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("appealed", _("这一段已经申诉过，请在下面查看处理结果。")) from None
    _record("make_appeal", appeal, actor, "", ms=uncounted)
    return appeal


@transaction.atomic
def withdraw_appeal(actor: Viewer, appeal: Appeal) -> Appeal:
    """By the learner, as long as nothing is decided."""
    stored = _stored(appeal, Appeal.State.OPEN, Appeal.State.PROPOSED)
    if stored.person_id != actor.person_id:
        raise NotVisible
    return _moved("withdraw_appeal", stored, actor, Appeal.State.WITHDRAWN)


@transaction.atomic
def propose_appeal(actor: Viewer, appeal: Appeal, *, answer: str) -> Appeal:
    """Propose to uphold it; somebody else confirms. Whether the actor manages the class is asked here too."""
    stored = _stored(appeal, Appeal.State.OPEN)
    _require_decider(actor, stored)
    if stored.reason not in GRANTABLE:
        raise Refused(
            "not_grantable",
            _("这类时间按规则不能改为计入（同一时刻只计一次，重复观看和超出课时的部分不计），只能说明理由后驳回。"),
        )
    stored.answer = _answer(answer)
    stored.decided_by = actor.person_id
    return _moved("propose_appeal", stored, actor, Appeal.State.PROPOSED)


@transaction.atomic
def confirm_appeal(actor: Viewer, appeal: Appeal, *, zone: str) -> Appeal:
    """The second person's signature: the entry is made and the next digest counts the time."""
    stored = _stored(appeal, Appeal.State.PROPOSED)
    stored.position = grant_study(
        actor, proposed_by=stored.decided_by or 0, whose=(stored.person_id, stored.class_id, stored.enrolment_id),
        lesson_id=stored.lesson_id, grants=stored.reason, from_ms=day_start_ms(stored.day, zone),
        until_ms=day_start_ms(stored.day + timedelta(days=1), zone),
    )  # fmt: skip
    stored.second = actor.person_id
    return _moved("confirm_appeal", stored, actor, Appeal.State.UPHELD)


@transaction.atomic
def decline_appeal(actor: Viewer, appeal: Appeal) -> Appeal:
    """The second person does not sign: the appeal is open again."""
    stored = _stored(appeal, Appeal.State.PROPOSED)
    if actor.person_id is None or actor.person_id == stored.person_id:
        raise Refused("own_study", _("不能处理自己的申诉。"))
    require_correctors(stored.decided_by or 0, actor.person_id, stored.class_id)
    stored.answer, stored.decided_by = "", None
    return _moved("decline_appeal", stored, actor, Appeal.State.OPEN)


@transaction.atomic
def reject_appeal(actor: Viewer, appeal: Appeal, *, answer: str) -> Appeal:
    """With words; the learner sees them and who wrote them."""
    stored = _stored(appeal, Appeal.State.OPEN)
    _require_decider(actor, stored)
    stored.answer = _answer(answer)
    stored.decided_by = actor.person_id
    return _moved("reject_appeal", stored, actor, Appeal.State.REJECTED)


def _require_decider(actor: Viewer, appeal: Appeal) -> None:
    """Somebody who manages the class, and never the learner."""
    if actor.person_id is None or actor.person_id == appeal.person_id:
        raise Refused("own_study", _("不能处理自己的申诉。"))
    require_correctors(actor.person_id, actor.person_id, appeal.class_id)


def _answer(text: str) -> str:
    words = clean_body(text, field="answer", label=_("处理意见"))
    if len(words) > TEXT_LIMIT:
        raise Refused("too_long", _("处理意见最多 %(limit)d 字。") % {"limit": TEXT_LIMIT}, field="answer")
    return words


def _stored(appeal: Appeal, *states: str) -> Appeal:
    """As it is now, locked; Refused when somebody else was faster."""
    stored = Appeal.objects.select_for_update().filter(pk=appeal.pk).first()
    if stored is None:
        raise NotVisible
    if stored.state not in states:
        raise Refused(
            "decided", _("这件申诉已经是“%(state)s”，请刷新页面再看。") % {"state": stored.get_state_display()}
        )
    return stored


def _moved(action: str, stored: Appeal, actor: Viewer, state: Appeal.State) -> Appeal:
    before, stored.state = stored.state, state
    if state in {Appeal.State.UPHELD, Appeal.State.REJECTED}:
        stored.decided_at = clock.now()
    stored.save()
    _record(action, stored, actor, before, position=stored.position or 0)
    return stored


def _record(action: str, appeal: Appeal, actor: Viewer, before: str, **details: int) -> None:
    audit.record(
        action, "appeal", appeal.pk, actor_id=actor.person_id, class_id=appeal.class_id, from_state=before,
        to_state=appeal.state, **details,
    )  # fmt: skip
