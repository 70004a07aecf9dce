"""The report page, button by button."""

import json

import pytest
from django.test import Client
from factories.worlds import World

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.reports.models import Report
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db
PAGE = "/staff/classes/small-2017/report"
TEXT = "# 小班结束\n\n本班注册人数{{ registered_count }}，平均{{ mean_minutes }}。\n"


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


@pytest.fixture
def manager(studied: tuple[World, Post]) -> Client:
    return browser(studied[0].manager)


@pytest.fixture
def organiser(studied: tuple[World, Post]) -> Client:
    return browser(studied[0].organiser)


def drafted(manager: Client, then: str = "save") -> None:
    manager.post(f"{PAGE}/draft", {"narrative": TEXT, "template": "jianbao"})
    answer = manager.post(f"{PAGE}/save", {"narrative": TEXT, "template": "jianbao", "number": "3", "then": then})
    assert answer.status_code == 302


def test_from_starter_text_to_a_frozen_report(manager: Client, organiser: Client) -> None:
    starter = manager.get(PAGE).context["starter"]
    assert starter.count("{{") >= 15
    assert manager.post(f"{PAGE}/draft", {"narrative": starter, "template": "gongwen"}).status_code == 302
    front = Report.objects.get().frontmatter
    assert (front["org"] == front["sign_org"] != "", front["issued_on"]) == (True, front["signed_on"])
    early = manager.post(f"{PAGE}/save", {"narrative": starter, "template": "gongwen", "then": "review"})
    assert (early.status_code, "“请在这里写”的提示" in early.content.decode()) == (422, True)
    assert manager.post(f"{PAGE}/save", {"narrative": TEXT, "template": "gongwen", "then": "review"}).status_code == 302
    assert "由另一位班主任或组织管理者签发" in manager.get(PAGE).content.decode()
    assert organiser.post(f"{PAGE}/freeze").status_code == 302
    page = organiser.get(PAGE).content.decode()
    assert "已冻结" in page
    assert page.count("一致") >= 15
    verified = manager.get(f"{PAGE}/verification").content.decode()
    assert (verified.count("相符") >= 15, "/public-key.pem" in verified) == (True, True)
    assert Client().get("/public-key.pem").content.startswith(b"-----BEGIN PUBLIC KEY-----")


def test_the_drafter_cannot_sign(manager: Client) -> None:
    drafted(manager, "review")
    answer = manager.post(f"{PAGE}/freeze")
    assert answer.status_code == 403
    assert "起草人不能自己签发" in answer.content.decode()
    assert Report.objects.get().state == "review"


def test_a_character_that_cannot_be_printed_is_named_before_the_freeze(manager: Client, organiser: Client) -> None:
    odd = TEXT + "\n生僻字\U000323af。\n"
    manager.post(f"{PAGE}/draft", {"narrative": TEXT, "template": "jianbao"})
    sent = manager.post(f"{PAGE}/save", {"narrative": odd, "template": "jianbao", "then": "review"})
    assert (sent.status_code, "没有“\U000323af”，不能排成 PDF" in sent.content.decode()) == (422, True)
    report = Report.objects.get()
    assert (report.state, "\U000323af" in report.narrative) == ("draft", True)  # what was typed is kept
    assert manager.get(f"{PAGE}/files/pdf").status_code == 422
    assert manager.get(f"{PAGE}/files/docx").status_code == 200
    Report.objects.update(state="review")  # as by a font that was there and has gone
    refused = organiser.post(f"{PAGE}/freeze")
    assert (refused.status_code, "没有“\U000323af”" in refused.content.decode()) == (422, True)
    assert Report.objects.get().state == "review"


def test_a_double_click_freezes_once(manager: Client, organiser: Client) -> None:
    drafted(manager, "review")
    assert [organiser.post(f"{PAGE}/freeze").status_code for _click in range(2)] == [302, 302]
    assert Report.objects.filter(state="frozen").count() == 1


def test_tutor_and_auditor_read_and_do_not_write(studied: tuple[World, Post], manager: Client) -> None:
    drafted(manager)
    for viewer in (studied[0].tutor, studied[0].auditor):
        client = browser(viewer)
        assert client.get(PAGE).status_code == 200
        for step in ("draft", "save", "preview", "freeze", "return", "correct"):
            assert client.post(f"{PAGE}/{step}", {"narrative": TEXT}).status_code == 403
    assert Report.objects.get().narrative == TEXT.strip() or Report.objects.get().narrative == TEXT


def test_a_refused_text_stays_in_its_field(manager: Client) -> None:
    drafted(manager)
    wrong = TEXT + "\n写错了{{ registerd_count }}，别丢了我的字。\n"
    answer = manager.post(f"{PAGE}/save", {"narrative": wrong, "template": "jianbao"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "registered_count" in page
    assert "别丢了我的字" in page
    assert "别丢了我的字" not in Report.objects.get().narrative


def test_the_preview_flags_digits_and_stores_nothing(manager: Client) -> None:
    drafted(manager)
    typed = {"narrative": TEXT + "\n共有 87 人参加。\n", "template": "jianbao"}
    page = manager.post(f"{PAGE}/preview", typed).content.decode()
    assert "87" in page
    assert "手工填写的数字" in page
    assert "<html" not in page
    assert "87" not in Report.objects.get().narrative


def test_a_figure_in_the_text_opens_its_popover(manager: Client) -> None:
    drafted(manager)
    page = manager.get(PAGE).content.decode()
    assert 'class="fig" data-pop data-row="mean_minutes" href="/staff/classes/small-2017/figures/mean_minutes"' in page
    assert 'style="' not in page


def test_every_file_comes_as_a_download(manager: Client, organiser: Client) -> None:
    drafted(manager, "review")
    assert manager.get(f"{PAGE}/files/figures").status_code == 422
    organiser.post(f"{PAGE}/freeze")
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype"), ("figures", b"{")):
        answer = manager.get(f"{PAGE}/files/{kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert "attachment" in answer["Content-Disposition"]
    figures = json.loads(manager.get(f"{PAGE}/files/figures").content)
    assert len(figures["figures"]) == 15
    assert manager.get(f"{PAGE}/files/exe").status_code == 404


def test_a_correction_needs_a_reason_and_leaves_the_frozen_one(manager: Client, organiser: Client) -> None:
    drafted(manager, "review")
    organiser.post(f"{PAGE}/freeze")
    assert manager.post(f"{PAGE}/correct", {"note": " "}).status_code == 422
    assert manager.post(f"{PAGE}/correct", {"note": "补一段"}).status_code == 302
    assert list(Report.objects.order_by("revision").values_list("state", flat=True)) == ["frozen", "draft"]
    assert manager.get(f"{PAGE}?revision=1").context["state"] == "frozen"
    assert manager.get(f"{PAGE}?revision=7").status_code == 404
