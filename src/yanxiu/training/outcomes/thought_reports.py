"""思想汇报: handed in by the learner, read by class manager and tutor only; part of the room's `actions`."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import count_characters
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import class_taking_facts, require_class_window, require_own_registration
from yanxiu.training.outcomes.models import ThoughtReport, WritingState
from yanxiu.training.outcomes.rules import checked_move

__all__ = ["submit_thought_report", "withdraw_thought_report"]


@transaction.atomic
def submit_thought_report(actor: Viewer, enrolment: Enrolment, *, title: str, body: str) -> ThoughtReport:
    """One report, handed in at once. Its text is written nowhere else."""
    own, at = require_own_registration(actor, enrolment), clock.now()
    training_class = class_taking_facts(own.training_class_id, studying=True)
    require_class_window(training_class, at, own)
    text = clean_body(body)
    report = ThoughtReport.objects.create(
        enrolment=own, title=line(title, field="title", label=_("标题")), body=text,
        characters=count_characters(text), state=WritingState.SUBMITTED, submitted_at=at,
    )  # fmt: skip
    audit.record(
        "submit_thought_report", "thought_report", report.pk, actor_id=actor.person_id, class_id=training_class.pk,
        to_state=report.state, characters=report.characters,
    )  # fmt: skip
    return report


@transaction.atomic
def withdraw_thought_report(actor: Viewer, report: ThoughtReport) -> ThoughtReport:
    """撤回, by the author alone."""
    stored = (
        ThoughtReport.objects.select_for_update()
        .select_related("enrolment__training_class__region")
        .filter(pk=report.pk)
        .first()
    )
    if stored is None or actor.person_id is None or stored.enrolment.person_id != actor.person_id:
        raise NotVisible
    after = checked_move(actor, stored.enrolment, stored.state, "withdraw_thought_report")
    before, stored.state = stored.state, after
    stored.save(update_fields=["state"])
    audit.record(
        "withdraw_thought_report", "thought_report", stored.pk, actor_id=actor.person_id,
        class_id=stored.enrolment.training_class_id, from_state=before, to_state=stored.state,
    )  # fmt: skip
    return stored
