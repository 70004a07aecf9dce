"""Signing with the key of this installation. The seed comes through a port: config keeps it, config.wiring plugs it."""

import base64
import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

__all__ = ["ALGORITHM", "is_signed", "key_id", "plug", "public_key", "public_key_pem", "sign", "sign_bytes"]

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
    return hashlib.sha256(public_key()).hexdigest()[:16]


def public_key() -> bytes:
    """The raw 32 bytes, for a JSON Web Key."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_key_pem() -> bytes:
    """What a verifier needs besides the PDF."""
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sign_bytes(message: bytes) -> bytes:
    """The bare signature, for a format with rules of its own (a JSON Web Signature begins with its header, never with one
    of our contexts, so none can be taken for another).
    """
    return _key().sign(message)


def sign(digest: str, context: bytes = CONTEXT) -> dict[str, str]:
    """The signature block over a hex digest. `context` keeps the kinds of signed things apart."""
    value = base64.b64encode(_key().sign(context + digest.encode())).decode()
    return {"algorithm": ALGORITHM, "key_id": key_id(), "value": value}


def is_signed(digest: str, block: object, context: bytes = CONTEXT) -> bool:
    """Does the block hold this installation's signature over the digest?"""
    if not isinstance(block, dict) or block.get("algorithm") != ALGORITHM or block.get("key_id") != key_id():
        return False
    try:
        _key().public_key().verify(base64.b64decode(str(block.get("value")), validate=True), context + digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
