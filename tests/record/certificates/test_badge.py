"""The badge as somebody else reads it: PyJWT with the key from the address it names, and the members the standard asks for.

Required members and their forms: 1EdTech Open Badges Specification 3.0, appendix "Data Models" (AchievementCredential,
AchievementSubject, Achievement, Criteria, IdentityObject, Profile, Result, Evidence, CredentialStatus); header and claims: "JSON Web Token Proof Format".
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from django.test import Client
from factories.passing import freeze, passed_class
from factories.worlds import At

from yanxiu.config.wiring import plug_engines
from yanxiu.people.queries import SYSTEM
from yanxiu.record.certificates import badge
from yanxiu.record.certificates.actions import order_certificates, reissue_certificate, revoke_certificate
from yanxiu.record.certificates.badge import badge_jwt
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.certificates.pinning import name_hash

pytestmark = pytest.mark.django_db

DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
URI = r"(https?://|urn:uuid:)\S+"
IDENTITY_TYPES = {
    "name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "nationalIdentityNumber", "isbn",
    "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId", "ltiDeploymentId", "ltiToolId",
    "ltiPlatformId", "ltiUserId", "identifier",
}  # fmt: skip


def text(pattern: str = r"(?s).+") -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def kinds(*wanted: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and set(wanted) <= set(value)


def starts(*wanted: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and value[: len(wanted)] == list(wanted)


PROFILE = {"id": text(URI), "type": kinds("Profile")}
# (where, what must be there and in which form)
REQUIRED: list[tuple[str, dict[str, Callable[[Any], bool]]]] = [
    ("", {
        "@context": starts(
            "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ),
        "id": text(URI), "type": kinds("VerifiableCredential", "AchievementCredential"), "name": text(), "validFrom": text(DATE),
    }),
    ("issuer", PROFILE),
    ("credentialSubject", {"id": text(URI), "type": kinds("AchievementSubject")}),
    ("credentialSubject.identifier.0", {
        "type": text("IdentityObject"), "hashed": lambda value: value is True, "identityType": IDENTITY_TYPES.__contains__,
        "identityHash": text(r"sha256\$[0-9a-f]{64}"), "salt": text(),
    }),
    ("credentialSubject.achievement", {
        "id": text(URI), "type": kinds("Achievement"), "name": text(), "description": text(), "achievementType": text("Certificate"),
        "inLanguage": text("[a-z]{2}(-[A-Z]{2})?"),
    }),
    ("credentialSubject.achievement.criteria", {"narrative": text()}),
    ("credentialSubject.achievement.creator", PROFILE),
    ("credentialSubject.result.0", {"type": kinds("Result"), "value": text()}),
    ("credentialStatus", {"id": text(URI), "type": text("1EdTechRevocationList")}),
    ("evidence.0", {"id": text(URI), "type": kinds("Evidence")}),
]  # fmt: skip


@pytest.fixture
def certificate(at: At) -> Certificate:
    plug_engines()
    world = passed_class(at, 1)
    freeze(world, at)
    order_certificates(world.manager, world.cls)
    return Certificate.objects.select_related("training_class").get()


def _at(value: Any, where: str) -> Any:
    for part in filter(None, where.split(".")):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def test_a_stranger_s_library_reads_it_with_the_key_from_the_address_it_names(certificate: Certificate) -> None:
    token = badge_jwt(certificate)
    header = jwt.get_unverified_header(token)
    assert set(header) == {"alg", "kid", "jwk", "typ"}  # no others are allowed
    assert (header["alg"], header["typ"]) == ("EdDSA", "JWT")
    fetched = Client().get(urlsplit(header["kid"]).path)
    published = fetched.json()
    assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "application/jwk+json")
    assert published == header["jwk"]
    assert "d" not in published
    assert Client().get("/certificates/keys/0123456789abcdef").status_code == 404
    profile = Client().get("/certificates/issuer.json").json()
    claims = jwt.decode(
        token, jwt.PyJWK(published | {"alg": "EdDSA"}).key, algorithms=["EdDSA"], issuer=profile["id"],
        options={"require": ["iss", "jti", "sub", "nbf"]},
    )  # fmt: skip
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert datetime.fromtimestamp(claims["nbf"], UTC) == datetime.fromisoformat(claims["validFrom"])
    assert profile["assertionMethod"] == [header["kid"]]
    head, body, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(
            f"{head}.{body[:-4]}AAAA.{signature}", jwt.PyJWK(published | {"alg": "EdDSA"}).key, algorithms=["EdDSA"]
        )


def test_every_member_the_standard_requires_is_there_in_its_form(certificate: Certificate) -> None:
    credential = jwt.decode(badge_jwt(certificate), options={"verify_signature": False})
    wrong = [
        f"{where}.{name}"
        for where, members in REQUIRED
        for name, is_fine in members.items()
        if not is_fine(_at(credential, where).get(name))
    ]
    assert wrong == []
    assert "vc" not in credential  # the payload is the credential itself


def test_of_the_holder_it_says_a_hash_of_the_name_and_a_number_of_this_certificate_only(
    certificate: Certificate,
) -> None:
    subject = jwt.decode(badge_jwt(certificate), options={"verify_signature": False})["credentialSubject"]
    identity = subject["identifier"][0]
    assert identity["identityHash"] == f"sha256${name_hash('学员1', identity['salt'])}"
    person = certificate.enrolment.person
    shown = badge_jwt(certificate)
    assert str(person.uuid) not in shown
    assert subject["id"] not in {f"urn:uuid:{person.uuid}", f"urn:uuid:{certificate.uuid}"}


def _says_revoked(token: str) -> bool:
    """As 1EdTech's validator asks: its id in the list the badge names, "revoked" true or left out."""
    badge = jwt.decode(token, options={"verify_signature": False})
    answer = Client().get(urlsplit(badge["credentialStatus"]["id"]).path)
    listed = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert (listed["id"], listed["issuer"]) == (badge["credentialStatus"]["id"], badge["issuer"]["id"])
    assert listed["revokedCredential"] == listed["revokedCredentials"]
    return any(each["id"] == badge["id"] and each.get("revoked", True) for each in listed["revokedCredential"])


def _check_page(certificate: Certificate) -> str:
    return Client().post("/certificates", {"number": certificate.number, "name": certificate.name}).content.decode()


def test_a_revoked_badge_is_in_the_list_at_once_and_the_check_page_says_the_same(certificate: Certificate) -> None:
    manager, token = SYSTEM, badge_jwt(certificate)
    first = Client().get("/certificates/revoked.json")
    assert (_says_revoked(token), "已撤销" in _check_page(certificate)) == (False, False)
    revoke_certificate(manager, certificate, reason="学员1 的成绩有误")
    assert (_says_revoked(token), "已撤销" in _check_page(certificate)) == (True, True)
    kept = {"If-None-Match": first.headers["ETag"]}
    now = Client().get("/certificates/revoked.json", headers=kept)
    assert (now.status_code, now.headers["Cache-Control"]) == (200, "public, no-cache")
    assert Client().get("/certificates/revoked.json", headers={"If-None-Match": now.headers["ETag"]}).status_code == 304
    body = now.content.decode()
    for kept_back in ("学员1", "成绩", certificate.number, str(certificate.enrolment.person.uuid)):
        assert kept_back not in body
    again = reissue_certificate(manager, certificate)
    assert (_says_revoked(badge_jwt(again)), _says_revoked(token)) == (False, True)


def test_a_badge_from_before_there_was_a_list_still_stands(certificate: Certificate, monkeypatch: Any) -> None:
    """It named no list; its id is in the list all the same."""
    old = {name: value for name, value in badge.achievement(certificate).items() if name != "credentialStatus"}
    monkeypatch.setattr(badge, "achievement", lambda _certificate: old)
    token = badge_jwt(certificate)
    key = jwt.PyJWK(Client().get(urlsplit(jwt.get_unverified_header(token)["kid"]).path).json() | {"alg": "EdDSA"}).key
    assert "credentialStatus" not in jwt.decode(token, key, algorithms=["EdDSA"])
    revoke_certificate(SYSTEM, certificate, reason="有误")
    listed = Client().get("/certificates/revoked.json").json()["revokedCredential"]
    assert listed == [{"id": old["id"], "revoked": True}]
