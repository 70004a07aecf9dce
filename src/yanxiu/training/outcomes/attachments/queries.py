"""Reads of attachments; who may see the piece has been asked before."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.kit.errors import NotVisible
from yanxiu.training.outcomes.attachments.models import Attachment
from yanxiu.training.outcomes.attachments.store import content
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.tasks.kinds import KINDS

__all__ = ["AttachmentRow", "Download", "attachments_of", "download"]


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    file_id: int
    name: str
    kind: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    content_type: str
    data: bytes


def attachments_of(outcome: Outcome) -> list[AttachmentRow]:
    """The files of a piece the viewer has been found to see, oldest first."""
    files = Attachment.objects.filter(outcome=outcome).order_by("pk")
    return [AttachmentRow(f.pk, f.name, f.kind, f.size, f.uploaded_at) for f in files]


def download(outcome: Outcome, file_id: int) -> Download:
    """A file of a piece the viewer has been found to see."""
    found = Attachment.objects.filter(outcome=outcome, pk=file_id).first()
    if found is None:
        raise NotVisible
    return Download(found.name, KINDS[found.kind].content_type, content(found.sha256))
