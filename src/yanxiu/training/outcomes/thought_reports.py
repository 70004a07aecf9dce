"""思想汇报: written and handed in by the learner, read by class manager and tutor only; part of the room's `actions`.

Its text is written nowhere else: not in the audit log, not in the corpus, not in a notice.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import count_characters
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import BODY_LIMIT, line
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.richtext import rich_body
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import class_taking_facts, require_own_registration
from yanxiu.training.outcomes.models import ThoughtReport, WritingState
from yanxiu.training.outcomes.rules import EDITABLE, checked_move
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.queries import task_of
from yanxiu.training.outcomes.tasks.rules import require_in_time, require_length

__all__ = [
    "accept_thought_report",
    "hand_in_thought_report",
    "reopen_thought_report",
    "return_thought_report",
    "save_thought_report",
    "start_thought_report",
    "submit_thought_report",
    "withdraw_thought_report",
]

KIND = WritingTask.Kind.THOUGHT_REPORT
MOST_DRAFTS = 20


def _locked(report: ThoughtReport) -> ThoughtReport:
    stored = (
        ThoughtReport.objects.select_for_update()
        .select_related("enrolment__training_class__region")
        .filter(pk=report.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    return stored


def _locked_own(actor: Viewer, report: ThoughtReport) -> ThoughtReport:
    stored = _locked(report)
    if actor.person_id is None or stored.enrolment.person_id != actor.person_id:
        raise NotVisible
    return stored


def _record(actor: Viewer, report: ThoughtReport, action: str, before: str, **details: int) -> None:
    audit.record(
        action, "thought_report", report.pk, actor_id=actor.person_id, class_id=report.enrolment.training_class_id,
        from_state=before, to_state=report.state, **details,
    )  # fmt: skip


def _require_handing_in(actor: Viewer, enrolment: Enrolment, report: ThoughtReport, characters: int) -> None:
    own, at = require_own_registration(actor, enrolment), clock.now()
    training_class = class_taking_facts(own.training_class_id, studying=True)
    task = task_of(training_class.pk, KIND)
    require_in_time(training_class, None if report.state == WritingState.RETURNED else task, own, at)
    others = ThoughtReport.objects.filter(enrolment=own).exclude(pk=report.pk)
    handed_in = others.exclude(state__in=(WritingState.DRAFT, WritingState.WITHDRAWN)).count()
    if task is not None and handed_in >= task.pieces:
        message = _("这项任务要求 %(most)d 篇，您已经交齐；想换一篇，请先撤回已交的。")
        raise Refused("too_many_pieces", message % {"most": task.pieces})
    require_length(task, characters)


@transaction.atomic
def submit_thought_report(actor: Viewer, enrolment: Enrolment, *, title: str, body: str) -> ThoughtReport:
    """One report in plain text, handed in at once."""
    text = clean_body(body)
    report = ThoughtReport(
        enrolment=enrolment, title=line(title, field="title", label=_("标题")), body=text,
        characters=count_characters(text), state=WritingState.SUBMITTED, submitted_at=clock.now(),
    )  # fmt: skip
    _require_handing_in(actor, enrolment, report, report.characters)
    report.save()
    _record(actor, report, "submit_thought_report", "", characters=report.characters)
    return report


@transaction.atomic
def start_thought_report(actor: Viewer, enrolment: Enrolment) -> ThoughtReport:
    """An empty draft; an untouched one is given again, so that two clicks make one."""
    own = require_own_registration(actor, enrolment)
    class_taking_facts(own.training_class_id, studying=True)
    mine = ThoughtReport.objects.filter(enrolment=own)
    untouched = mine.filter(state=WritingState.DRAFT, edition=0, body="").first()
    if untouched is not None:
        return untouched
    task = task_of(own.training_class_id, KIND)
    most = task.pieces if task else MOST_DRAFTS
    if mine.exclude(state=WritingState.WITHDRAWN).count() >= most:
        message = _("这项任务写 %(most)d 篇，您已经有 %(most)d 篇（含草稿）；请接着写已有的，或先撤回一篇。")
        raise Refused("too_many_pieces", message % {"most": most})
    report = ThoughtReport.objects.create(enrolment=own, characters=0)
    _record(actor, report, "start_thought_report", "")
    return report


def _to_write(stored: ThoughtReport, page: str, edition: int) -> ThoughtReport:
    """The report where this page may write it; else a draft of this page's own, so that neither overwrites the other."""
    if stored.page in ("", page) or stored.edition == edition:
        return stored
    drafts = ThoughtReport.objects.filter(enrolment=stored.enrolment, state=WritingState.DRAFT, page=page)
    return drafts.exclude(pk=stored.pk).first() or ThoughtReport(enrolment=stored.enrolment, edition=0)


@transaction.atomic
def save_thought_report(
    actor: Viewer, report: ThoughtReport, *, title: str, body: str, page: str, edition: int
) -> ThoughtReport:
    """Autosave. Another id than the given one says that the text was kept as a draft beside a newer one."""
    stored = _locked_own(actor, report)
    require_own_registration(actor, stored.enrolment)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    if stored.state not in EDITABLE:
        message = _("当前状态是“%(state)s”，不能修改；先撤回，或等退回以后再改。")
        raise Refused("wrong_state", message % {"state": stored.get_state_display()})
    heading = line(title, field="title", label=_("标题"), required=False)
    text = rich_body(body, limit=BODY_LIMIT, required=False)
    held = _to_write(stored, page, edition)
    held.title, held.body, held.html = heading, text.text, text.form
    held.characters, held.saved_at = count_characters(text.text), clock.now()
    held.page, held.edition = page, held.edition + 1
    held.save()
    return held


@transaction.atomic
def hand_in_thought_report(actor: Viewer, report: ThoughtReport) -> ThoughtReport:
    """提交, or 重新提交 after a return, of what was saved last."""
    stored = _locked_own(actor, report)
    if stored.state not in EDITABLE:
        label = stored.get_state_display()
        raise Refused("wrong_state", _("当前状态是“%(state)s”，不能进行这一步。") % {"state": label})
    line(stored.title, field="title", label=_("标题"))
    _require_handing_in(actor, stored.enrolment, stored, stored.characters)
    before = stored.state
    stored.state = WritingState.RESUBMITTED if before == WritingState.RETURNED else WritingState.SUBMITTED
    stored.submitted_at = stored.submitted_at or clock.now()
    stored.save(update_fields=["state", "submitted_at"])
    _record(actor, stored, "submit_thought_report", before, characters=stored.characters)
    return stored


def _marked(actor: Viewer, report: ThoughtReport, verb: str, note: str) -> ThoughtReport:
    stored = _locked(report)
    after = checked_move(actor, stored.enrolment, stored.state, verb)
    class_taking_facts(stored.enrolment.training_class_id)
    stored.note = note
    before, stored.state = stored.state, after
    stored.save(update_fields=["state", "note"])
    _record(actor, stored, verb, before)
    return stored


@transaction.atomic
def return_thought_report(actor: Viewer, report: ThoughtReport, *, reason: str) -> ThoughtReport:
    """退回, with what is to be changed."""
    words = line(reason, field="reason", label=_("退回意见"), limit=200)
    return _marked(actor, report, "return_thought_report", words)


@transaction.atomic
def accept_thought_report(actor: Viewer, report: ThoughtReport, *, note: str = "") -> ThoughtReport:
    """已阅, with a word to the author if there is one."""
    words = line(note, field="note", label=_("阅后意见"), limit=200, required=False)
    return _marked(actor, report, "accept_thought_report", words)


@transaction.atomic
def withdraw_thought_report(actor: Viewer, report: ThoughtReport) -> ThoughtReport:
    """撤回, by the author alone, who may make it a draft again or write another."""
    stored = _locked_own(actor, report)
    after = checked_move(actor, stored.enrolment, stored.state, "withdraw_thought_report")
    before, stored.state = stored.state, after
    stored.save(update_fields=["state"])
    _record(actor, stored, "withdraw_thought_report", before)
    return stored


@transaction.atomic
def reopen_thought_report(actor: Viewer, report: ThoughtReport) -> ThoughtReport:
    """改回草稿: what was withdrawn is written on, and handed in again while there is time."""
    stored = _locked_own(actor, report)
    after = checked_move(actor, stored.enrolment, stored.state, "reopen_thought_report")
    class_taking_facts(require_own_registration(actor, stored.enrolment).training_class_id, studying=True)
    before, stored.state, stored.submitted_at, stored.note = stored.state, after, None, ""
    stored.save(update_fields=["state", "submitted_at", "note"])
    _record(actor, stored, "reopen_thought_report", before)
    return stored
