"""Signing with the key of this installation. The seed comes through a port: config keeps it, config.wiring plugs it."""

import base64
import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

__all__ = ["ALGORITHM", "is_signed", "key_id", "plug", "public_key_pem", "sign"]

# Named in every signature block, so that another algorithm (SM2) can stand beside it. A signature proves that nothing was
# changed since; it does not prove that what was recorded is true, and claims no legal effect.
ALGORITHM = "Ed25519"
CONTEXT = b"yanxiu-report@1\n"
_seed: list[Callable[[], bytes]] = []


def plug(seed: Callable[[], bytes]) -> None:
    """config.wiring names where the 32-byte seed comes from; a second plug replaces the first."""
    _seed[:] = [seed]


def _key() -> Ed25519PrivateKey:
    if not _seed:
        raise RuntimeError("no signing key plugged: config.wiring.plug_engines() comes first")
    return Ed25519PrivateKey.from_private_bytes(_seed[0]())


def key_id() -> str:
    """First sixteen hex digits of the SHA-256 of the raw public key."""
    raw = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_key_pem() -> bytes:
    """What a verifier needs besides the PDF."""
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sign(digest: str) -> dict[str, str]:
    """The signature block over a hex digest."""
    value = base64.b64encode(_key().sign(CONTEXT + digest.encode())).decode()
    return {"algorithm": ALGORITHM, "key_id": key_id(), "value": value}


def is_signed(digest: str, block: object) -> bool:
    """Does the block hold this installation's signature over the digest?"""
    if not isinstance(block, dict) or block.get("algorithm") != ALGORITHM or block.get("key_id") != key_id():
        return False
    try:
        _key().public_key().verify(base64.b64decode(str(block.get("value")), validate=True), CONTEXT + digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
