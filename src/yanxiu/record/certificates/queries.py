"""Reads of certificates, each starting from what the viewer may see; the public check starts from number and name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.record.certificates.pinning import same_name, stands
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_view_data, require

__all__ = [
    "CertificateRow",
    "Checked",
    "Counts",
    "broken_certificates",
    "certificate_counts",
    "certificate_for",
    "certificates_of",
    "checked",
    "holder_erased",
    "latest_run",
    "own_certificate",
    "revoked_ids",
]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    uuid: str
    number: str
    name: str
    organisation: str
    grade: str
    state: str
    issued_at: datetime
    revocation_reason: str


def _row(certificate: Certificate) -> CertificateRow:
    return CertificateRow(
        str(certificate.uuid), certificate.number, certificate.name or _("已注销人员"), certificate.enrolment.nominating_org.name,
        certificate.facts["grade"], certificate.state, certificate.issued_at, certificate.revocation_reason,
    )  # fmt: skip


def certificates_of(
    viewer: Viewer, class_: TrainingClass, *, after: str | None = None, q: str = "", limit: int = 50
) -> Page[CertificateRow]:
    """In the order of their numbers; `q` part of a name or number."""
    require(can_view_data, viewer, class_)
    rows = Certificate.objects.filter(training_class=class_).select_related("enrolment__nominating_org")
    if q:
        rows = rows.filter(Q(name__contains=q) | Q(number__icontains=q))
    return keyset_page(rows, _row, order=("serial",), after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class Counts:
    issued: int
    revoked: int


def certificate_counts(viewer: Viewer, class_: TrainingClass) -> Counts:
    require(can_view_data, viewer, class_)
    counted = dict(
        Certificate.objects.filter(training_class=class_).values_list("state").annotate(number=Count("pk")).order_by()
    )
    return Counts(counted.get("issued", 0), counted.get("revoked", 0))


def latest_run(viewer: Viewer, class_: TrainingClass) -> IssueRun | None:
    """The last order to issue, with its progress."""
    require(can_view_data, viewer, class_)
    return class_.issue_runs.order_by("-pk").first()


def certificate_for(viewer: Viewer, class_: TrainingClass, uuid: str) -> Certificate:
    """One of the class, for its staff; NotVisible for anything else."""
    require(can_view_data, viewer, class_)
    found = Certificate.objects.filter(training_class=class_, uuid=uuid).first()
    if found is None:
        raise NotVisible
    return found


def own_certificate(viewer: Viewer, enrolment: Enrolment) -> Certificate | None:
    """The viewer's own newest one of a class, valid or revoked."""
    if viewer.person_id is None or enrolment.person_id != viewer.person_id:
        return None
    return enrolment.certificates.order_by("-serial").first()


@dataclass(frozen=True, slots=True)
class Checked:
    """What the public page says to somebody who knows number and name. No phone, unit or score."""

    number: str
    name: str
    state: str
    class_name: str
    organiser: str
    starts_on: date
    ends_on: date
    minutes: int
    grade: str
    issued_at: datetime
    revoked_at: datetime | None
    zone: str
    is_whole: bool


def checked(number: str, name: str) -> Checked | None:
    """None alike for an unknown number, another's name, and one whose holder was erased."""
    certificate = (
        Certificate.objects.select_related("training_class").filter(number=number.strip().upper()[:48]).first()
    )
    if certificate is None or not same_name(certificate, name):
        return None
    facts = certificate.facts
    return Checked(
        certificate.number, certificate.name, certificate.state, facts["class_name"], facts["organiser"],
        date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"]), facts["minutes"], facts["grade"],
        certificate.issued_at, certificate.revoked_at, certificate.training_class.zone, stands(certificate),
    )  # fmt: skip


def revoked_ids() -> list[UUID]:
    """Of every certificate of this installation that is revoked, the first revoked first."""
    revoked = Certificate.objects.filter(state=Certificate.State.REVOKED)
    return list(revoked.order_by("revoked_at", "pk").values_list("uuid", flat=True))


def holder_erased(number: str) -> str | None:
    """State of a certificate whose holder had their data erased: no name can be compared any more. None for any other."""
    found = Certificate.objects.filter(
        number=number.strip().upper()[:48], salt="", enrolment__person__erased_at__isnull=False
    )
    return found.values_list("state", flat=True).first()


def broken_certificates() -> Iterator[str]:
    """Numbers whose facts are no longer what was signed, for `verify`; nothing yielded = all stand."""
    for certificate in Certificate.objects.order_by("pk").iterator(chunk_size=2000):
        if not stands(certificate):
            yield certificate.number
