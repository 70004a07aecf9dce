"""Notices by e-mail, through the mail server of the settings."""

import smtplib

from django.core.mail import EmailMessage

from yanxiu.training.notices.ports import Message, NotDelivered

__all__ = ["MailChannel"]


class MailChannel:
    """To confirmed addresses only: whoever has none is not reached."""

    name = "email"

    def reaches(self, message: Message) -> bool:
        return bool(message.email)

    def send(self, message: Message) -> None:
        """One message a connection. What failed before the body went out is tried again; later, nobody knows."""
        text = f"{message.name}：\n\n{message.title}\n{message.text}\n\n{message.link}\n"
        letter = EmailMessage(message.title, text, to=[message.email])
        letter.extra_headers["Message-ID"] = f"<{message.id}@{letter.from_email.rpartition('@')[2]}>"
        try:
            letter.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as refused:
            raise NotDelivered(f"邮件服务器拒收：{refused}", again=False) from refused
        except (ConnectionRefusedError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError) as failed:
            raise NotDelivered(f"连不上邮件服务器：{failed}", again=True) from failed
        except (smtplib.SMTPException, OSError) as failed:
            raise NotDelivered(f"发送途中出错：{failed}", again=None) from failed
