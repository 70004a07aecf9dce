"""Issuing and revoking. Issuing again gives nobody a second certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yanxiu.core.rules.assess import Facts, Verdict, assess
from yanxiu.core.rules.excellent import award
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.queries import class_facts, scheme
from yanxiu.record.certificates import pinning
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import can_manage, is_closed, require

__all__ = ["carry_out", "order_certificates", "reissue_certificate", "revoke_certificate"]

AT_ONCE = 50  # up to so many are issued while the class manager waits
STALE = timedelta(minutes=30)
BATCH = 500  # certificates a transaction


@dataclass(frozen=True, slots=True)
class _Passed:
    enrolment: Enrolment
    facts: Facts
    verdict: Verdict


def _frozen(actor: Viewer, class_: TrainingClass) -> TrainingClass:
    require(can_manage, actor, class_)
    stored = TrainingClass.objects.select_related("program__organizer_org").get(pk=class_.pk)
    if not is_closed(stored):
        raise Refused("wrong_state", _("班级数据冻结以后才能发证书；请先办理结班报告的签发。"))
    return stored


def _judged(class_: TrainingClass) -> Mapping[int, tuple[Facts, Verdict]]:
    known, rule = class_facts(class_), scheme(class_.scheme_id)
    verdicts = award(rule, {pk: assess(rule, facts) for pk, facts in known.items()}, None)
    return {pk: (facts, verdicts[pk]) for pk, facts in known.items() if verdicts[pk].grade != "fail"}


def _waiting(class_: TrainingClass) -> list[int]:
    """Registered learners who have never had a certificate of this class, in the order of enrolment."""
    return list(counted_enrolments(class_.pk).filter(certificates=None).order_by("pk").values_list("pk", flat=True))


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
        waiting = len(_waiting(stored))
        run = IssueRun.objects.create(
            training_class=stored, ordered_by_id=actor.person_id, ordered_at=clock.now(), total=waiting
        )
        audit.record(
            "order_certificates", "issue_run", run.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="ordered",
            waiting=waiting,
        )  # fmt: skip
    if waiting <= AT_ONCE:
        return carry_out(run.pk)
    from yanxiu.record.certificates.tasks import issue_ordered  # thin entry point: the task imports this module

    issue_ordered.enqueue(run.pk)
    return run


def carry_out(run_id: int) -> IssueRun:
    """The run from where it stands; started twice or after a crash it issues what is still missing, nothing twice."""
    run = IssueRun.objects.select_related("training_class__program__organizer_org").get(pk=run_id)
    class_, judged = run.training_class, _judged(run.training_class)
    due = [pk for pk in _waiting(class_) if pk in judged]
    run.total = run.issued + len(due)
    run.save(update_fields=["total"])
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        rows = Enrolment.objects.select_related("person").in_bulk(batch)
        made = _issue(class_, [_Passed(rows[pk], *judged[pk]) for pk in batch], run.ordered_by_id)
        run.issued += len(made)
        run.save(update_fields=["issued"])
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return run


@transaction.atomic
def _issue(class_: TrainingClass, passed: Sequence[_Passed], actor_id: int | None) -> list[Certificate]:
    TrainingClass.objects.select_for_update().get(pk=class_.pk)  # one series of numbers, one writer
    held = Certificate.objects.filter(
        enrolment__in=[each.enrolment for each in passed], state=Certificate.State.ISSUED
    ).values_list("enrolment_id", flat=True)
    have = set(held)
    last = Certificate.objects.filter(training_class=class_).aggregate(last=Max("serial"))["last"] or 0
    fresh = [each for each in passed if each.enrolment.pk not in have]
    made = [_made(class_, each, serial, actor_id) for serial, each in enumerate(fresh, last + 1)]
    stored = Certificate.objects.bulk_create(made)
    audit.record_each(
        "issue_certificate", "certificate", ((c.pk, {"digest": c.digest, "enrolment": c.enrolment_id}) for c in stored),
        actor_id=actor_id, to_state=Certificate.State.ISSUED, class_id=class_.pk,
    )  # fmt: skip
    return stored


def _made(class_: TrainingClass, each: _Passed, serial: int, actor_id: int | None) -> Certificate:
    number, salt, at = f"{class_.key.upper()}-{serial:05}", pinning.new_salt(), clock.now()
    name = each.enrolment.person.name
    facts = pinning.pinned_facts(class_, each.facts, each.verdict) | {
        "number": number, "person": each.enrolment.person_id, "enrolment": each.enrolment.pk,
        "issued_ms": clock.to_ms(at), "name_hash": pinning.name_hash(name, salt),
    }  # fmt: skip
    digest = pinning.digest_of(facts)
    return Certificate(
        training_class=class_, enrolment=each.enrolment, serial=serial, number=number, name=name, salt=salt,
        facts=facts, digest=digest, signature=pinning.sign(digest), issued_at=at, issued_by_id=actor_id,
    )  # fmt: skip


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
    return stored


@transaction.atomic
def reissue_certificate(actor: Viewer, certificate: Certificate) -> Certificate:
    """A new one, with the next number and the name as it is now, in place of one that was revoked."""
    stored = _stored(actor, certificate)
    if stored.state != Certificate.State.REVOKED:
        raise Refused("wrong_state", _("证书仍然有效；请先撤销，再重新发放。"))
    if stored.enrolment.certificates.filter(state=Certificate.State.ISSUED).exists():
        raise Refused("already_issued", _("已经重新发放过证书。"))
    judged = _judged(stored.training_class).get(stored.enrolment_id)
    if judged is None:
        raise Refused("not_passed", _("该学员目前的结论不是合格，不能发证书。"))
    (made,) = _issue(stored.training_class, [_Passed(stored.enrolment, *judged)], actor.person_id)
    return made
