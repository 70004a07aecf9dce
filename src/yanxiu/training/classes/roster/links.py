"""Invite links for everybody of a roster who has none yet: a workbook to hand out, made once."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.people.actions import issue_invite
from yanxiu.people.models import Account, Invite, Person
from yanxiu.people.queries import Viewer, mask_phone
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import LIVE_STATES
from yanxiu.training.classes.rules import can_manage, require

__all__ = ["MOST_LINKS", "LearnerLink", "issue_links", "links_xlsx"]

MOST_LINKS = 500  # at once; the next press makes those of the next people


@dataclass(frozen=True, slots=True)
class LearnerLink:
    name: str
    organisation: str
    phone: str  # masked
    token: str


def _without(actor: Viewer, training_class: TrainingClass) -> list[Person]:
    """Learners who have never signed in, hold no link that still opens and have no role, in the roster's order."""
    mine = OuterRef("person")
    untouched = {"is_active": True, "activated_at": None, "password__startswith": UNUSABLE_PASSWORD_PREFIX}
    entered = Account.objects.filter(person=mine).exclude(**untouched)
    linked = Invite.objects.filter(person=mine, used_at=None, expires_at__gt=clock.real_now())
    places = Enrolment.objects.filter(
        ~Exists(entered), ~Exists(linked), training_class=training_class, state__in=LIVE_STATES,
        person__class_roles=None, person__region_roles=None, person__phone__gt="",
    )  # fmt: skip
    found = places.exclude(person=actor.person_id).select_related("person__organisation").order_by("pk")
    return [place.person for place in found[:MOST_LINKS]]


@transaction.atomic
def issue_links(actor: Viewer, training_class: TrainingClass) -> list[LearnerLink]:
    """At most MOST_LINKS links; their tokens are stored nowhere, so what this returns is handed out or lost."""
    require(can_manage, actor, training_class)
    made = []
    for person in _without(actor, training_class):
        _invite, token = issue_invite(actor, person=person)
        unit = person.organisation.name if person.organisation else ""
        made.append(LearnerLink(person.name, unit, mask_phone(person.phone), token))
    if not made:
        raise Refused("nobody_left", _("每位学员都已开通，或手里有还能用的链接；要重发，请在名单里逐个办理。"))
    return made


def links_xlsx(rows: Sequence[LearnerLink], prefix: str) -> bytes:
    """姓名, 单位, 手机, 链接: one line a person; nothing in it becomes a formula."""
    held, as_text = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **as_text}) as book:
        sheet, bold = book.add_worksheet(_("邀请链接")), book.add_format({"bold": True})
        plain = book.add_format({"quote_prefix": True})
        for column, width in enumerate((12, 30, 16, 70)):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, [_("姓名"), _("单位"), _("手机"), _("链接（72 小时内有效，只能用一次）")], bold)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, [row.name, row.organisation, row.phone, prefix + row.token], plain)
    return held.getvalue()
