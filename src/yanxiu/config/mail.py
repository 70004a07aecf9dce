"""The mail server an installation sends through, from one option."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["MailServer", "parse_email_url"]

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`host` is "" where no server is configured; `tls`: "starttls", "tls" or "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str


def parse_email_url(address: str) -> MailServer:
    """`smtp://user:password@host:port?tls=starttls`; ValueError, in Chinese, for anything else that is not empty."""
    parts = urlsplit(address)
    tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
    if address and (parts.scheme != "smtp" or not parts.hostname or tls not in _PORTS):
        raise ValueError("YANXIU_EMAIL_URL 应写成 smtp://用户:密码@主机:端口?tls=starttls（或 tls、none）。")
    return MailServer(
        parts.hostname or "",
        parts.port or _PORTS[tls],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls,
    )
