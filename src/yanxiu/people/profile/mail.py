"""Links by e-mail: one confirms an address, one opens the account of somebody who forgot their password."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.mail.letters import Letter, as_mail
from yanxiu.people import lockout
from yanxiu.people.models import Account, MailLink, Person
from yanxiu.people.profile.credentials import own_account
from yanxiu.people.profile.language import languages_of
from yanxiu.people.queries import Viewer

__all__ = ["forget_email", "mail_link_purpose", "mails", "new_link", "send_link", "take_mail_link"]

HOURS = {MailLink.Purpose.CONFIRM: 24, MailLink.Purpose.ENTER: 1}


def mails() -> bool:
    """Does this installation send mail at all?"""
    return bool(settings.EMAIL_HOST)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def new_link(person: Person, purpose: str, email: str) -> MailLink:
    """An unsent one (nobody knows a token for it yet); earlier links of the purpose die."""
    now = clock.real_now()
    MailLink.objects.filter(person=person, purpose=purpose, used_at=None).update(expires_at=now)
    return MailLink.objects.create(
        person=person, purpose=purpose, email=email, token_hash=_hash(secrets.token_urlsafe(32)),
        expires_at=now + timedelta(hours=HOURS[MailLink.Purpose(purpose)]),
    )  # fmt: skip


def send_link(link: MailLink) -> None:
    """Runs in the background. The token is made here and stored nowhere."""
    token = secrets.token_urlsafe(32)
    MailLink.objects.filter(pk=link.pk).update(token_hash=_hash(token))
    language = languages_of([link.person_id]).get(link.person_id, settings.LANGUAGE_CODE)
    with translation.override(language):
        mail = as_mail(_letter(link, f"{settings.OWN_ORIGIN}/mail/{token}"))
    mail.send()


def _letter(link: MailLink, address: str) -> Letter:
    """Without a name as long as nobody knows whose mailbox that is: one letter typed wrong, and it is a stranger's."""
    confirms, hours = link.purpose == MailLink.Purpose.CONFIRM, HOURS[MailLink.Purpose(link.purpose)]
    what = _("打开链接，确认这是您的邮箱。") if confirms else _("打开链接登录，然后设置新密码。")
    ends = _("%(hours)d 小时内有效，只能用一次。不是您本人申请的，请不要打开，也不要转发。") % {"hours": hours}
    return Letter(
        to=link.email, greeting="" if confirms else _("%(name)s，您好！") % {"name": link.person.name},
        title=_("研修：确认邮箱") if confirms else _("研修：登录链接"), text=f"{what}\n{ends}", link=address,
        button=_("确认邮箱") if confirms else _("登录"),
    )  # fmt: skip


def _open(token: str) -> MailLink | None:
    links = MailLink.objects.select_related("person").filter(token_hash=_hash(token), used_at=None)
    return links.filter(expires_at__gt=clock.real_now()).first()


def mail_link_purpose(token: str) -> str:
    """What an open link is for: "confirm" or "enter"; empty for a dead one. Reading uses nothing up."""
    link = _open(token)
    return link.purpose if link else ""


def take_mail_link(token: str, address: str) -> Account | None:
    """Uses the link up. The account it opens, None where it only confirmed an address; Refused for a dead one."""
    lockout.check_address(address, familiar=False)
    with transaction.atomic():
        link = _open(token)
        used = link is not None and MailLink.objects.filter(pk=link.pk, used_at=None).update(used_at=clock.real_now())
        account = Account.objects.select_related("person").filter(person=link.person).first() if link and used else None
        if link is not None and account is not None and account.is_active:
            return _taken(link, account, address)
    lockout.note_failure(lockout.account_key(f"mail:{_hash(token)}"), address)
    raise Refused("mail_link", _("这个链接不能用了：可能已经用过、过期，或被新的链接代替。"))


def _taken(link: MailLink, account: Account, address: str) -> Account | None:
    if link.purpose == MailLink.Purpose.CONFIRM:
        Person.objects.filter(pk=link.person_id).update(email=link.email)
        audit.record("confirm_email", "account", account.pk, actor_id=link.person_id, to_state="confirmed")
        return None
    if link.email != link.person.email:
        raise Refused("mail_link", _("这个链接不能用了：可能已经用过、过期，或被新的链接代替。"))
    lockout.note_success(account, address, "mail")
    return account


@transaction.atomic
def forget_email(actor: Viewer) -> None:
    """No mail any more; open links die."""
    account = own_account(actor)
    Person.objects.filter(pk=account.person_id).update(email="")
    MailLink.objects.filter(person_id=account.person_id, used_at=None).update(expires_at=clock.real_now())
    audit.record(
        "forget_email", "account", account.pk, actor_id=actor.person_id, from_state="confirmed", to_state="none"
    )
