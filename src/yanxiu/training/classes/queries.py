"""Reads of classes: everything starts from what the viewer may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from yanxiu.core.time.windows import window
from yanxiu.kit.audit import state_as_of
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.models import AuditEntry
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.models import Person
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.training.classes.models import ClassRole, Enrolment, QuotaAllocation, TrainingClass

__all__ = [
    "ClassRow",
    "Contact",
    "CountingWindow",
    "LearnerRow",
    "QuotaRow",
    "class_by_key",
    "class_for",
    "class_roster",
    "class_rows",
    "contacts",
    "counted_enrolments",
    "counting_windows",
    "enrolment_of",
    "manages_any_class",
    "person_in",
    "quota_rows",
    "roles_in",
    "seats",
    "short_names",
    "visible_classes",
]

MOST_COUNTED = 10_000  # of each class in a list: counting further would make the page as slow as the largest class
LIVE_STATES = (Enrolment.State.NOMINATED, Enrolment.State.REGISTERED)
REGION_ROLES = ("organiser", "auditor")  # the three administrators see no class data


def visible_classes(viewer: Viewer) -> QuerySet[TrainingClass]:
    """Classes of the viewer's regions, those where they hold a role, and those they are enrolled in (once approved)."""
    classes = TrainingClass.objects.all()
    if viewer.is_system:
        return classes
    if not viewer.is_signed_in or viewer.person_id is None:
        return classes.none()
    mine = Q(pk__in=ClassRole.objects.filter(person_id=viewer.person_id).values("training_class_id"))
    enrolments = Enrolment.objects.filter(person_id=viewer.person_id, state__in=LIVE_STATES)
    mine |= Q(pk__in=enrolments.values("training_class_id")) & ~Q(state=TrainingClass.State.DRAFT)
    for fact in viewer.region_roles:
        if fact.role in REGION_ROLES:
            mine |= Q(region__path__startswith=fact.path)
    return classes.filter(mine)


def class_for(viewer: Viewer, key: str) -> TrainingClass:
    """The class of that key, if this viewer may see it; raises NotVisible."""
    found = visible_classes(viewer).select_related("program", "region").filter(key=key).first()
    if found is None:
        raise NotVisible
    return found


def class_by_key(key: str) -> TrainingClass:
    """For commands only, which have no viewer; raises NotVisible."""
    return class_for(SYSTEM, key)


def roles_in(viewer: Viewer, training_class: TrainingClass) -> frozenset[str]:
    """Of {"class_manager", "tutor", "auditor", "organiser", "learner"}: what the viewer is in this class."""
    if viewer.is_system:
        return frozenset({"organiser", "class_manager"})
    if not viewer.is_signed_in or viewer.person_id is None:
        return frozenset()
    roles = set(training_class.roles.filter(person_id=viewer.person_id).values_list("role", flat=True))
    path = training_class.region.path
    roles |= {fact.role for fact in viewer.region_roles if fact.role in REGION_ROLES and path.startswith(fact.path)}
    is_learner = training_class.enrolments.filter(person_id=viewer.person_id, state__in=LIVE_STATES).exists()
    if is_learner and training_class.state != TrainingClass.State.DRAFT:
        roles.add("learner")
    return frozenset(roles)


def enrolment_of(viewer: Viewer, training_class: TrainingClass) -> Enrolment | None:
    """The viewer's own place in the class, unless withdrawn."""
    if viewer.person_id is None:
        return None
    return training_class.enrolments.filter(person_id=viewer.person_id, state__in=LIVE_STATES).first()


def manages_any_class(viewer: Viewer) -> bool:
    """班主任 of at least one class."""
    if viewer.person_id is None:
        return False
    return ClassRole.objects.filter(person_id=viewer.person_id, role=ClassRole.Role.CLASS_MANAGER).exists()


@dataclass(frozen=True, slots=True)
class ClassRow:
    class_id: int
    key: str
    name: str
    session_no: int
    state: str
    starts_on: date
    ends_on: date
    registered: int
    is_more: bool  # than MOST_COUNTED, where the list stops counting; the class's own page says it exactly


class _CountOf(Subquery):
    """How many rows a (sliced) subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def class_rows(viewer: Viewer, *, after: str | None = None, limit: int = 50) -> Page[ClassRow]:
    """The classes a viewer may see, newest first."""
    there = Enrolment.objects.filter(training_class=OuterRef("pk"), state=Enrolment.State.REGISTERED)
    counted = _CountOf(there.order_by().values("pk")[: MOST_COUNTED + 1])
    classes = visible_classes(viewer).annotate(registered=counted)
    return keyset_page(
        classes,
        _class_row,
        order=("starts_on", "pk"),
        forwards=False,
        after=after,
        limit=limit,
    )


def _class_row(c: TrainingClass) -> ClassRow:
    counted: int = getattr(c, "registered", 0)
    return ClassRow(
        c.pk, c.key, c.name, c.session_no, c.state, c.starts_on, c.ends_on, min(counted, MOST_COUNTED),
        counted > MOST_COUNTED,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LearnerRow:
    enrolment_id: int
    person_id: int
    name: str
    post_title: str
    organisation: str
    state: str


def class_roster(training_class: TrainingClass, *, after: str | None = None, limit: int = 50) -> Page[LearnerRow]:
    """Everybody nominated to the class, in the order of nomination; phones are not in it."""
    return keyset_page(
        training_class.enrolments.select_related("person", "nominating_org"),
        lambda e: LearnerRow(e.pk, e.person_id, e.person.name, e.person.post_title, e.nominating_org.name, e.state),
        after=after,
        limit=limit,
    )


def short_names(class_ids: Iterable[int | None]) -> dict[int, str]:
    """Short names for a page of ids."""
    wanted = {class_id for class_id in class_ids if class_id is not None}
    return dict(TrainingClass.objects.filter(pk__in=wanted).values_list("pk", "short_name"))


@dataclass(frozen=True, slots=True)
class QuotaRow:
    organisation_id: int
    organisation: str
    seats: int
    nominated: int
    registered: int


def quota_rows(training_class: TrainingClass) -> list[QuotaRow]:
    """Seats, nominations and registrations of every nominating unit, allotted or not."""
    rows: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for quota in training_class.quotas.select_related("nominating_org"):
        names[quota.nominating_org_id] = quota.nominating_org.name
        rows[quota.nominating_org_id] = [quota.seats, 0, 0]
    live = training_class.enrolments.filter(state__in=LIVE_STATES)
    counts = live.values_list("nominating_org_id", "nominating_org__name").annotate(
        total=Count("pk"), registered=Count("pk", filter=Q(state=Enrolment.State.REGISTERED))
    )
    for organisation_id, name, total, registered in counts:
        names[organisation_id] = name
        rows.setdefault(organisation_id, [0, 0, 0])[1:] = [total, registered]
    return [QuotaRow(key, names[key], *numbers) for key, numbers in sorted(rows.items(), key=lambda r: names[r[0]])]


def person_in(training_class: TrainingClass, person_id: int) -> Person:
    """A learner of the class, by id; raises NotVisible for anybody else."""
    enrolments = training_class.enrolments.select_related("person__organisation")
    found = enrolments.filter(person_id=person_id, state__in=LIVE_STATES).first()
    if found is None:
        raise NotVisible
    return found.person


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ring, shown on error pages to the people of the class: its manager, phone unmasked on purpose."""

    short_name: str
    name: str
    phone: str


def contacts(viewer: Viewer, limit: int = 3) -> list[Contact]:
    """Class managers of the classes the viewer studies or works in, the newest class first."""
    if viewer.person_id is None:
        return []
    person = viewer.person_id  # subqueries from the person inwards: a join would read every enrolment of the class
    studies = Enrolment.objects.filter(person_id=person).values("training_class_id")
    works = ClassRole.objects.filter(person_id=person).values("training_class_id")
    mine = Q(training_class__in=studies) | Q(training_class__in=works)
    managers = ClassRole.objects.filter(mine, role=ClassRole.Role.CLASS_MANAGER).exclude(person__phone=None)
    rows = managers.order_by("-training_class__starts_on", "pk")
    values = rows.values_list(
        "training_class__short_name", "person__name", "person__phone", "training_class__starts_on", "pk"
    )
    return [Contact(short_name, name, phone or "") for short_name, name, phone, _starts, _pk in values[:limit]]


@dataclass(frozen=True, slots=True)
class CountingWindow:
    """When study of an enrolment counts: [starts, ends), either None where nothing limits it."""

    enrolment_id: int
    person_id: int
    starts: datetime | None
    ends: datetime | None


def counting_windows(class_id: int, persons: Sequence[int] | None = None) -> list[CountingWindow]:
    """Of every enrolment the class ever had, or of these persons: from registration (and the first day) to withdrawal or the
    class's closing.
    """
    training_class = TrainingClass.objects.get(pk=class_id)
    opens, closes = _study_window(training_class)
    enrolments = training_class.enrolments.order_by("pk")
    if persons is not None:
        enrolments = enrolments.filter(person_id__in=persons)
    rows = enrolments.values_list("pk", "person_id", "registered_at", "withdrawn_at", "extended_to")
    return [
        CountingWindow(
            enrolment_id, person_id,
            max(registered, opens) if registered else opens,
            min((end for end in (_extended(closes, extended, training_class), withdrawn) if end is not None), default=None),
        )
        for enrolment_id, person_id, registered, withdrawn, extended in rows
    ]  # fmt: skip


def _extended(closes: datetime | None, extended: date | None, training_class: TrainingClass) -> datetime | None:
    """An extension (延期) moves the end for one learner; None (补学, still open) stays open."""
    if closes is None or extended is None:
        return closes
    return max(closes, window(training_class.starts_on, extended, training_class.zone)[1])


def _study_window(training_class: TrainingClass) -> tuple[datetime, datetime | None]:
    """A class closes at the end of its last day; one that went into make-up study, when it is frozen."""
    opens, closes = window(training_class.starts_on, training_class.ends_on, training_class.zone)
    moves = AuditEntry.objects.filter(object_type="class", object_id=training_class.pk).order_by("position")
    state = TrainingClass.State
    if not moves.filter(to_state=state.MAKEUP).exists():
        return opens, closes
    return opens, moves.filter(to_state=state.FROZEN).values_list("at", flat=True).first()


# Evidence of figures --------------------------------------------------------------------------------------------------


def counted_enrolments(class_id: int, as_of: int | None = None) -> QuerySet[Enrolment]:
    """Enrolments registered and not withdrawn, now or as of a position of the audit log."""
    enrolments = Enrolment.objects.filter(training_class_id=class_id)
    if as_of is None:
        return enrolments.filter(state=Enrolment.State.REGISTERED)
    return enrolments.annotate(state_then=state_as_of("enrolment", as_of)).filter(state_then=Enrolment.State.REGISTERED)


def seats(class_id: int) -> int:
    """Seats allotted to all nominating units: the denominator of the registration rate."""
    total = QuotaAllocation.objects.filter(training_class_id=class_id).aggregate(total=Sum("seats"))["total"]
    return total or 0
