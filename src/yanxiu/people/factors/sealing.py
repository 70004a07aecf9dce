"""Secrets of authenticator apps and hashes of recovery codes, under the key of this installation."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

__all__ = ["code_hash", "opened", "sealed"]

_NONCE = 12


def sealed(account_id: int, secret: str) -> bytes:
    """AES-256-GCM; bound to the account, so that a row copied to another account does not open."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(settings.FACTORS_KEY).encrypt(nonce, secret.encode(), f"totp:{account_id}".encode())


def opened(account_id: int, box: bytes) -> str:
    """The secret again; raises cryptography's InvalidTag where the row was tampered with."""
    plain = AESGCM(settings.FACTORS_KEY).decrypt(
        bytes(box[:_NONCE]), bytes(box[_NONCE:]), f"totp:{account_id}".encode()
    )
    return plain.decode()


def code_hash(account_id: int, code: str) -> str:
    """A code has fifty random bits: one keyed hash is enough."""
    return hmac.new(settings.FACTORS_KEY, f"recovery:{account_id}:{code}".encode(), hashlib.sha256).hexdigest()
