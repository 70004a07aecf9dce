"""Issuing and revoking. Issuing again gives nobody a second certificate."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.record.certificates.issuing import Passed, carry_out, issue, judged, waiting
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.record.certificates.tasks import issue_ordered
from yanxiu.record.certificates.telling import tell_reissued, tell_revoked
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed, require

__all__ = ["order_certificates", "reissue_certificate", "revoke_certificate"]

AT_ONCE = 50  # up to so many are issued while the class manager waits
STALE = timedelta(minutes=30)


def _frozen(actor: Viewer, class_: TrainingClass) -> TrainingClass:
    require(can_manage, actor, class_)
    stored = TrainingClass.objects.select_related("program__organizer_org").get(pk=class_.pk)
    if not is_closed(stored):
        raise Refused("wrong_state", _("班级数据冻结以后才能发证书；请先办理结班报告的签发。"))
    return stored


def order_certificates(actor: Viewer, class_: TrainingClass) -> IssueRun:
    """For everybody who passed and has none yet: at once for a small class, by the worker for a large one.

    An order under way is not doubled; one that has stood too long (the machine went down) is carried on.
    """
    with transaction.atomic():
        stored = _frozen(actor, class_)
        running = stored.issue_runs.filter(finished_at=None, failed="").first()
        if running is not None and clock.now() - running.ordered_at < STALE:
            return running
        if running is not None:
            running.failed = "stale"
            running.save(update_fields=["failed"])
        due = len(waiting(stored))
        run = IssueRun.objects.create(
            training_class=stored, ordered_by_id=actor.person_id, ordered_at=clock.now(), total=due
        )
        audit.record(
            "order_certificates", "issue_run", run.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="ordered",
            waiting=due,
        )  # fmt: skip
    if due <= AT_ONCE:
        return carry_out(run.pk)
    issue_ordered.enqueue(run.pk)
    return run


def _stored(actor: Viewer, certificate: Certificate) -> Certificate:
    stored = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("training_class__program__organizer_org", "enrolment__person")
        .filter(pk=certificate.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    return stored


@transaction.atomic
def revoke_certificate(actor: Viewer, certificate: Certificate, *, reason: str) -> Certificate:
    """Whoever checks it from now on is told. Revoking twice changes nothing."""
    stored = _stored(actor, certificate)
    reason = line(reason, field="reason", label=_("撤销原因"), limit=200)
    if stored.state == Certificate.State.REVOKED:
        return stored
    stored.state, stored.revoked_at, stored.revoked_by_id = Certificate.State.REVOKED, clock.now(), actor.person_id
    stored.revocation_reason = reason
    stored.save(update_fields=["state", "revoked_at", "revoked_by", "revocation_reason"])
    audit.record(
        "revoke_certificate", "certificate", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        from_state=Certificate.State.ISSUED, to_state=stored.state,
    )  # fmt: skip
    tell_revoked(stored)
    return stored


@transaction.atomic
def reissue_certificate(actor: Viewer, certificate: Certificate) -> Certificate:
    """A new one, with the next number and the name as it is now, in place of one that was revoked."""
    stored = _stored(actor, certificate)
    if stored.state != Certificate.State.REVOKED:
        raise Refused("wrong_state", _("证书仍然有效；请先撤销，再重新发放。"))
    if stored.enrolment.certificates.filter(state=Certificate.State.ISSUED).exists():
        raise Refused("already_issued", _("已经重新发放过证书。"))
    found = judged(stored.training_class).get(stored.enrolment_id)
    if found is None:
        raise Refused("not_passed", _("该学员目前的结论不是合格，不能发证书。"))
    (made,) = issue(stored.training_class, [Passed(stored.enrolment, *found)], actor.person_id)
    tell_reissued(made)
    return made
