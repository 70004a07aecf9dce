"""Passwords: argon2id at a cost measured on this machine, and a policy that refuses what people here really choose."""

import json
import os
import re
import threading
import time
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import argon2
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused

__all__ = ["CalibratedArgon2Hasher", "PasswordPolicy", "calibrate", "hashing_slot"]

# (memory in KiB, passes), cheapest first: OWASP's equivalents of 19 MiB × 2 and steps above them.
_LADDER = ((7168, 5), (12288, 3), (19456, 2), (19456, 3), (32768, 3), (47104, 3), (65536, 3))
_TARGET_SECONDS = 0.080  # well inside 20–150 ms, so that a busy hour stays inside too
_LONGEST_WAIT = 20.0
_slots = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) // 2))


@contextmanager
def hashing_slot() -> Iterator[None]:
    """At most half the cores hash at once; who waits longer than 20 s is told to come back rather than starve the rest."""
    if not _slots.acquire(timeout=_LONGEST_WAIT):
        raise Refused("busy", _("现在登录的人太多，请过一分钟再试。"))
    try:
        yield
    finally:
        _slots.release()


def _seconds(memory_kib: int, passes: int) -> float:
    """Of this thread's own computing: a machine that was busy when asked must not keep a weak cost for good."""
    started = time.thread_time()
    argon2.low_level.hash_secret_raw(
        b"calibration", b"0123456789abcdef", time_cost=passes, memory_cost=memory_kib, parallelism=1, hash_len=32,
        type=argon2.low_level.Type.ID,
    )  # fmt: skip
    return time.thread_time() - started


def calibrate() -> dict[str, float]:
    """The dearest step of the ladder that stays under the target on this machine (best of three: neighbours also slow the memory)."""
    chosen: dict[str, float] = {}
    for memory_kib, passes in _LADDER:
        took = min(_seconds(memory_kib, passes) for _round in range(3))
        if chosen and took > _TARGET_SECONDS:
            break
        chosen = {"memory_kib": memory_kib, "passes": passes, "measured_ms": round(took * 1000, 1)}
    return chosen


@lru_cache(maxsize=1)
def _cost() -> tuple[int, int]:
    """(memory, passes): measured once an installation and kept beside its database. Tests use a real but cheap cost."""
    if os.environ.get("YANXIU_TESTING") == "1":
        return 64, 1
    path = Path(settings.DATA_DIR) / "argon2.json"
    if not path.exists():
        text = json.dumps(calibrate())
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(text, encoding="ascii")
        temporary.replace(path)
    kept = json.loads(path.read_text(encoding="ascii"))
    return int(kept["memory_kib"]), int(kept["passes"])


class CalibratedArgon2Hasher(Argon2PasswordHasher):
    """argon2id, one lane, cost from `_cost`, never more hashes at once than `hashing_slot` allows."""

    def params(self) -> Any:
        params = super().params()
        params.memory_cost, params.time_cost = _cost()
        params.parallelism = 1
        return params

    def encode(self, password: str, salt: str) -> str:
        with hashing_slot():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with hashing_slot():
            return bool(super().verify(password, encoded))


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    """All words of the dictionary in one pattern, longest first."""
    file = Path(__file__).with_name("passwords.toml")
    lists: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    words = sorted({word for group in lists.values() for word in group}, key=lambda word: (-len(word), word))
    return re.compile("|".join(re.escape(word) for word in words))


_LEET = str.maketrans("@01357$!", "aoiestsi")
_YEAR = re.compile(r"(19|20)\d\d((0?[1-9]|1[0-2])(0?[1-9]|[12]\d|3[01])?)?")
_RUNS = (
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
)


def _without_runs(text: str) -> str:
    """Strike out 1234, abcd, qwer, aaaa: any run of three or more."""
    kept = re.sub(r"(.)\1{2,}", "", text)
    for run in _RUNS:
        for size in range(len(run), 2, -1):
            for start in range(len(run) - size + 1):
                kept = kept.replace(run[start : start + size], "")
    return kept


def residue(password: str, own: tuple[str, ...] = ()) -> str:
    """What is left of a password once words, years, runs and the person's own names are struck out."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    for word in own:
        folded = folded.replace(word.casefold(), "")
    best = folded
    for reading in (folded, folded.translate(_LEET)):
        left = _words().sub("", _without_runs(_YEAR.sub("", reading)))
        left = re.sub(r"[\W_]+", "", left)
        best = left if len(left) < len(best) else best
    return best


class PasswordPolicy:
    """At least eight characters, four of which no list could have guessed. No rule about kinds of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """`user` is the Account whose password it will be (Django's hook)."""
        if len(password) < 8:
            raise ValidationError(_("密码至少要 8 个字符。"), code="password_too_short")
        if len(password) > 128:
            raise ValidationError(_("密码最多 128 个字符。"), code="password_too_long")
        phone = getattr(user, "phone", "") or ""
        if phone and (phone in password or (len(phone) >= 8 and phone[-8:] in password)):
            raise ValidationError(_("密码里不要有自己的手机号，请换一个。"), code="password_has_phone")
        if len(set(password)) < 5 or len(residue(password, _own_words(user))) < 4:
            raise ValidationError(
                _(
                    "这个密码太容易猜到：除去常见的词、拼音、年份和单位名称，剩下的不到 4 个字符。可以用三四个不相干的词连起来。"
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("至少 8 个字符；不要用手机号、姓名、学校名、年份或 12345678 这类常见密码。")


def _own_words(user: Any) -> tuple[str, ...]:
    """Name, unit and the last digits of the phone of the person, to strike out."""
    person = getattr(user, "person", None)
    if person is None:
        return ()
    organisation = person.organisation.name if person.organisation_id else ""
    tails = (person.phone[-8:], person.phone[-6:], person.phone[-4:]) if person.phone else ()
    return tuple(word for word in (person.name, organisation, *tails) if word)
