"""What is sent when somebody writes."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import Refused
from yanxiu.training.discussion.models import Post

__all__ = ["Writing", "identity", "sent"]


@dataclass(frozen=True, slots=True)
class Writing:
    """A form for writing: `token` names this writing, `value` is text or HTML, `quote` the uuid of the post quoted."""

    token: uuid.UUID
    value: str = ""
    quote: uuid.UUID | None = None
    saved_at: datetime | None = None
    refused: Refused | None = None
    quotable: bool = False  # the author lets reports quote it

    @classmethod
    def of(cls, draft: Post | None, quote: uuid.UUID | None = None) -> "Writing":
        """An empty form, or one with the draft in it."""
        fresh = cls(uuid.uuid4(), quote=quote)
        return fresh if draft is None else replace(fresh, value=draft.html or draft.body, saved_at=draft.saved_at)


def identity(text: str) -> uuid.UUID | None:
    """None for whatever is not a UUID."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def sent(request: FrameRequest, refused: Refused | None = None) -> Writing:
    """The form as it came; after a refusal with everything still in it."""
    read = request.POST.get
    return Writing(
        identity(read("token", "")) or uuid.uuid4(),
        read("body", ""),
        identity(read("quote", "")),
        None,
        refused,
        read("quotable") == "1",
    )
