"""Erasing a person: every personal value goes; ids, quantities, times and states stay, so that chains, digests and frozen
counts are what they were.
"""

from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import FileField, Model, QuerySet, TextField

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.people import lockout
from yanxiu.people.models import (
    Account,
    ErasureRequest,
    FamiliarAddress,
    Invite,
    InviteRequest,
    MailLink,
    Passkey,
    Person,
    RecoveryCode,
    SessionRecord,
    Takeout,
    TotpDevice,
)
from yanxiu.people.privacy.holdings import fields_of, label_of, owned, rows_in, settings_of_holdings
from yanxiu.people.privacy.takeout import file_of, kept_file
from yanxiu.people.privacy.traces import empty_log

__all__ = ["ERASED_NAME", "erase"]

ERASED_NAME = "已注销人员"
ERASED_TEXT = "（作者已注销，内容已删除）"
_SHOWN = frozenset({"body", "html", "text"})  # texts other people's pages show: said, not blank


def _blanks(model: type[Model]) -> dict[str, str]:
    """What the texts of one's own rows become."""
    held = settings_of_holdings()
    if label_of(model) in held["official"]:
        return {}
    texts = [f for f in fields_of(model) if isinstance(f, TextField) and not f.choices and not f.primary_key]
    blanks = {field.name: ERASED_TEXT if field.name in _SHOWN else "" for field in texts}
    return blanks | dict.fromkeys(held["short"].get(label_of(model), ()), "")


def _drop_files(model: type[Model], rows: QuerySet[Any, Any]) -> None:
    for name in (field.name for field in fields_of(model) if isinstance(field, FileField)):
        for row in rows.exclude(**{name: ""}):
            getattr(row, name).delete(save=False)
            rows_in(model).filter(pk=row.pk).update(**{name: ""})


def _drop_kept(model: type[Model], rows: QuerySet[Any, Any]) -> None:
    """Files kept by digest, unless somebody else handed in the very same content."""
    kept = settings_of_holdings()["files"].get(label_of(model))
    if kept is None:
        return
    own, column = list(rows.values_list("pk", flat=True)), kept["digest"]
    for digest in set(rows.values_list(column, flat=True)):
        if not rows_in(model).filter(**{column: digest}).exclude(pk__in=own).exists():
            path = kept_file(kept, digest)
            transaction.on_commit(partial(path.unlink, missing_ok=True))


def _blank_echoes(person_id: int) -> None:
    """Words of theirs that other people's rows repeat."""
    for label, echo in settings_of_holdings()["echoes"].items():
        rows = rows_in(apps.get_model(label)).filter(**{echo["whose"]: person_id})
        ids = list(rows.values_list("pk", flat=True))
        rows_in(apps.get_model(label)).filter(pk__in=ids).update(**dict.fromkeys(echo["fields"], ""))


def _blank_told(person_id: int) -> None:
    """What notices to others said of them, or in their words."""
    notices = rows_in(apps.get_model("training.notice"))
    for told in settings_of_holdings()["told"]:
        ids = rows_in(apps.get_model(told["table"])).filter(**{told["whose"]: person_id}).values_list("pk", flat=True)
        for key in (each.format(pk) for pk in ids for each in told["keys"]):
            about = {"key__startswith": key} if key.endswith(":") else {"key": key}
            notices.filter(**about).exclude(person_id=person_id).update(title=ERASED_TEXT, body="", said={})


def _empty(model: type[Model], rows: QuerySet[Any, Any]) -> None:
    """One table: its texts become blank, its files go."""
    if label_of(model) in settings_of_holdings()["drop"]:
        rows.delete()
        return
    _drop_files(model, rows)
    _drop_kept(model, rows)
    blanks = _blanks(model)
    if blanks and model is not Person:
        ids = list(rows.values_list("pk", flat=True))
        rows_in(model).filter(pk__in=ids).update(**blanks)


def _close(account: Account) -> None:
    """Nobody signs in to it any more, and nothing of how somebody did is left."""
    lockout.forget(account)
    records = SessionRecord.objects.filter(account=account)
    Session.objects.filter(session_key__in=list(records.values_list("session_key", flat=True))).delete()
    for model in (SessionRecord, Passkey, TotpDevice, RecoveryCode, FamiliarAddress):
        rows_in(model).filter(account=account).delete()
    account.phone, account.is_active = f"erased:{account.person_id}", False
    account.sessions_epoch += 1
    account.set_unusable_password()
    account.save()


@transaction.atomic
def erase(actor_id: int | None, person: Person) -> None:
    """Twice changes nothing. Who may ask for it is the business of the caller."""
    stored = Person.objects.select_for_update().get(pk=person.pk)
    if stored.erased_at is not None:
        return
    for model, rows in owned(stored.pk):
        _empty(model, rows)
    _blank_echoes(stored.pk)
    _blank_told(stored.pk)
    # a trace of a failure may quote anybody
    transaction.on_commit(partial((Path(settings.DATA_DIR) / "last-error.txt").unlink, missing_ok=True))
    for takeout in Takeout.objects.filter(person=stored):
        file_of(takeout.uuid).unlink(missing_ok=True)
    for model in (Invite, InviteRequest, MailLink):
        rows_in(model).filter(person=stored).delete()
    account = Account.objects.filter(person=stored).first()
    if account is not None:
        _close(account)
    now = clock.now()
    Person.objects.filter(pk=stored.pk).update(
        name=ERASED_NAME, phone=None, email="", post_title="", organisation=None, erased_at=now
    )
    ErasureRequest.objects.filter(person=stored, state=ErasureRequest.State.ASKED).update(
        state=ErasureRequest.State.DONE, done_at=now
    )
    transaction.on_commit(empty_log)
    audit.record("erase_person", "person", stored.pk, actor_id=actor_id, from_state="known", to_state="erased")
