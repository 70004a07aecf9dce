"""Open Badges 3.0: the certificate as an AchievementCredential, secured as a VC-JWT (docs/decisions/0026)."""

import base64
import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from yanxiu.core.time import clock
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.certificates.pdf import check_url
from yanxiu.record.reports import signing

__all__ = [
    "ISSUER_PATH", "KEY_PATH", "REVOKED_PATH", "achievement", "badge_jwt", "issuer_profile", "public_jwk", "revocation_list",
]  # fmt: skip

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
ISSUER_PATH = "/certificates/issuer.json"
KEY_PATH = "/certificates/keys/"  # and the key's id
REVOKED_PATH = "/certificates/revoked.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"  # knows the type of the status below
MINUTE = 60_000


def _encoded(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def public_jwk() -> dict[str, str]:
    """The installation's public key as RFC 8037 writes it."""
    return {"kty": "OKP", "crv": "Ed25519", "x": _encoded(signing.public_key())}


def _issuer_id() -> str:
    return f"{settings.OWN_ORIGIN}{ISSUER_PATH}"


def _kid() -> str:
    """An address that answers with the key itself, as a verifier of Open Badges expects of a `kid`."""
    return f"{settings.OWN_ORIGIN}{KEY_PATH}{signing.key_id()}"


def issuer_profile() -> dict[str, Any]:
    """Published at ISSUER_PATH: whoever holds a badge takes the key from here, or from a copy kept before."""
    kid = _kid()
    method = {"id": kid, "type": "JsonWebKey", "controller": _issuer_id(), "publicKeyJwk": public_jwk()}
    return {
        "@context": CONTEXT, "id": _issuer_id(), "type": ["Profile"], "name": "研修 Yanxiu", "url": settings.OWN_ORIGIN,
        "verificationMethod": [method], "assertionMethod": [kid],
    }  # fmt: skip


def _badge_id(certificate: uuid.UUID) -> str:
    return f"urn:uuid:{certificate}"


def _list_id() -> str:
    return f"{settings.OWN_ORIGIN}{REVOKED_PATH}"


def revocation_list(revoked: Iterable[uuid.UUID]) -> dict[str, Any]:
    """Published at REVOKED_PATH: the badges of ours that are revoked, by their ids; no reason (it may name somebody), no name.

    Under both names that verifiers look for: 1EdTech's validator read "revokedCredentials" first and reads "revokedCredential" now.
    """
    entries = [{"id": _badge_id(each), "revoked": True} for each in revoked]
    return {"id": _list_id(), "issuer": _issuer_id(), "revokedCredential": entries, "revokedCredentials": entries}


def _utc(certificate: Certificate) -> str:
    return f"{clock.from_ms(clock.to_ms(certificate.issued_at)):%Y-%m-%dT%H:%M:%SZ}"


def achievement(certificate: Certificate) -> dict[str, Any]:
    """The credential before it is signed. Of the person: a salted hash of the name, nothing else."""
    facts, number = certificate.facts, certificate.number
    identity = {
        "type": "IdentityObject", "hashed": True, "identityType": "name", "salt": certificate.salt,
        "identityHash": f"sha256${facts['name_hash']}",
    }  # fmt: skip
    earned = {
        "id": f"{settings.OWN_ORIGIN}/certificates#{facts['class_key']}", "type": ["Achievement"],
        "achievementType": "Certificate", "name": facts["class_name"], "inLanguage": "zh-CN",
        "description": f"{facts['starts_on']}—{facts['ends_on']} {facts['class_name']}，经考核合格，准予结业。",
        "criteria": {"narrative": f"考核方案 {facts['scheme']}"},
        "creator": {"id": f"{_issuer_id()}#organiser", "type": ["Profile"], "name": facts["organiser"]},
    }  # fmt: skip
    result = [] if facts["score"] is None else [{"type": ["Result"], "value": facts["score"]}]
    # somebody has to be named as `sub`: by a number that stands for the holder of this one certificate and for nobody elsewhere
    holder = f"urn:uuid:{uuid.uuid5(certificate.uuid, 'holder')}"
    subject = {"id": holder, "type": ["AchievementSubject"], "identifier": [identity], "achievement": earned}
    return {
        "@context": [*CONTEXT, EXTENSIONS], "id": _badge_id(certificate.uuid), "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": _issuer_id(), "type": ["Profile"], "name": "研修 Yanxiu"}, "validFrom": _utc(certificate),
        "name": f"结业证书 {number}", "credentialSubject": subject | ({"result": result} if result else {}),
        "credentialStatus": {"id": _list_id(), "type": "1EdTechRevocationList"},
        "evidence": [{"id": check_url(number), "type": ["Evidence"], "name": "查验页：输入编号和姓名"}],
    }  # fmt: skip


def badge_jwt(certificate: Certificate) -> str:
    """Compact JWS. The payload is the credential itself, with the registered claims that its members map to."""
    credential = achievement(certificate)
    claims = {
        "iss": _issuer_id(), "jti": credential["id"], "sub": credential["credentialSubject"]["id"],
        "nbf": clock.to_ms(certificate.issued_at) // 1000,
    }  # fmt: skip
    header = {"alg": "EdDSA", "typ": "JWT", "kid": _kid(), "jwk": public_jwk()}
    signed = f"{_encoded(_compact(header))}.{_encoded(_compact(credential | claims))}"
    return f"{signed}.{_encoded(signing.sign_bytes(signed.encode()))}"
