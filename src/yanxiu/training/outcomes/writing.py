"""Writing on a piece until it is handed in: the working copy, its versions, taking up a withdrawn one; part of `actions`.

An open page names itself (`page`) and the edition it was opened on. It may save while nobody else has saved since; what a
second page writes on an older state goes to a side copy of its own, and both are kept until their author chooses.
"""

from dataclasses import dataclass
from datetime import datetime

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
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, WorkingCopy, WritingState
from yanxiu.training.outcomes.rules import checked_move, locked, locked_own
from yanxiu.training.outcomes.tasks.queries import task_of

__all__ = [
    "Saved",
    "add_version",
    "keep_version",
    "reopen_outcome",
    "save_copy",
    "save_outcome_draft",
    "set_quotable",
    "settle_side_copy",
    "start_outcome",
    "version_of_copy",
]

MOST_DRAFTS = 20  # of a kind the class asks nothing particular of
MOST_VERSIONS = 200


def add_version(outcome: Outcome, body: str, html: str, at: datetime) -> OutcomeVersion:
    """A further version; the same text again is the last one."""
    last = outcome.versions.order_by("-num").first()
    if last is not None and (last.body, last.html) == (body, html):
        return last
    return OutcomeVersion.objects.create(
        outcome=outcome, num=last.num + 1 if last else 1, body=body, html=html, characters=count_characters(body),
        saved_at=at,
    )  # fmt: skip


def version_of_copy(outcome: Outcome, at: datetime) -> OutcomeVersion:
    """What was being written as a version; without a working copy, the last version."""
    copy = WorkingCopy.objects.filter(outcome=outcome, is_main=True).first()
    if copy is not None:
        return add_version(outcome, copy.body, copy.html, at)
    last = outcome.versions.order_by("-num").first()
    if last is None:
        raise Refused("empty", _("正文没有一个字，写好以后再提交。"), field="body")
    return last


@transaction.atomic
def save_outcome_draft(
    actor: Viewer, enrolment: Enrolment, *, title: str, body: str, draft: Outcome | None = None
) -> Outcome:
    """A draft of the learner's own in plain text; with `draft`, a further version of it."""
    own = require_own_registration(actor, enrolment)
    training_class = class_taking_facts(own.training_class_id, studying=True)
    heading, text = line(title, field="title", label=_("标题")), clean_body(body)
    outcome, before = Outcome(enrolment=own), ""
    if draft is not None:
        outcome = locked(draft)
        before = outcome.state
        if outcome.enrolment_id != own.pk:
            raise NotVisible
        if before != WritingState.DRAFT:
            raise Refused("wrong_state", _("成果已经提交，不能再按草稿保存；退回以后可以重新提交。"))
    outcome.title = heading
    outcome.save()
    version = add_version(outcome, text, "", clock.now())
    audit.record(
        "save_outcome_draft", "outcome", outcome.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state=before, to_state=outcome.state, version=version.num, characters=version.characters,
    )  # fmt: skip
    return outcome


@transaction.atomic
def start_outcome(actor: Viewer, enrolment: Enrolment, kind: str) -> Outcome:
    """An empty draft to write in; an untouched one is given again, so that two clicks make one."""
    own = require_own_registration(actor, enrolment)
    training_class = class_taking_facts(own.training_class_id, studying=True)
    if kind not in Outcome.Kind.values:
        raise Refused("bad_kind", _("没有这种写作任务。"), field="kind")
    task = task_of(training_class.pk, kind)
    if task is None and kind != Outcome.Kind.OUTCOME:
        raise Refused("no_task", _("本班没有布置这项任务。"))
    mine = Outcome.objects.filter(enrolment=own, kind=kind)
    untouched = mine.filter(state=WritingState.DRAFT, versions=None, copies=None).first()
    if untouched is not None:
        return untouched
    most = task.pieces if task else MOST_DRAFTS
    if mine.exclude(state=WritingState.WITHDRAWN).count() >= most:
        message = _("这项任务写 %(most)d 篇，您已经有 %(most)d 篇（含草稿）；请接着写已有的，或先撤回一篇。")
        raise Refused("too_many_pieces", message % {"most": most})
    outcome = Outcome.objects.create(enrolment=own, kind=kind, title="")
    audit.record(
        "start_outcome", "outcome", outcome.pk, actor_id=actor.person_id, class_id=training_class.pk,
        to_state=outcome.state, kind=kind,
    )  # fmt: skip
    return outcome


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: `is_main` False says that the text was kept beside a newer one."""

    saved_at: datetime
    edition: int
    characters: int
    is_main: bool
    images: int = 0


def _copy_to_write(outcome: Outcome, page: str, edition: int) -> WorkingCopy:
    """The main copy where this page may write it, else the side copy of this page."""
    main = WorkingCopy.objects.filter(outcome=outcome, is_main=True).first()
    if main is None or main.page == page or main.edition == edition:
        return main or WorkingCopy(outcome=outcome)
    side = WorkingCopy.objects.filter(outcome=outcome, is_main=False, page=page).first()
    return side or WorkingCopy(outcome=outcome, is_main=False)


@transaction.atomic
def save_copy(actor: Viewer, outcome: Outcome, *, title: str, body: str, page: str, edition: int) -> Saved:
    """Autosave, and the first half of every button of the editor. Nothing is required yet; the limits hold. It changes no
    state and so leaves no audit entry: the versions and the submission do.
    """
    stored = locked_own(actor, outcome)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    require_own_registration(actor, stored.enrolment)
    heading = line(title, field="title", label=_("标题"), required=False)
    text = rich_body(body, limit=BODY_LIMIT, required=False)
    copy = _copy_to_write(stored, page, edition)
    if copy.pk is not None and (copy.title, copy.body, copy.html) == (heading, text.text, text.form):
        return Saved(copy.saved_at, copy.edition, count_characters(copy.body), copy.is_main)
    copy.title, copy.body, copy.html = heading, text.text, text.form
    copy.page, copy.edition, copy.saved_at = page, copy.edition + 1, clock.now()
    copy.save()
    if copy.is_main and heading and stored.title != heading:
        stored.title = heading
        stored.save(update_fields=["title"])
    return Saved(copy.saved_at, copy.edition, count_characters(copy.body), copy.is_main, text.images)


@transaction.atomic
def keep_version(actor: Viewer, outcome: Outcome) -> OutcomeVersion:
    """Keep what is written now as a version to come back to."""
    stored = locked_own(actor, outcome)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    if stored.versions.count() >= MOST_VERSIONS:
        raise Refused("too_many_versions", _("版本已经很多了；文字已自动保存，不必再存版本。"))
    version = version_of_copy(stored, clock.now())
    audit.record(
        "keep_version", "outcome", stored.pk, actor_id=actor.person_id, class_id=stored.enrolment.training_class_id,
        version=version.num, characters=version.characters,
    )  # fmt: skip
    return version


@transaction.atomic
def settle_side_copy(actor: Viewer, outcome: Outcome, copy_id: int, *, take: bool) -> None:
    """The author chooses: take the side copy (the main one is kept as a version first), or drop it."""
    stored = locked_own(actor, outcome)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    side = WorkingCopy.objects.filter(outcome=stored, pk=copy_id, is_main=False).first()
    if side is None:
        raise NotVisible
    main = WorkingCopy.objects.get(outcome=stored, is_main=True)
    if take:
        add_version(stored, main.body, main.html, clock.now())
        main.title, main.body, main.html = side.title or main.title, side.body, side.html
        main.page, main.edition, main.saved_at = "", main.edition + 1, clock.now()
        main.save()
    side.delete()
    audit.record(
        "settle_side_copy", "outcome", stored.pk, actor_id=actor.person_id,
        class_id=stored.enrolment.training_class_id, taken=take,
    )  # fmt: skip


@transaction.atomic
def reopen_outcome(actor: Viewer, outcome: Outcome) -> Outcome:
    """A piece its author has withdrawn becomes a draft again; one the staff has withdrawn does not."""
    stored = locked(outcome)
    after = checked_move(actor, stored.enrolment, stored.state, "reopen_outcome")
    own = require_own_registration(actor, stored.enrolment)
    class_taking_facts(own.training_class_id, studying=True)
    if not stored.taken_back:
        raise Refused("withdrawn_by_staff", _("这一篇是班主任撤回的，不能自行改回草稿；请联系班主任。"))
    before, stored.state = stored.state, after
    stored.submitted_at, stored.score, stored.taken_back, stored.note = None, None, False, ""
    stored.save(update_fields=["state", "submitted_at", "score", "taken_back", "note"])
    audit.record(
        "reopen_outcome", "outcome", stored.pk, actor_id=actor.person_id, class_id=own.training_class_id,
        from_state=before, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def set_quotable(actor: Viewer, outcome: Outcome, *, quotable: bool) -> Outcome:
    """引用授权: given or taken back by the author at any time, with the version it was given for; doing it twice changes nothing."""
    stored = locked(outcome)
    if actor.person_id is None or stored.enrolment.person_id != actor.person_id:
        raise NotVisible
    if stored.quotable == quotable:
        return stored
    last = stored.versions.order_by("-num").first()
    stored.quotable = quotable
    stored.save(update_fields=["quotable"])
    audit.record(
        "allow_quotation" if quotable else "withdraw_quotation", "outcome", stored.pk, actor_id=actor.person_id,
        class_id=stored.enrolment.training_class_id, version=last.num if last else 0,
    )  # fmt: skip
    return stored
