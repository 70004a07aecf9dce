"""Passkeys against a software authenticator of our own (a real browser's is in tests/e2e/test_account.py)."""

import hashlib
import json
import os
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import actions
from yanxiu.people.factors import passkeys
from yanxiu.people.factors.queries import held
from yanxiu.people.models import Passkey, SignInFailure
from yanxiu.people.queries import SYSTEM, viewer_of_person

HOME = "198.51.100.7"
ORIGIN = "https://yanxiu.example"
UP, UV, AT = 1, 4, 64


class Device:
    """What a phone does: a key pair, a counter, and signatures over what the site asked."""

    def __init__(self, *, counter: int = 0) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.counter = counter
        self.user = b""

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, flags: int, held: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(hashlib.sha256(b"yanxiu.example").digest(), flags, self.counter, held)

    def create(self, options: dict[str, Any], *, origin: str = ORIGIN, flags: int = UP | UV | AT) -> dict[str, Any]:
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        held = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key()))
        attested = AttestationObject.create("none", self._data(flags, held), {})
        return self._told(
            clientDataJSON=self._client("webauthn.create", asked["challenge"], origin),
            attestationObject=bytes(attested),
        )

    def sign(self, options: dict[str, Any], *, origin: str = ORIGIN, flags: int = UP | UV) -> dict[str, Any]:
        if self.counter:
            self.counter += 1
        client = self._client("webauthn.get", options["publicKey"]["challenge"], origin)
        data = self._data(flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(
            clientDataJSON=client, authenticatorData=bytes(data), signature=signature, userHandle=self.user
        )

    def _told(self, **parts: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in parts.items()}, "clientExtensionResults": {},
        }  # fmt: skip


@pytest.fixture(autouse=True)
def _at_a_name(settings: Any) -> None:
    settings.ORIGIN = urlsplit(ORIGIN)


@pytest.fixture
def owner(place: Any) -> Any:
    return viewer_of_person(place.person)


def add(owner: Any, device: Device) -> Passkey:
    options, state = passkeys.begin_adding(owner)
    return passkeys.add_passkey(owner, state, device.create(options), "办公室电脑")


def enter(device: Device, **more: Any) -> Any:
    options, state = passkeys.begin_asking()
    return passkeys.enter_by_passkey(state, device.sign(options, **more), HOME)


def test_a_passkey_opens_its_account_without_naming_it(owner: Any) -> None:
    device = Device()
    add(owner, device)
    assert [row.label for row in held(owner.account_id).passkeys] == ["办公室电脑"]
    assert enter(device).person_id == owner.person_id
    options, _state = passkeys.begin_asking()
    assert not options["publicKey"].get("allowCredentials")


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://yanxiu.example.evil.test"}, {"origin": "http://yanxiu.example"}, {"flags": UP}, {"flags": 0}],
)
def test_another_site_or_an_unverified_user_is_refused_and_counted(owner: Any, wrong: dict[str, Any]) -> None:
    device = Device()
    add(owner, device)
    with pytest.raises(Refused, match="通行密钥没有通过验证"):
        enter(device, **wrong)
    assert SignInFailure.objects.count() == 1


def test_an_answer_to_another_challenge_is_refused(owner: Any) -> None:
    device = Device()
    add(owner, device)
    first, _state = passkeys.begin_asking()
    _second, state = passkeys.begin_asking()
    with pytest.raises(Refused):
        passkeys.enter_by_passkey(state, device.sign(first), HOME)


def test_a_counter_that_does_not_grow_shows_a_copied_key(owner: Any) -> None:
    device = Device(counter=7)
    add(owner, device)
    assert enter(device).person_id == owner.person_id
    device.counter -= 2
    with pytest.raises(Refused):
        enter(device)


def test_a_key_nobody_registered_and_a_closed_account_look_alike(owner: Any, place: Any) -> None:
    device = Device()
    add(owner, device)
    actions.close_account(SYSTEM, account=place.account)
    texts = set()
    for each in (device, Device()):
        with pytest.raises(Refused) as refused:
            enter(each)
        texts.add(refused.value.message)
    assert len(texts) == 1


@pytest.mark.parametrize("answer", [{}, {"id": 3}, {"rawId": "!", "response": []}, {"id": "x" * 9000, "response": {}}])
def test_what_no_browser_sends_is_refused(owner: Any, answer: dict[str, Any]) -> None:
    _options, state = passkeys.begin_asking()
    with pytest.raises(Refused):
        passkeys.enter_by_passkey(state, answer, HOME)
    _options, state = passkeys.begin_adding(owner)
    with pytest.raises(Refused):
        passkeys.add_passkey(owner, state, answer, "")


def test_as_a_second_factor_only_ones_own_counts(owner: Any, place: Any) -> None:
    own, others = Device(), Device()
    add(owner, own)
    stranger = place.holder("organiser")
    add(stranger, others)
    options, state = passkeys.begin_asking(owner)
    assert [each["id"] for each in options["publicKey"]["allowCredentials"]] == [websafe_encode(own.id)]
    with pytest.raises(Refused):
        passkeys.enter_by_passkey(state, others.sign(options), HOME, owner)
    options, state = passkeys.begin_asking(owner)
    assert passkeys.enter_by_passkey(state, own.sign(options), HOME, owner).person_id == owner.person_id


def test_the_same_key_is_registered_once_and_the_last_way_in_is_kept(owner: Any, place: Any) -> None:
    device = Device()
    made = add(owner, device)
    with pytest.raises(Refused, match="已经登记过"):
        add(owner, device)
    with pytest.raises(NotVisible):
        passkeys.remove_passkey(place.holder("organiser"), made.pk, needed=False)
    with pytest.raises(Refused, match="唯一"):
        passkeys.remove_passkey(owner, made.pk, needed=True)
    passkeys.remove_passkey(owner, made.pk, needed=False)
    assert held(owner.account_id).passkeys == ()


@pytest.mark.parametrize(
    ("origin", "works"),
    [("http://localhost:8000", True), ("https://yanxiu.example", True), ("http://127.0.0.1:8000", False),
     ("https://[::1]:8000", False), ("https://10.0.0.5", False), ("http://yanxiu.example", False)],
)  # fmt: skip
def test_where_browsers_take_no_passkeys_the_reason_is_said(settings: Any, origin: str, works: bool) -> None:
    settings.ORIGIN = urlsplit(origin)
    assert (passkeys.unavailable_because() == "") is works
