"""Asking for the copy of one's data and fetching it once; asking to be erased, deciding on it, and doing it when it is due."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import ErasureRequest, Person, RegionRole, Takeout
from yanxiu.people.privacy.erasing import erase
from yanxiu.people.privacy.takeout import archive, file_of
from yanxiu.people.privacy.traces import empty_log_if_due
from yanxiu.people.queries import Viewer

__all__ = [
    "ask_erasure",
    "ask_takeout",
    "build_takeout",
    "decide_erasure",
    "erase_due",
    "expire_takeouts",
    "fetch_takeout",
    "withdraw_erasure",
]

COOLING = timedelta(days=7)
TAKEOUT_KEPT = timedelta(days=3)


@transaction.atomic
def ask_takeout(actor: Viewer) -> Takeout:
    """One at a time; the caller queues `tasks.make_takeout` with its id."""
    person = Person.objects.filter(pk=actor.person_id or 0, erased_at=None).first()
    if person is None:
        raise NotVisible
    running = Takeout.objects.filter(person=person, state__in=(Takeout.State.ASKED, Takeout.State.READY)).first()
    if running is not None:
        raise Refused("takeout_running", _("已经有一份数据副本在准备或等待下载。"))
    takeout = Takeout.objects.create(person=person, asked_at=clock.now())
    audit.record("ask_takeout", "person", person.pk, actor_id=actor.person_id, takeout=takeout.pk)
    return takeout


def build_takeout(takeout_id: int) -> None:
    """In the background. A copy that cannot be made is said to have failed, and may be asked for again."""
    takeout = Takeout.objects.select_related("person").filter(pk=takeout_id, state=Takeout.State.ASKED).first()
    if takeout is None:
        return
    try:
        content = archive(takeout.person)
        path = file_of(takeout.uuid)
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError:
        Takeout.objects.filter(pk=takeout.pk).update(state=Takeout.State.FAILED)
        raise
    Takeout.objects.filter(pk=takeout.pk).update(state=Takeout.State.READY, ready_at=clock.now(), size=len(content))


@transaction.atomic
def fetch_takeout(actor: Viewer, uuid: UUID) -> bytes:
    """Once: the file is deleted with it. NotVisible for anybody else's."""
    takeout = Takeout.objects.select_for_update().filter(uuid=uuid, person_id=actor.person_id or 0).first()
    if takeout is None:
        raise NotVisible
    path = file_of(takeout.uuid)
    if takeout.state != Takeout.State.READY or not path.is_file():
        raise Refused("takeout_gone", _("这份副本已经下载过或过期，请重新申请。"))
    content = path.read_bytes()
    takeout.state, takeout.fetched_at = Takeout.State.FETCHED, clock.now()
    takeout.save(update_fields=["state", "fetched_at"])
    audit.record("fetch_takeout", "person", takeout.person_id, actor_id=actor.person_id, takeout=takeout.pk)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return content


def expire_takeouts() -> int:
    """A chore: copies nobody fetched within three days are deleted; how many."""
    old = Takeout.objects.filter(state=Takeout.State.READY, ready_at__lt=clock.now() - TAKEOUT_KEPT)
    for takeout in (found := list(old)):
        file_of(takeout.uuid).unlink(missing_ok=True)
        Takeout.objects.filter(pk=takeout.pk).update(state=Takeout.State.EXPIRED)
    return len(found)


def _in_office(person_id: int) -> bool:
    return RegionRole.objects.filter(person_id=person_id).exists()


@transaction.atomic
def ask_erasure(actor: Viewer, *, needs_approval: bool, holds_role: bool) -> ErasureRequest:
    """Due in seven days. The caller knows the classes: whether one of them is closed, and whether a role is held in one.

    Somebody with a role over a region waits for a security administrator, who takes the role back first.
    """
    person = Person.objects.filter(pk=actor.person_id or 0, erased_at=None).first()
    if person is None:
        raise NotVisible
    if holds_role:
        raise Refused("erasure_role", _("您还担任班级的工作角色，请先请组织管理者解除，再申请注销。"))
    if ErasureRequest.objects.filter(person=person, state=ErasureRequest.State.ASKED).exists():
        raise Refused("erasure_asked", _("您已经申请过注销，正在等待。"))
    now = clock.now()
    request = ErasureRequest.objects.create(
        person=person, asked_at=now, due_at=now + COOLING, needs_approval=needs_approval or _in_office(person.pk)
    )
    audit.record("ask_erasure", "person", person.pk, actor_id=actor.person_id, to_state="asked", request=request.pk)
    return request


@transaction.atomic
def withdraw_erasure(actor: Viewer) -> None:
    """Up to the moment it is done."""
    own = ErasureRequest.objects.filter(person_id=actor.person_id or 0, state=ErasureRequest.State.ASKED)
    if not own.update(state=ErasureRequest.State.WITHDRAWN):
        raise Refused("wrong_state", _("没有等待中的注销申请。"))
    audit.record(
        "withdraw_erasure", "person", actor.person_id or 0, actor_id=actor.person_id, from_state="asked",
        to_state="withdrawn",
    )  # fmt: skip


@transaction.atomic
def decide_erasure(actor: Viewer, request: ErasureRequest, *, approve: bool, reason: str = "") -> ErasureRequest:
    """By a manager or organiser of a closed class, or a security administrator; the calling room has asked its own rule."""
    stored = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if stored.state != ErasureRequest.State.ASKED or stored.approved_at is not None or not stored.needs_approval:
        raise Refused("wrong_state", _("这项申请已经处理过了。"))
    if stored.person_id == actor.person_id:
        raise Refused("forbidden", _("自己的申请要由别人审核。"))
    stored.reason = clean_line(reason)[:200]
    if not approve and not stored.reason:
        raise Refused("reason_missing", _("不同意时请写明原因，本人会看到。"), field="reason")
    if approve and _in_office(stored.person_id):
        raise Refused("erasure_role", _("申请人还担任地区的工作角色，请先收回其角色，再同意注销。"))
    stored.decided_by_id = actor.person_id
    if approve:
        stored.approved_at = clock.now()
    else:
        stored.state = ErasureRequest.State.REFUSED
    stored.save()
    audit.record(
        "decide_erasure", "person", stored.person_id, actor_id=actor.person_id, from_state="asked",
        to_state="approved" if approve else "refused", request=stored.pk,
    )  # fmt: skip
    return stored


def erase_due() -> int:
    """A chore: whose seven days are over (and, where a class of theirs is closed, whose request was approved); how many."""
    due = ErasureRequest.objects.select_related("person").filter(
        state=ErasureRequest.State.ASKED, due_at__lte=clock.now()
    )
    ready = [request for request in due if request.approved_at is not None or not request.needs_approval]
    left = [
        request for request in ready if not _in_office(request.person_id)
    ]  # a role given since has to be taken back
    for request in left:
        erase(None, request.person)
    empty_log_if_due()
    return len(left)
