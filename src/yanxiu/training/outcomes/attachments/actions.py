"""Adding and removing the files of one's own piece, while it may be changed."""

from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import class_taking_facts, require_own_registration
from yanxiu.training.outcomes.attachments import store
from yanxiu.training.outcomes.attachments.models import Attachment
from yanxiu.training.outcomes.attachments.sniffing import sniffed
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.rules import locked_own
from yanxiu.training.outcomes.tasks.kinds import KINDS
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.queries import task_of

__all__ = ["add_attachment", "remove_attachment"]


def _task(outcome: Outcome) -> WritingTask:
    task = task_of(outcome.enrolment.training_class_id, outcome.kind)
    if task is None or not task.file_kinds:
        raise Refused("no_files", _("这项任务不收附件；请把内容写在正文里。"), field="file")
    return task


def _require_size(task: WritingTask, size: int) -> None:
    if not size:
        raise Refused("file_empty", _("文件是空的，请确认选对了文件。"), field="file")
    if size > task.file_megabytes * 1024 * 1024:
        message = _("每个附件最多 %(most)d MB，这个文件有 %(now).1f MB；请压缩或拆分后再上传。")
        numbers = {"most": task.file_megabytes, "now": size / 1024 / 1024}
        raise Refused("file_too_large", message % numbers, field="file")


def _name(given: str, kind: str) -> str:
    """The last part of the name with the suffix of what the file is."""
    stem = clean_line(PurePosixPath(given.replace("\\", "/")).stem).replace('"', "")[:100] or _("附件")
    return f"{stem}{KINDS[kind].suffixes[0]}"


def _checked(task: WritingTask, given: str, data: bytes) -> tuple[str, bytes]:
    """(kind, bytes to keep). The content decides; a name that says something else is refused too."""
    _require_size(task, len(data))
    kind = sniffed(data)
    suffix = PurePosixPath(given.lower()).suffix
    if kind not in task.kinds_of_files or suffix not in KINDS[kind].suffixes:
        allowed = "、".join(known.upper() for known in task.kinds_of_files)
        message = _("可以上传的类型：%(allowed)s。文件的内容和扩展名都要是其中之一。")
        raise Refused("file_kind", message % {"allowed": allowed}, field="file")
    return kind, store.redrawn(kind, data) if kind in {"jpg", "png"} else data


def add_attachment(actor: Viewer, outcome: Outcome, *, name: str, data: bytes) -> Attachment:
    """Checked and on disk before the transaction; the same bytes twice are one attachment."""
    task = _task(outcome)
    require_own_registration(actor, outcome.enrolment)
    kind, kept = _checked(task, name, data)
    sha256 = store.keep(kept)
    with transaction.atomic():
        stored = locked_own(actor, outcome)
        class_taking_facts(stored.enrolment.training_class_id, studying=True)
        known = list(Attachment.objects.filter(outcome=stored).order_by("pk"))
        for one in known:
            if one.sha256 == sha256:
                return one
        if len(known) >= task.file_count:
            message = _("最多上传 %(most)d 个附件；请先删去一个再上传。")
            raise Refused("too_many_files", message % {"most": task.file_count}, field="file")
        added = Attachment.objects.create(
            outcome=stored, name=_name(name, kind), kind=kind, size=len(kept), sha256=sha256, uploaded_at=clock.now()
        )
        audit.record(
            "add_attachment", "outcome_attachment", added.pk, actor_id=actor.person_id,
            class_id=stored.enrolment.training_class_id, to_state="kept", outcome=stored.pk, kind=kind, size=added.size,
        )  # fmt: skip
    return added


@transaction.atomic
def remove_attachment(actor: Viewer, outcome: Outcome, file_id: int) -> None:
    """The row goes at once, the bytes when no piece carries them any more."""
    stored = locked_own(actor, outcome)
    class_taking_facts(stored.enrolment.training_class_id, studying=True)
    found = Attachment.objects.filter(outcome=stored, pk=file_id).first()
    if found is None:
        raise NotVisible
    audit.record(
        "remove_attachment", "outcome_attachment", found.pk, actor_id=actor.person_id,
        class_id=stored.enrolment.training_class_id, from_state="kept", to_state="removed", outcome=stored.pk,
    )  # fmt: skip
    sha256 = found.sha256
    found.delete()
    transaction.on_commit(lambda: store.sweep(sha256, lambda name: Attachment.objects.filter(sha256=name).exists()))
