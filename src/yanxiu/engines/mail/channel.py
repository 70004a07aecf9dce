"""Notices by e-mail over SMTP."""

import smtplib

from django.core.mail import EmailMessage, get_connection

from yanxiu.training.notices.ports import Message, NotDelivered

__all__ = ["MailChannel"]


class MailChannel:
    """`url` as in the option YANXIU_EMAIL_URL; `sender` the address after From."""

    name = "email"

    def __init__(self, host: str, port: int, *, user: str, password: str, tls: str, sender: str) -> None:
        self.settings = {
            "host": host, "port": port, "username": user, "password": password, "use_tls": tls == "starttls",
            "use_ssl": tls == "tls", "timeout": 20,
        }  # fmt: skip
        self.sender = sender

    def reaches(self, message: Message) -> bool:
        return bool(message.email)

    def send(self, message: Message) -> None:
        """One message a connection. What failed before the body went out is tried again; later, nobody knows."""
        text = f"{message.name}：\n\n{message.title}\n{message.text}\n\n{message.link}\n"
        letter = EmailMessage(
            message.title, text, self.sender, [message.email],
            headers={"Message-ID": f"<{message.id}@{self.sender.rpartition('@')[2]}>"},
        )  # fmt: skip
        try:
            with get_connection("django.core.mail.backends.smtp.EmailBackend", **self.settings) as connection:
                connection.send_messages([letter])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as refused:
            raise NotDelivered(f"邮件服务器拒收：{refused}", again=False) from refused
        except (ConnectionRefusedError, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError) as failed:
            raise NotDelivered(f"连不上邮件服务器：{failed}", again=True) from failed
        except (smtplib.SMTPException, OSError) as failed:
            raise NotDelivered(f"发送途中出错：{failed}", again=None) from failed
