"""Evidence rows in words: who with name, unit and county; what and when as a person would say it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.core.evidence import EvidenceRow
from yanxiu.core.time.clock import from_ms
from yanxiu.people.models import Person
from yanxiu.training.classes.models import QuotaAllocation
from yanxiu.training.courses.models import Lesson
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.notices.models import Announcement
from yanxiu.training.outcomes.models import Outcome, OutcomeComment

__all__ = ["PersonWords", "RowWords", "in_words", "people"]

SNIPPET = 40


@dataclass(frozen=True, slots=True)
class PersonWords:
    person_id: int
    name: str
    organisation: str
    county: str


@dataclass(frozen=True, slots=True)
class RowWords:
    """One evidence row as shown: `quantity` is the printed amount, `ref` where to look the fact up, `about` what a page of it
    is found by: the type of object and the parts of its address.
    """

    person_id: int
    name: str
    organisation: str
    county: str
    what: str
    when: str
    quantity: str
    ref: str
    part: str
    about: tuple[str, ...] = ()


NOBODY = PersonWords(0, "", "", "")
Labels = Mapping[int, tuple[str, ...]]  # id → words, then the parts of its address


def people(ids: Iterable[int]) -> dict[int, PersonWords]:
    """Name, unit and county of persons, in one statement."""
    rows = Person.objects.filter(pk__in=set(ids)).values_list(
        "pk", "name", "organisation__name", "organisation__region__name"
    )
    return {pk: PersonWords(pk, name, unit or "", county or "") for pk, name, unit, county in rows}


def _lessons(ids: set[int]) -> Labels:
    rows = Lesson.objects.filter(pk__in=ids).values_list("pk", "course__title", "title")
    return {pk: (f"《{course}》{title}", str(pk)) for pk, course, title in rows}


def _rounds(ids: set[int]) -> Labels:
    rows = DiscussionRound.objects.filter(pk__in=ids).values_list("pk", "num", "theme")
    words = _("第 %(num)d 轮研讨：%(theme)s")
    return {pk: (words % {"num": num, "theme": theme}, str(num)) for pk, num, theme in rows}


def _posts(ids: set[int]) -> Labels:
    rows = Post.objects.filter(pk__in=ids).values_list("pk", "round__num", "body", "uuid")
    words = _("第 %(num)d 轮：%(body)s")
    return {pk: (words % {"num": num, "body": _cut(body)}, str(num), str(uuid)) for pk, num, body, uuid in rows}


def _outcomes(ids: set[int]) -> Labels:
    rows = Outcome.objects.filter(pk__in=ids).values_list("pk", "title", "uuid")
    return {pk: (f"《{title}》", str(uuid)) for pk, title, uuid in rows}


def _comments(ids: set[int]) -> Labels:
    rows = OutcomeComment.objects.filter(pk__in=ids).values_list(
        "pk", "outcome__title", "author__name", "outcome__uuid"
    )
    words = _("《%(title)s》得到 %(name)s 的评论")
    return {pk: (words % {"title": title, "name": name}, str(uuid)) for pk, title, name, uuid in rows}


def _attempts(ids: set[int]) -> Labels:
    rows = ExamAttempt.objects.filter(pk__in=ids).values_list("pk", "exam__title", "num", "exam__uuid")
    words = _("%(title)s（第 %(num)d 次）")
    return {pk: (words % {"title": title, "num": num}, str(uuid)) for pk, title, num, uuid in rows}


def _announcements(ids: set[int]) -> Labels:
    rows = Announcement.objects.filter(pk__in=ids).values_list("pk", "title", "uuid")
    return {pk: (f"《{title}》", str(uuid)) for pk, title, uuid in rows}


def _quotas(ids: set[int]) -> Labels:
    rows = QuotaAllocation.objects.filter(pk__in=ids).values_list("pk", "nominating_org__name")
    return {pk: (_("%(unit)s 名额") % {"unit": unit},) for pk, unit in rows}


_LABELS: Mapping[str, Callable[[set[int]], Labels]] = {
    "lesson": _lessons, "round": _rounds, "post": _posts, "outcome": _outcomes, "outcome_comment": _comments,
    "attempt": _attempts, "announcement": _announcements, "quota": _quotas,
}  # fmt: skip


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else f"{line[:SNIPPET]}…"


def _subject(row: EvidenceRow) -> tuple[str, int]:
    """What the row is about, as (object type, id): the lesson or round where it names one, else the fact itself."""
    named = row.what if row.ref.startswith("enrolment:") and row.what else row.ref
    kind, _colon, number = named.partition(":")
    return kind, int(number.partition(".")[0])


def _when(row: EvidenceRow, zone: ZoneInfo) -> str:
    if row.at_ms:
        return from_ms(row.at_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return row.what.partition("@")[2]


def _quantity(row: EvidenceRow, unit: str, divisor: int) -> str:
    if divisor == 60_000 and row.what.startswith("lesson:"):
        minutes, rest = divmod(row.quantity, 60_000)
        return _("%(minutes)d 分 %(seconds)02d 秒") % {"minutes": minutes, "seconds": rest // 1000}
    return str(row.quantity) if unit != "%" else _("%(count)d 人") % {"count": row.quantity}


def in_words(
    rows: Sequence[EvidenceRow], *, zone: str, absent: bool = False, unit: str = "", divisor: int = 1
) -> list[RowWords]:
    """The rows as shown; one statement for the people and one for each type of object among them."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        kind, number = _subject(row)
        wanted[kind].add(number)
    labels = {kind: _LABELS[kind](ids) for kind, ids in wanted.items() if kind in _LABELS}
    known, local = people(row.who for row in rows if row.who), ZoneInfo(zone)
    plain = _("没有交卷") if absent else _("注册")
    shown = []
    for row in rows:
        kind, number = _subject(row)
        person = known.get(row.who, NOBODY)
        what, *address = (plain,) if kind == "enrolment" else labels.get(kind, {}).get(number, ("",))
        shown.append(
            RowWords(
                row.who, person.name, person.organisation, person.county, what, _when(row, local),
                _quantity(row, unit, divisor), row.ref, row.part,
                (kind, *address),
            )
        )  # fmt: skip
    return shown
