"""Certificates: to everybody who passed a frozen class, once; what is pinned stands; revoked with a reason; checked offline."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.passing import freeze, passed_class
from factories.worlds import At, World
from pypdf import PdfReader

from yanxiu.config.wiring import plug_engines
from yanxiu.faces.frame.learning.told import told
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.record.certificates import actions, issuing
from yanxiu.record.certificates.actions import order_certificates, reissue_certificate, revoke_certificate
from yanxiu.record.certificates.badge import badge_jwt, issuer_profile
from yanxiu.record.certificates.issuing import carry_out
from yanxiu.record.certificates.models import Certificate, IssueRun
from yanxiu.record.certificates.pdf import certificate_pdf, hours_pdf
from yanxiu.record.certificates.pinning import stands
from yanxiu.record.certificates.queries import broken_certificates, certificates_of, checked, own_certificate
from yanxiu.training.notices.inbox.queries import own_notices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key() -> None:
    plug_engines()


def issued(at: At, passing: int = 2) -> World:
    world = passed_class(at, passing)
    freeze(world, at)
    order_certificates(world.manager, world.cls)
    return world


def only(world: World) -> Certificate:
    return Certificate.objects.select_related("training_class").get(enrolment=world.learners[0].enrolment)


def test_everybody_who_passed_gets_one_and_nobody_a_second(at: At) -> None:
    world = issued(at)
    assert list(Certificate.objects.order_by("pk").values_list("number", "name")) == [
        ("SMALL-2017-00001", "学员1"), ("SMALL-2017-00002", "学员2"),
    ]  # fmt: skip
    again = order_certificates(world.manager, world.cls)
    assert (again.issued, Certificate.objects.count()) == (0, 2)
    assert AuditEntry.objects.filter(action="issue_certificate").count() == 2


def test_whoever_gets_or_loses_a_certificate_is_told_once(at: At) -> None:
    world = issued(at)
    order_certificates(world.manager, world.cls)
    one, two = (learner.viewer for learner in world.learners[:2])
    revoked = revoke_certificate(world.manager, only(world), reason="姓名有误")
    revoke_certificate(world.manager, revoked, reason="姓名有误")
    reissue_certificate(world.manager, revoked)
    heard = own_notices(one).rows
    assert [(row.kind, row.title, row.body[:4]) for row in heard] == [
        ("certificate", "您的结业证书已经重新发放", "请下载新"), ("certificate", "您的结业证书已被撤销", "姓名有误"),
        ("certificate", "您的结业证书已经发放", "点开可以"),
    ]  # fmt: skip
    assert [row.title for row in own_notices(two).rows] == ["您的结业证书已经发放"]
    client = Client()
    client.force_login(Account.objects.get(pk=one.account_id))
    assert {client.get(told(row).href).status_code for row in heard} == {200}


def test_nothing_is_issued_before_the_freeze_nor_by_a_stranger(at: At) -> None:
    world = passed_class(at, 1)
    with pytest.raises(Refused, match="冻结以后"):
        order_certificates(world.manager, world.cls)
    freeze(world, at)
    with pytest.raises(Refused):
        order_certificates(world.tutor, world.cls)
    with pytest.raises(NotVisible):
        order_certificates(world.other_manager, world.cls)
    assert not Certificate.objects.exists()


def test_what_is_pinned_is_signed_and_a_change_shows(at: At) -> None:
    one = only(issued(at, 1))
    assert stands(one)
    assert list(broken_certificates()) == []
    assert {key: one.facts[key] for key in ("minutes", "exam", "outcomes", "grade", "score")} == {
        "minutes": 931, "exam": 100, "outcomes": 1, "grade": "pass", "score": "100",
    }  # fmt: skip
    assert "学员1" not in json.dumps(one.facts, ensure_ascii=False)
    one.facts["minutes"] = 9310
    one.save()
    assert list(broken_certificates()) == [one.number]


def test_a_large_class_is_issued_by_the_worker_and_a_run_cut_short_goes_on(
    at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = passed_class(at, 3)
    freeze(world, at)
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    monkeypatch.setattr(issuing, "BATCH", 2)
    run = order_certificates(world.manager, world.cls)
    assert (run.finished_at, Certificate.objects.count()) == (None, 0)
    assert order_certificates(world.manager, world.cls).pk == run.pk  # an order under way is not doubled
    carry_out(run.pk)
    carry_out(run.pk)
    done = IssueRun.objects.get(pk=run.pk)
    assert (done.issued, done.total, Certificate.objects.count()) == (3, 3, 3)
    assert done.finished_at is not None


def test_a_run_that_fails_says_so_and_the_next_order_finishes_it(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    world = passed_class(at, 2)
    freeze(world, at)

    def broken(*_arguments: object) -> object:
        raise OSError("no key")

    with monkeypatch.context() as patch:
        patch.setattr(issuing.pinning, "sign", broken)
        with pytest.raises(OSError, match="no key"):
            order_certificates(world.manager, world.cls)
    assert (IssueRun.objects.get().failed, Certificate.objects.count()) == ("OSError", 0)
    assert order_certificates(world.manager, world.cls).issued == 2


def test_revoked_with_a_reason_and_issued_anew_under_the_next_number(at: At) -> None:
    world = issued(at)
    one = only(world)
    with pytest.raises(Refused):
        revoke_certificate(world.manager, one, reason=" ")
    with pytest.raises(Refused):
        revoke_certificate(world.tutor, one, reason="姓名有误")
    with pytest.raises(Refused, match="仍然有效"):
        reissue_certificate(world.manager, one)
    revoked = revoke_certificate(world.manager, one, reason="姓名有误")
    assert revoke_certificate(world.manager, one, reason="再来一次").revocation_reason == "姓名有误"
    assert order_certificates(world.manager, world.cls).issued == 0  # who was revoked on purpose gets none in bulk
    new = reissue_certificate(world.manager, revoked)
    assert (new.number, new.state) == ("SMALL-2017-00003", "issued")
    with pytest.raises(Refused, match="已经重新发放"):
        reissue_certificate(world.manager, revoked)
    held = own_certificate(world.learners[0].viewer, world.learners[0].enrolment)
    assert held is not None
    assert held.number == new.number


def test_the_check_answers_only_to_number_and_name_together(at: At) -> None:
    world = issued(at)
    assert checked("small-2017-00001 ", " 学员 1") is not None
    for number, name in (("SMALL-2017-00001", "学员2"), ("SMALL-2017-00009", "学员1"), ("", ""), ("x" * 500, "学员1")):
        assert checked(number, name) is None
    revoke_certificate(world.manager, only(world), reason="姓名有误")
    found = checked("SMALL-2017-00001", "学员1")
    assert found is not None
    assert (found.state, found.minutes, found.is_whole) == ("revoked", 931, True)


def test_an_erased_holder_is_found_by_nobody_and_the_signature_still_stands(at: At) -> None:
    one = only(issued(at, 1))
    Certificate.objects.filter(pk=one.pk).update(name="", salt="")
    assert checked(one.number, "学员1") is None
    assert checked(one.number, "") is None
    assert list(broken_certificates()) == []


def test_the_sheet_says_what_is_pinned_and_equal_facts_give_equal_bytes(at: At, tmp_path: Path) -> None:
    world = issued(at, 1)
    one = only(world)
    sheet = certificate_pdf(one)
    assert sheet == certificate_pdf(one)
    (tmp_path / "one.pdf").write_bytes(sheet)
    page = PdfReader(tmp_path / "one.pdf").pages
    text = "".join(page[0].extract_text().split())
    assert len(page) == 1
    for words in (
        "学员1同志：",
        "2017年6月10日至7月21日",
        "931分钟",
        "考试成绩100分",
        "SMALL-2017-00001",
        "2017年7月24日",
    ):
        assert words in text
    assert "已撤销" not in text
    assert "已撤销" in "".join(_text(certificate_pdf(revoke_certificate(world.manager, one, reason="误")), tmp_path))
    hours = "".join(_text(hours_pdf(one), tmp_path))
    assert "学时证明" in hours
    assert "党章学习" in hours


def _text(body: bytes, folder: Path) -> str:
    (folder / "other.pdf").write_bytes(body)
    return "".join(page.extract_text() for page in PdfReader(folder / "other.pdf").pages)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_badge_is_checked_offline_against_the_published_key(at: At) -> None:
    one = only(issued(at, 1))
    published = issuer_profile()["verificationMethod"][0]["publicKeyJwk"]["x"]
    key = Ed25519PublicKey.from_public_bytes(_decoded(published))
    header, payload, signature = badge_jwt(one).split(".")
    key.verify(_decoded(signature), f"{header}.{payload}".encode())
    assert json.loads(_decoded(header))["alg"] == "EdDSA"
    credential = json.loads(_decoded(payload))
    assert credential["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert credential["credentialSubject"]["achievement"]["name"] == "三门峡小班"
    assert credential["iss"] == credential["issuer"]["id"] == issuer_profile()["id"]
    assert "学员1" not in _decoded(payload).decode()
    forged = payload[:-2] + ("A" if payload[-2] != "A" else "B") + payload[-1]
    with pytest.raises(InvalidSignature):
        key.verify(_decoded(signature), f"{header}.{forged}".encode())


def test_the_list_is_paged_in_a_fixed_number_of_statements(at: At) -> None:
    world = issued(at, 3)
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            page = certificates_of(world.manager, world.cls, limit=limit)
        counts.append(len(queries))
        assert len(page.rows) == limit
    assert counts[0] == counts[1]
    assert [row.name for row in certificates_of(world.manager, world.cls, q="00002").rows] == ["学员2"]
    with pytest.raises(Refused):
        certificates_of(world.learners[0].viewer, world.cls)
