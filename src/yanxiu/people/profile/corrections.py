"""Confirming one's profile, and corrections of it that the class manager decides. No name enters the audit log."""

import unicodedata
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.models import Account, Correction, Organisation, Person
from yanxiu.people.queries import Viewer, organisation_named

__all__ = ["confirm_profile", "decide_correction", "propose_corrections", "withdraw_correction"]

LIMITS = {"name": 50, "organisation": 100, "post_title": 60}


def _labels() -> dict[str, str]:
    return {"name": _("姓名"), "organisation": _("单位"), "post_title": _("职务")}


def _own(actor: Viewer) -> Person:
    person = Person.objects.select_related("organisation").filter(pk=actor.person_id or 0).first()
    if person is None:
        raise NotVisible
    return person


@transaction.atomic
def confirm_profile(actor: Viewer) -> None:
    """Said by the person: these are my data, or I have proposed what is wrong."""
    confirmed = Account.objects.filter(pk=actor.account_id or 0, profile_confirmed_at=None)
    if confirmed.update(profile_confirmed_at=clock.now()):
        audit.record("confirm_profile", "person", actor.person_id or 0, actor_id=actor.person_id, to_state="confirmed")


def _values(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "organisation": person.organisation.name if person.organisation else "",
        "post_title": person.post_title,
    }


def _name_like(text: str) -> bool:
    """Letters, ideographs of every extension (newer ones have no category here yet), and the dot of long names."""
    return all(
        c in " ·•.-'"
        or 0x20000 <= ord(c) < 0x40000
        or unicodedata.category(c)[0] in "LM"
        or unicodedata.category(c) == "Co"
        for c in text
    )


@transaction.atomic
def propose_corrections(actor: Viewer, wanted: Mapping[str, str]) -> list[Correction]:
    """One for each field that differs; an earlier one still open is replaced. Nothing changes before it is approved."""
    person, made = _own(actor), []
    now, labels = clock.now(), _labels()
    for field, before in _values(person).items():
        if field not in wanted:
            continue
        after = line(
            wanted[field], field=field, label=labels[field], limit=LIMITS[field], required=field != "post_title"
        )
        if field == "name" and not _name_like(after):
            raise Refused("name_characters", _("姓名只能用汉字、字母和间隔号。"), field="name")
        Correction.objects.filter(person=person, field=field, state=Correction.State.ASKED).update(
            state=Correction.State.WITHDRAWN, decided_at=now
        )
        if after == before:
            continue
        made.append(Correction.objects.create(person=person, field=field, before=before, after=after, asked_at=now))
        audit.record(
            "propose_correction", "correction", made[-1].pk, actor_id=actor.person_id, to_state="asked", field=field
        )
    return made


@transaction.atomic
def withdraw_correction(actor: Viewer, correction_id: int) -> None:
    own = Correction.objects.filter(pk=correction_id, person_id=actor.person_id or 0, state=Correction.State.ASKED)
    if not own.update(state=Correction.State.WITHDRAWN, decided_at=clock.now()):
        raise Refused("wrong_state", _("这条更正已经处理过了。"))
    audit.record(
        "withdraw_correction", "correction", correction_id, actor_id=actor.person_id, from_state="asked",
        to_state="withdrawn",
    )  # fmt: skip


def _unit(correction: Correction, region_path: str) -> Organisation:
    found = organisation_named(correction.after, region_path)
    if found is None:
        raise Refused(
            "unknown_organisation", _("本地区没有登记这个单位（或有几个同名的），请系统管理员先登记，再来审核。")
        )
    return found


def _apply(correction: Correction, region_path: str) -> None:
    person = correction.person
    if correction.field == Correction.Field.ORGANISATION:
        person.organisation = correction.organisation = _unit(correction, region_path)
        person.save(update_fields=["organisation"])
        return
    setattr(person, correction.field, correction.after)
    try:
        person.save(update_fields=[correction.field])
    except IntegrityError:
        raise Refused("conflict", _("没有保存，请重试。")) from None


@transaction.atomic
def decide_correction(
    actor: Viewer,
    correction: Correction,
    *,
    approve: bool,
    region_path: str,
    reason: str = "",
    class_id: int | None = None,
) -> Correction:
    """By somebody else. The calling room has asked its own rule: managers of a class the person is in."""
    stored = Correction.objects.select_for_update().select_related("person").filter(pk=correction.pk).first()
    if stored is None:
        raise NotVisible
    if stored.person_id == actor.person_id:
        raise Refused("own_correction", _("自己的更正要由别人审核，请组织管理者处理。"))
    if stored.state != Correction.State.ASKED:
        raise Refused("wrong_state", _("这条更正已经处理过了。"))
    stored.reason = clean_line(reason)[:200]
    if not approve and not stored.reason:
        raise Refused("reason_missing", _("不同意时请写明原因，本人会看到。"), field="reason")
    if approve:
        _apply(stored, region_path)
    stored.state = Correction.State.APPROVED if approve else Correction.State.REJECTED
    stored.decided_at, stored.decided_by_id = clock.now(), actor.person_id
    stored.save()
    audit.record(
        "decide_correction", "correction", stored.pk, actor_id=actor.person_id, from_state="asked",
        to_state=stored.state, class_id=class_id, field=stored.field, person_id=stored.person_id,
    )  # fmt: skip
    return stored
