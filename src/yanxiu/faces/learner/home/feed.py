"""公告与点评: announcements and tutors' words in one list, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.faces.frame.learning.dues import address
from yanxiu.kit.pages import Page
from yanxiu.record.assessment.queries import Said
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.queries import AnnouncementRow

__all__ = ["News", "feed_of"]

NEWEST = 5
LONGEST = 120  # characters shown of a comment; the whole stands where it was written


@dataclass(frozen=True, slots=True)
class News:
    """`kind`: announcement, comment, reply."""

    kind: str
    at: datetime
    author: str
    text: str
    about: str
    href: str


def _announced(class_: TrainingClass, row: AnnouncementRow) -> News | None:
    if row.published_at is None:
        return None
    uuid = getattr(row, "uuid", "")
    href = (address("learner:announcement", class_.key, uuid) if uuid else "") or address(
        "learner:announcements", class_.key
    )
    return News("announcement", row.published_at, row.author, row.title, "", href)


def _said(class_: TrainingClass, said: Said) -> News:
    if said.kind == "comment":
        href = address("learner:outcome", class_.key, said.ref)
    else:
        href = address("learner:round", class_.key, said.round_num)
    text = said.text if len(said.text) <= LONGEST else said.text[:LONGEST] + "…"
    return News(said.kind, said.at, said.author, text, said.about, href)


def feed_of(class_: TrainingClass, page: Page[AnnouncementRow], said: list[Said]) -> list[News]:
    """The newest few of both."""
    news = [one for row in page.rows if (one := _announced(class_, row)) is not None]
    news += [_said(class_, one) for one in said]
    return sorted(news, key=lambda one: one.at, reverse=True)[:NEWEST]
