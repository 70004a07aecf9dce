"""Notices by e-mail, through the mail server of the settings."""

import smtplib

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from yanxiu.kit.mail.letters import Letter, as_mail
from yanxiu.training.notices.ports import Message, NotDelivered

__all__ = ["MailChannel"]


def _letter(message: Message) -> Letter:
    words = {"kind": message.kind}
    where = f" · {message.where}" if message.where else ""
    why = [_("您在本系统登记并确认了这个邮箱，所以收到这封“%(kind)s”邮件；请不要直接回复。") % words]
    if message.is_quiet:
        why.append(_("每天 21:30 至次日 7:30 不发送；同一件事只通知一次。"))
    return Letter(
        to=message.email, greeting=_("%(name)s，您好！") % {"name": message.name}, title=message.title,
        text=message.text, link=message.link, button=_("打开查看"), eyebrow=message.kind + where, why=tuple(why),
        choices=f"{settings.OWN_ORIGIN}/me/notices#channels", choices_words=_("不想再收邮件？在“消息”页最下面关闭"),
    )  # fmt: skip


def _nameless(problem: Exception, message: Message) -> str:
    """What the server said, for the log: it repeats the address it was given, which belongs in no log."""
    return str(problem).replace(message.email, "***")


class MailChannel:
    """To confirmed addresses only: whoever has none is not reached."""

    name = "email"

    def reaches(self, message: Message) -> bool:
        return bool(message.email)

    def send(self, message: Message) -> None:
        """One message a connection. What failed before the body went out is tried again; later, nobody knows."""
        with translation.override(message.language):
            mail = as_mail(_letter(message), id_=message.id)
        try:
            mail.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as refused:
            raise NotDelivered(f"邮件服务器拒收：{_nameless(refused, message)}", again=False) from refused
        except (ConnectionRefusedError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError) as failed:
            raise NotDelivered(f"连不上邮件服务器：{failed}", again=True) from failed
        except (smtplib.SMTPException, OSError) as failed:
            raise NotDelivered(f"发送途中出错：{_nameless(failed, message)}", again=None) from failed
        except ValueError as odd:  # an address or header that no letter can have
            raise NotDelivered(f"邮箱地址不能用：{type(odd).__name__}", again=False) from odd
