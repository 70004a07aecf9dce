"""Who is told of what was done to an account, a role or a profile: the person it is about, whatever their part in a class."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account, Correction, Region, RegionRole
from yanxiu.people.queries import mask_phone
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Said, Words, label, say

__all__ = ["tell_correction", "tell_factors", "tell_password", "tell_phone", "tell_role"]


def _secure(account_id: int, key: str, title: Said, body: Said) -> int:
    persons = Account.objects.filter(pk=account_id).values_list("person_id", flat=True)
    return notify(persons, "security", key, Words(title, body))


def tell_password(entry: AuditEntry) -> int:
    """Changed by its owner, or by whoever has their way in; the first one is no news."""
    if entry.from_state == "none":
        return 0
    return _secure(
        entry.object_id, f"password-{entry.pk}", say(_("密码已经修改")),
        say(_("其他设备已全部退出。不是您本人修改的，请马上联系班主任。")),
    )  # fmt: skip


def tell_phone(entry: AuditEntry) -> int:
    """With the new number masked: it is not theirs where somebody else has changed it."""
    account = Account.objects.filter(pk=entry.object_id).first()
    if account is None:
        return 0
    body = _("现在用 %(phone)s 登录，原号码不能再登录，其他设备已全部退出。不是您本人修改的，请马上联系班主任。")
    return _secure(
        account.pk, f"phone-{entry.pk}", say(_("登录手机号已经更换")), say(body, phone=mask_phone(account.phone))
    )


def tell_factors(entry: AuditEntry) -> int:
    """Taken away by a security administrator."""
    body = _("安全管理员重置了您的第二重验证，下次登录请重新设置。不是您申请的，请马上联系他们。")
    return _secure(entry.object_id, f"factors-{entry.pk}", say(_("第二重验证已被重置")), say(body))


def tell_role(entry: AuditEntry) -> int:
    """Given or taken by somebody; what the installation itself was founded with is no news."""
    region = Region.objects.filter(pk=entry.details.get("region", 0)).first()
    if entry.actor_id is None or region is None:
        return 0
    given = entry.action == "grant_region_role"
    title = _("您有了新的角色") if given else _("您的一个角色已收回")
    role = label(RegionRole.Role(entry.to_state if given else entry.from_state).label)
    body = _("%(role)s（%(region)s）。不是您知道的事，请马上联系安全管理员。")
    words = Words(say(title), say(body, role=role, region=region.name))
    return notify([entry.details["person_id"]], "security", f"role-{entry.pk}", words)


def tell_correction(entry: AuditEntry) -> int:
    """What became of a wished correction. Leads to 「我的」, which staff have as well as learners."""
    decided = Correction.objects.filter(pk=entry.object_id).first()
    if decided is None:
        return 0
    approved = entry.to_state == Correction.State.APPROVED
    title = _("您申请更正的%(field)s已经生效") if approved else _("您申请更正的%(field)s没有同意")
    words = Words(say(title, field=label(Correction.Field(decided.field).label)), decided.reason)
    return notify([decided.person_id], "decision", f"correction-{decided.pk}", words)
