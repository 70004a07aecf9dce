"""What a certificate says, pinned: facts, digest, signature."""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from yanxiu.core.rules.assess import Facts, Verdict, points
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.reports import signing
from yanxiu.training.classes.models import TrainingClass

__all__ = ["CONTEXT", "digest_of", "name_hash", "new_salt", "pinned_facts", "same_name", "sign", "stands"]

CONTEXT = b"yanxiu-certificate@1\n"
MINUTE = 60_000


def new_salt() -> str:
    return secrets.token_hex(16)


def _plain(name: str) -> str:
    """Names are compared without spaces, in one Unicode form: 欧阳 修 is 欧阳修."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def name_hash(name: str, salt: str) -> str:
    return hashlib.sha256((_plain(name) + salt).encode()).hexdigest()


def same_name(certificate: Certificate, name: str) -> bool:
    """Does this name stand on the certificate? Nothing does on one whose holder was erased."""
    if not certificate.salt:
        return False
    return secrets.compare_digest(name_hash(name, certificate.salt), str(certificate.facts["name_hash"]))


def digest_of(facts: Mapping[str, Any]) -> str:
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def sign(digest: str) -> dict[str, str]:
    return signing.sign(digest, CONTEXT)


def stands(certificate: Certificate) -> bool:
    """Are the facts what was signed?"""
    return digest_of(certificate.facts) == certificate.digest and signing.is_signed(
        certificate.digest, certificate.signature, CONTEXT
    )


def _sum(facts: Facts, metric: str) -> int:
    return sum(fact.quantity for fact in facts.facts if fact.metric == metric)


def pinned_facts(class_: TrainingClass, facts: Facts, verdict: Verdict) -> dict[str, Any]:
    """Those of the class and of the learner's work; number, person and hash of the name are added at issue."""
    compulsory, elective = _sum(facts, "compulsory_ms"), _sum(facts, "elective_ms")
    return {
        "class_key": class_.key,
        "class_name": class_.name,
        "starts_on": class_.starts_on.isoformat(),
        "ends_on": class_.ends_on.isoformat(),
        "organiser": class_.program.organizer_org.name,
        "audit_position": class_.frozen_audit_position,
        "ledger_position": class_.frozen_ledger_position,
        "scheme": class_.scheme_id,
        "grade": verdict.grade,
        "score": None if verdict.score is None else points(verdict.score),
        "minutes": (compulsory + elective) // MINUTE,
        "compulsory_minutes": compulsory // MINUTE,
        "elective_minutes": elective // MINUTE,
        "exam": max((fact.quantity for fact in facts.facts if fact.metric == "exam"), default=None),
        "outcomes": sum(fact.metric == "outcome" for fact in facts.facts),
    }
