"""Lockout on every sign-in pathway (docs/decisions/0008-lockout.md). Real time, never the clock of facts."""

import hashlib
import hmac
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.models import Account, FamiliarAddress, SignInFailure

__all__ = [
    "account_key",
    "check_account",
    "check_address",
    "forget",
    "forget_key",
    "is_familiar",
    "note_failure",
    "note_success",
    "recent_failures",
    "turn",
]

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 5  # wrong passwords for one account from one address
PER_ACCOUNT_ELSEWHERE = 10  # … from all addresses it has never signed in from
ADDRESS_ALLOWANCE = 120  # a whole school mistyping once behind one address
SLOW_STEP = timedelta(seconds=2)  # past the allowance: one unfamiliar attempt each
FAMILIAR_FOR = timedelta(days=90)

_turns = tuple(threading.Lock() for _number in range(64))


def account_key(login: str) -> str:
    """A keyed hash of the login typed, whether such an account exists or not; no phone is kept."""
    return hmac.new(settings.SECRET_KEY.encode(), b"lockout:" + login.encode(), hashlib.sha256).hexdigest()


@contextmanager
def turn(key: str) -> Iterator[None]:
    """Attempts on one account go one after another, so that fifty parallel guesses cannot all precede the first count."""
    with _turns[int(key[:8], 16) % len(_turns)]:
        yield


def _wait_text(until: datetime) -> str:
    minutes = max(1, math.ceil((until - clock.real_now()).total_seconds() / 60))
    return _("登录失败次数太多，请 %(minutes)d 分钟后再试，或联系班主任。") % {"minutes": minutes}


def is_familiar(login: str, address: str) -> bool:
    """Has the account of this login signed in from this address lately?"""
    since = clock.real_now() - FAMILIAR_FOR
    return FamiliarAddress.objects.filter(account__phone=login, address=address, last_at__gte=since).exists()


def check_account(key: str, address: str, *, familiar: bool) -> None:
    """Raises Refused("locked") where too many recent failures stand against this account."""
    recent = SignInFailure.objects.filter(account_key=key, at__gt=clock.real_now() - WINDOW).order_by("-at")
    here = list(recent.filter(address=address).values_list("at", flat=True)[:PER_ACCOUNT_AND_ADDRESS])
    if len(here) == PER_ACCOUNT_AND_ADDRESS:
        raise Refused("locked", _wait_text(here[-1] + WINDOW))
    if familiar:
        return
    anywhere = list(recent.values_list("at", flat=True)[:PER_ACCOUNT_ELSEWHERE])
    if len(anywhere) == PER_ACCOUNT_ELSEWHERE:
        raise Refused("locked", _wait_text(anywhere[-1] + WINDOW))


def check_address(address: str, *, familiar: bool) -> None:
    """Past its allowance an address gets one unfamiliar attempt each SLOW_STEP; familiar accounts go straight through."""
    if familiar:
        return
    now = clock.real_now()
    recent = SignInFailure.objects.filter(address=address, at__gt=now - WINDOW)
    if recent.count() >= ADDRESS_ALLOWANCE and recent.filter(at__gt=now - SLOW_STEP).exists():
        raise Refused("slow_down", _("这个网络上登录失败太多，请过几秒再试。"))


def note_failure(key: str, address: str) -> None:
    """One more failure, on whichever pathway; rows older than the window are dropped on the way."""
    now = clock.real_now()
    with transaction.atomic():
        SignInFailure.objects.filter(at__lt=now - WINDOW).delete()
        SignInFailure.objects.create(account_key=key, address=address[:45], at=now)


def note_success(account: Account, address: str, pathway: str) -> None:
    """The address is familiar from now on, and the account's failures from it are forgotten. The audit log gets a line."""
    with transaction.atomic():
        FamiliarAddress.objects.update_or_create(
            account=account, address=address[:45], defaults={"last_at": clock.real_now()}
        )
        SignInFailure.objects.filter(account_key=account_key(account.phone), address=address[:45]).delete()
        audit.record("sign_in", "account", account.pk, actor_id=account.person_id, pathway=pathway)


def forget_key(key: str, address: str) -> None:
    """The right code after wrong ones: what stood against this key from here is forgotten."""
    SignInFailure.objects.filter(account_key=key, address=address[:45]).delete()


def _keys(account: Account) -> list[str]:
    """Password, second factor and recovery code of one account are counted each for itself."""
    return [account_key(f"{prefix}{account.phone}") for prefix in ("", "factor:", "recovery:")]


def recent_failures(account: Account) -> int:
    """How many failures stand against the account now, on all its pathways."""
    since = clock.real_now() - WINDOW
    return SignInFailure.objects.filter(account_key__in=_keys(account), at__gt=since).count()


def forget(account: Account) -> int:
    """A security administrator lifts the lockout of an account; how many failures were struck out."""
    return SignInFailure.objects.filter(account_key__in=_keys(account)).delete()[0]
