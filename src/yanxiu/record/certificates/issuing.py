"""The issuing itself: who is due, numbers in a row, facts pinned and signed. Called by the actions and by the worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from yanxiu.core.rules.assess import Facts, Verdict, assess
from yanxiu.core.rules.excellent import award
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.record.assessment.queries import class_facts, scheme
from yanxiu.record.certificates import pinning
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.record.certificates.telling import tell_issued
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["BATCH", "Passed", "carry_out", "issue", "judged", "waiting"]

BATCH = 500  # certificates a transaction


@dataclass(frozen=True, slots=True)
class Passed:
    enrolment: Enrolment
    facts: Facts
    verdict: Verdict


def judged(class_: TrainingClass) -> Mapping[int, tuple[Facts, Verdict]]:
    known, rule = class_facts(class_), scheme(class_.scheme_id)
    verdicts = award(rule, {pk: assess(rule, facts) for pk, facts in known.items()}, None)
    return {pk: (facts, verdicts[pk]) for pk, facts in known.items() if verdicts[pk].grade != "fail"}


def waiting(class_: TrainingClass) -> list[int]:
    """Registered learners who have never had a certificate of this class, in the order of enrolment."""
    return list(counted_enrolments(class_.pk).filter(certificates=None).order_by("pk").values_list("pk", flat=True))


def carry_out(run_id: int) -> IssueRun:
    """The run from where it stands; started twice or after a crash it issues what is still missing, nothing twice.

    A failure is written on the run, so that the class manager sees it and can order again.
    """
    run = IssueRun.objects.select_related("training_class__program__organizer_org").get(pk=run_id)
    try:
        _carried(run)
    except Exception as error:
        IssueRun.objects.filter(pk=run_id).update(failed=type(error).__name__)
        raise
    return run


def _carried(run: IssueRun) -> None:
    class_, found = run.training_class, judged(run.training_class)
    due = [pk for pk in waiting(class_) if pk in found]
    run.total = run.issued + len(due)
    run.save(update_fields=["total"])
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        rows = Enrolment.objects.select_related("person").in_bulk(batch)
        with transaction.atomic():  # a crash leaves nobody with a certificate they were not told of
            made = issue(class_, [Passed(rows[pk], *found[pk]) for pk in batch], run.ordered_by_id)
            tell_issued(class_, made)
        run.issued += len(made)
        run.save(update_fields=["issued"])
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])


@transaction.atomic
def issue(class_: TrainingClass, passed: Sequence[Passed], actor_id: int | None) -> list[Certificate]:
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


def _made(class_: TrainingClass, each: Passed, serial: int, actor_id: int | None) -> Certificate:
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
