"""Every option of an installation, in one declared table; docs/operate lists the same names (a test compares them)."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

__all__ = ["OPTIONS", "BadOption", "Option", "data_dir", "number", "option", "secret"]


class BadOption(ValueError):
    """An option nobody can work with: the message says which and what it should be."""


@dataclass(frozen=True)
class Option:
    """`env` is the environment variable; `default` its text when unset; `meaning` one line for the operator."""

    env: str
    default: str
    meaning: str


OPTIONS = {
    "data_dir": Option("YANXIU_DATA_DIR", "var/yanxiu", "数据目录：数据库、学时台账、密钥、媒体、报告"),
    "origin": Option("YANXIU_ORIGIN", "http://127.0.0.1:8000", "浏览器访问的地址；https 时 Cookie 加 Secure"),
    "allow_plain_http": Option("YANXIU_ALLOW_PLAIN_HTTP", "", "设为 1 才允许在本机以外用明文 http"),
    "font_dirs": Option("YANXIU_FONT_DIRS", "", "公文字体目录（仿宋、楷体、小标宋），多个用冒号分开"),
    "language": Option("YANXIU_LANGUAGE", "zh-hans", "默认界面语言"),
    "staff_second_factor": Option(
        "YANXIU_STAFF_SECOND_FACTOR",
        "required",
        "班级和地区工作人员的第二重验证：required 必须，optional 自愿，off 不用",
    ),
    "fresh_minutes": Option(
        "YANXIU_FRESH_MINUTES",
        "10",
        "冻结报告、发证书、改角色等操作前，登录或验证超过多少分钟要再确认一次；0 为每次办理时当场确认",
    ),
    "email_url": Option(
        "YANXIU_EMAIL_URL", "", "发邮件用的服务器：smtp://用户:密码@主机:端口?tls=starttls（或 tls、none）"
    ),
    "email_from": Option("YANXIU_EMAIL_FROM", "", "邮件的发件人地址；缺省为服务器的用户名"),
    "webhook_url": Option("YANXIU_WEBHOOK_URL", "", "短信或企业微信网关的地址，通知以 JSON 送去"),
    "webhook_shape": Option("YANXIU_WEBHOOK_SHAPE", "plain", "网关收到的格式：plain，或企业微信机器人 wecom"),
    "webhook_key": Option("YANXIU_WEBHOOK_KEY", "", "给网关请求签名的密钥（HMAC-SHA256）"),
    "media_accel": Option("YANXIU_MEDIA_ACCEL", "", "由前置 nginx 发送媒体文件：其 internal 位置的前缀，如 /_media/"),
    "demo": Option("YANXIU_DEMO", "", "由 yanxiu demo 设置：只在本机开放一次性登录链接"),
}


def option(name: str) -> str:
    """The text of an option; KeyError for an undeclared one."""
    declared = OPTIONS[name]
    return os.environ.get(declared.env, declared.default)


def number(name: str, most: int) -> int:
    """A whole number from 0 to `most`; BadOption for anything else."""
    text = option(name).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= most):
        raise BadOption(f"{OPTIONS[name].env} 应是 0 到 {most} 的整数，现在是“{text}”。")
    return int(text)


def data_dir() -> Path:
    """The data directory, created if missing (mode 0700: it holds keys)."""
    path = Path(option("data_dir")).absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(name: str) -> bytes:
    """A 32-byte secret of this installation, made on first use and kept in `<data dir>/keys/<name>`."""
    folder = data_dir() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_bytes()
