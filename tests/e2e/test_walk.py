"""A learner's six weeks on a phone, from the invite link to a certificate somebody else can check."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.sound import faults
from e2e.visitor import PASSWORD, PHONES
from e2e.walking import Walk
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLASS = "/my/classes/walk-2017"
STAFF = "/staff/classes/walk-2017"
OWN = "shanzha-8-dengta-qiu"
STUDY = """async ([enrolment, lesson, csrf]) => {
  const opened = await fetch("/api/sessions", {
    method: "POST", headers: {"Content-Type": "application/json", "X-CSRFToken": csrf}, body: JSON.stringify({enrolment, lesson}),
  });
  return (await opened.json()).token;
}"""
BEATS = """async ([token, from, to]) => {
  const beats = [];
  for (let n = from; n < to; n++) beats.push({seq: n, spans: [[n * 30000, n * 30000 + 30000, n * 30000, n * 30000 + 30000]]});
  const answer = await fetch("/api/beats", {method: "POST", body: JSON.stringify({token, beats})});
  return [answer.status, (await answer.json()).refused];
}"""


@pytest.fixture
def walk(tmp_path: Path, chromium: Any) -> Iterator[Walk]:
    with Walk(tmp_path / "data") as started:
        yield started


@pytest.fixture
def browser(chromium: Any, walk: Walk) -> Iterator[Any]:
    contexts = []

    def opened(width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=walk.address, viewport={"width": width, "height": 844}, locale="zh-CN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def _staff(page: Any, who: str) -> Any:
    page.goto("/sign-in")
    page.fill("[name=phone]", PHONES[who])
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def _sound(page: Any) -> None:
    """Nothing a reader stumbles over, nothing that scrolls sideways."""
    assert faults(page) == []


def _download(page: Any, label: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=label).click()
    return Path(started.value.path()).read_bytes()


def _begin(page: Any, token: str) -> None:
    """Link, notice, profile, password, registration."""
    page.goto(f"/invite/{token}")
    page.get_by_role("button", name="开始").click()
    page.get_by_role("button", name="同意并继续").click()
    page.get_by_role("button", name="信息无误，或已改好，继续").click()
    page.fill("[name=password]", OWN)
    page.fill("[name=again]", OWN)
    page.get_by_role("button", name="设好密码，进入班级").click()
    page.goto(CLASS)
    page.get_by_role("button", name="确认参加，完成注册").click()
    assert "您已被提名" not in page.inner_text("main")
    _sound(page)


def _watch(page: Any, walk: Walk) -> None:
    """A short video in the page; fifty-two minutes of another as a player reports them, half a minute a beat."""
    page.goto(f"{CLASS}/lessons")
    _sound(page)
    page.get_by_role("link", name="导学").first.click()
    page.wait_for_selector("#v")
    page.evaluate("v.play()")
    page.wait_for_timeout(8_000)  # real watching takes real time
    page.evaluate("v.pause()")
    page.wait_for_selector("#m-queue:text-is('0')")
    _sound(page)
    told = json.loads(page.inner_text("#player-page"))
    csrf = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    long = walk.told["lessons"][1]
    walk.at("2017-06-13T08:00:00+08:00")
    token = page.evaluate(STUDY, [told["enrolment"], long, csrf])
    for part, clock in enumerate(("08:18:00", "08:36:00", "08:53:00")):
        walk.at(f"2017-06-13T{clock}+08:00")
        first, last = part * 35, min(part * 35 + 35, 104)
        assert page.evaluate(BEATS, [token, first, last]) == [200, []]
    walk.run("digest", "--once")
    page.goto(f"{CLASS}/hours")
    assert "52" in page.inner_text("main")
    _sound(page)


def _meet(page: Any, manager: Any, walk: Walk) -> None:
    """An afternoon in a room: planned, the code on its screen typed on the phone, the sheet confirmed, counted."""
    manager.goto(f"{STAFF}/attendance")
    for name, value in (("title", "课堂观摩"), ("lecturer", "钱学礼"), ("place", "松涛小学"), ("day", "2017-06-14")):
        manager.fill(f"[name={name}]", value)
    manager.select_option("[name=kind]", "elective")
    manager.fill("[name=begins]", "14:00")
    manager.fill("[name=ends]", "15:00")
    manager.get_by_role("button", name="安排这次面授").click()
    walk.at("2017-06-14T14:02:00+08:00")
    manager.get_by_role("link", name="课堂观摩").click()
    manager.get_by_role("link", name="投屏签到码").click()
    page.goto(f"{CLASS}/attendance")
    _sound(page)
    page.get_by_role("link", name="课堂观摩").click()
    page.fill("[name=code]", manager.inner_text(".digits").split()[-1])
    page.get_by_role("button", name="签到").click()
    page.wait_for_selector("text=签到成功")
    _sound(page)
    walk.at("2017-06-14T15:00:00+08:00")
    manager.goto(f"{STAFF}/attendance")
    manager.get_by_role("link", name="核对并确认").click()
    _sound(manager)
    manager.get_by_label("已经核对").check()
    manager.get_by_role("button", name="保存本页，并确认全部考勤、计入学时").click()
    manager.wait_for_selector("text=考勤已确认，学时马上计入")
    walk.run("digest", "--once")
    page.goto(f"{CLASS}/hours")
    assert "其中面授 1" in page.inner_text("main")


def _write(page: Any, walk: Walk) -> None:
    """A post in the round, an outcome; both by touch."""
    walk.at("2017-06-23T20:00:00+08:00")
    page.goto(f"{CLASS}/rounds/1")
    page.fill("#w-body", "微党课要从身边的事讲起，年级组自己讲，才听得进去。")
    page.locator("#write .btn.p").click()
    page.wait_for_selector("text=年级组自己讲")
    walk.at("2017-07-10T20:00:00+08:00")
    page.goto(f"{CLASS}/outcomes")
    page.get_by_role("button", name="开始写研修成果").click()
    page.fill("#title", "支部会与教研组会合开")
    page.fill("[name=body]", "先学规矩，再议课堂；每月一次，组长记录。" * 20)
    page.get_by_role("button", name="提交给辅导教师").click()
    page.wait_for_selector("text=已提交")
    _sound(page)


def _sit(page: Any, walk: Walk) -> None:
    walk.at("2017-07-16T09:00:00+08:00")
    page.goto(f"{CLASS}/exams")
    page.get_by_role("link", name="查看规则并开始").click()
    page.get_by_role("button", name="开始作答（计时 60 分钟）").click()
    page.locator("#q1 .opt", has_text="民主集中制").click()
    page.wait_for_selector("#q1 [data-saved]:has-text('已保存')")
    page.get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="交卷", exact=True).click()
    page.wait_for_url("**/receipt")
    page.goto(f"{CLASS}/result")
    assert "目前" in page.inner_text("main")
    _sound(page)


def _once_more(page: Any) -> None:
    """Who signed in a while ago says again who they are before something grave happens."""
    assert "再次确认是您本人" in page.inner_text("main h1")
    _sound(page)
    page.fill("[name=again_password]", PASSWORD)
    page.get_by_role("button", name="确认并办理").click()


def _close(browser: Any, walk: Walk) -> None:
    """The class manager drafts, the organiser signs, certificates go out."""
    walk.at("2017-07-24T09:00:00+08:00")
    manager, organiser = _staff(browser(), "manager"), _staff(browser(), "organiser")
    manager.goto(f"{STAFF}/report")
    manager.get_by_role("button", name="建立草稿").click()
    text = manager.input_value("[name=narrative]")
    manager.fill("[name=narrative]", text.replace("请在这里写", "本班写好了"))
    manager.get_by_role("button", name="保存并送核稿").click()
    organiser.goto(f"{STAFF}/report")
    organiser.get_by_role("button", name="冻结并签发").click()
    _once_more(organiser)
    organiser.wait_for_selector("text=已冻结")
    manager.goto(f"{STAFF}/certificates")
    manager.get_by_role("button", name="给全部合格学员发证书").click()
    _once_more(manager)
    manager.wait_for_url("**/certificates")
    walk.run("worker", "--once")


def test_six_weeks_from_the_invite_link_to_a_certificate(browser: Any, walk: Walk) -> None:
    page = browser(390, has_touch=True, is_mobile=True)
    walk.at("2017-06-12T08:00:00+08:00")
    _begin(page, walk.told["token"])
    _watch(page, walk)
    _meet(page, _staff(browser(), "manager"), walk)
    _write(page, walk)
    _sit(page, walk)
    _close(browser, walk)
    page.goto(f"{CLASS}/result")
    assert "合格" in page.inner_text("main .verdict")
    certificate = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(_download(page, "下载证书"))).pages)
    number = page.inner_text("h2 .num").strip()
    assert (number in certificate, "何立新" in certificate) == (True, True)
    stranger = browser(390)
    stranger.goto("/certificates")
    stranger.fill("[name=number]", number)
    stranger.fill("[name=name]", "何立新")
    stranger.get_by_role("button", name="查验").click()
    assert "证书有效" in stranger.inner_text("main")
    _sound(stranger)
