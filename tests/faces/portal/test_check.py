"""The public check of certificates: number and name together, one answer for everything else, and never fast enough to guess."""

import pytest
from django.test import Client
from factories.passing import freeze, passed_class
from factories.worlds import At

from yanxiu.config.wiring import plug_engines
from yanxiu.kit.errors import Refused
from yanxiu.people.privacy.erasing import erase
from yanxiu.people.queries import Viewer, viewer_of_person
from yanxiu.record.certificates.actions import order_certificates, revoke_certificate
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.certificates.pdf import certificate_pdf
from yanxiu.record.certificates.pinning import stands

pytestmark = pytest.mark.django_db

RIGHT = {"number": "SMALL-2017-00001", "name": "学员1"}


@pytest.fixture
def certificate(at: At) -> Certificate:
    plug_engines()
    world = passed_class(at, 1)
    freeze(world, at)
    order_certificates(world.manager, world.cls)
    return Certificate.objects.get()


def test_the_code_on_the_sheet_fills_in_the_number_and_says_nothing_else(certificate: Certificate) -> None:
    text = Client().get("/certificates", {"number": certificate.number}).content.decode()
    assert 'value="SMALL-2017-00001"' in text
    assert "学员1" not in text
    assert "三门峡小班" not in text


def test_number_and_name_together_are_answered(certificate: Certificate) -> None:
    answer = Client().post("/certificates", RIGHT)
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("证书有效", "三门峡小班", "931", "青衫干部教育中心", "2017年7月24日"):
        assert words in text
    revoke_certificate(_manager(certificate), certificate, reason="只给办理人看的原因")
    text = Client().post("/certificates", RIGHT).content.decode()
    assert "证书已撤销" in text
    assert "只给办理人看的原因" not in text


def _manager(certificate: Certificate) -> Viewer:

    return viewer_of_person(certificate.training_class.roles.get(role="class_manager").person)


def test_a_wrong_name_and_an_unknown_number_get_one_and_the_same_answer(certificate: Certificate) -> None:
    client = Client()
    wrong = client.post("/certificates", RIGHT | {"name": "学员2"})
    unknown = client.post("/certificates", {"number": "SMALL-2017-00002", "name": "学员2"})
    assert wrong.status_code == unknown.status_code == 422
    plain = [answer.content.decode().split("<main")[1].split("<form")[0] for answer in (wrong, unknown)]
    assert plain[0] == plain[1]
    assert client.post("/certificates", {"number": "", "name": ""}).status_code == 422
    assert client.post("/certificates", {"number": "x" * 5000, "name": "y" * 5000}).status_code == 422


def test_guessing_names_is_stopped_even_for_the_right_one(certificate: Certificate) -> None:
    client = Client()
    answers = [client.post("/certificates", RIGHT | {"name": f"猜{n}"}).status_code for n in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]
    stopped = client.post("/certificates", RIGHT)
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "900")
    assert "学员1" not in stopped.content.decode().replace('value="学员1"', "")


def test_the_issuer_s_key_is_published(certificate: Certificate) -> None:
    answer = Client().get("/certificates/issuer.json").json()
    assert answer["verificationMethod"][0]["publicKeyJwk"]["crv"] == "Ed25519"
    assert answer["id"].endswith("/certificates/issuer.json")


def test_of_a_holder_who_was_erased_it_says_what_it_still_can(certificate: Certificate) -> None:
    erase(None, certificate.enrolment.person)
    answer = Client().post("/certificates", RIGHT)
    text = answer.content.decode()
    assert (answer.status_code, "不再保存其姓名，因此不能确认它属于谁" in text) == (410, True)
    assert "三门峡小班" not in text
    stored = Certificate.objects.get()
    assert (stored.name, stored.salt, stands(stored)) == ("", "", True)
    with pytest.raises(Refused, match="已注销个人信息"):
        certificate_pdf(stored)
    revoke_certificate(_manager(certificate), stored, reason="误发")
    assert "后来已经撤销" in Client().post("/certificates", RIGHT).content.decode()
