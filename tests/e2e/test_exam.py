"""An exam on a phone: every kind of question, an outage, a second tab, a crash, handing in twice; and without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.sound import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXAMS = "/my/classes/small-2017/exams"
WRONG_CLOCK = "const real = Date.now; Date.now = () => real() + 5 * 3600e3;"


def choose(page: Any, num: int, *places: int) -> None:
    for place in places:
        page.locator(f"#q{num} .opt").nth(place).click()


def saved(page: Any, num: int, words: str = "已保存") -> None:
    page.wait_for_selector(f"#q{num} [data-saved]:has-text('{words}')")


def started(page: Any) -> str:
    """Through the list and the rules to the paper; its address."""
    page.goto(EXAMS)
    assert faults(page) == []
    page.get_by_role("link", name="查看规则并开始").click()
    assert faults(page) == []
    page.get_by_role("button", name="开始作答（计时 60 分钟）").click()
    page.wait_for_selector("form[data-sitting]")
    return str(page.url)


def test_a_whole_sitting_on_a_phone_with_everything_that_goes_wrong(as_: Callable[..., Any]) -> None:
    page = as_("learner", width=390)
    page.context.add_init_script(WRONG_CLOCK)  # the device's clock is five hours fast
    address = started(page)
    assert re.fullmatch(r"(1:00:00|59:\d\d)", page.inner_text("[data-clock]"))
    assert faults(page) == []
    choose(page, 1, 0)
    choose(page, 3, 0, 2)
    choose(page, 5, 1)
    page.fill("#q7 input:not([type=hidden])", "民主集中制")
    page.fill("#q9 textarea", "支部会与教研组会合开，先学规矩，再议课堂。")
    for num in (1, 3, 5, 7, 9):
        saved(page, num)
    assert page.inner_text("[data-answered]") == "5"

    page.context.set_offline(True)
    choose(page, 2, 1)
    page.wait_for_selector("[data-banner]:has-text('网络断开')")
    assert "未保存" in page.inner_text("#q2 [data-saved]")
    page.get_by_role("button", name="检查并交卷").click()
    page.wait_for_selector("[data-banner]:has-text('请等网络恢复再交卷')")
    page.context.set_offline(False)
    saved(page, 2)
    page.wait_for_selector("[data-banner]", state="hidden")

    second = page.context.new_page()
    second.goto(address)
    assert second.locator("#q2 .opt input").nth(1).is_checked()
    choose(second, 1, 1)
    saved(second, 1)
    choose(page, 1, 2)  # this tab still shows the first answer
    saved(page, 1, "替换了另一个窗口里的答案")

    second.context.set_offline(True)
    choose(second, 4, 0)
    second.wait_for_selector("#q4 [data-saved]:has-text('未保存')")
    second.close()  # a crash: nothing had reached the server
    page.context.set_offline(False)
    page.reload()
    saved(page, 4)
    assert page.locator("#q4 .opt input").nth(0).is_checked()

    page.get_by_role("button", name="检查并交卷").click()
    page.wait_for_url("**/confirm")
    assert "还有 2 题没有答" in page.inner_text("main")
    assert faults(page) == []
    again = page.context.new_page()
    again.goto(page.url)
    for tab in (page, again):
        tab.get_by_role("button", name="交卷", exact=True).click()
        tab.wait_for_url("**/receipt")
    numbers = {tab.inner_text("[data-number]") for tab in (page, again)}
    assert len(numbers) == 1
    assert "简答题批阅中" in page.inner_text("main")
    assert "已答 7 题，共 9 题" in page.inner_text("main")
    assert faults(page) == []
    with page.expect_download() as started_download:
        page.get_by_role("link", name="下载回执").click()
    assert numbers.pop() in Path(started_download.value.path()).read_text(encoding="utf-8")


def test_a_whole_sitting_without_javascript(as_: Callable[..., Any]) -> None:
    page = as_("learner2", width=390, java_script_enabled=False)
    page.goto(EXAMS)
    page.get_by_role("link", name="查看规则并开始").click()
    page.get_by_role("button", name="开始作答（计时 60 分钟）").click()
    choose(page, 1, 1)
    page.fill("#q7 input:not([type=hidden])", "民主集中")
    page.get_by_role("button", name="保存全部答案").click()
    assert "全部答案已保存" in page.inner_text("main")
    assert page.locator("#q1 .opt input").nth(1).is_checked()
    page.get_by_role("button", name="检查并交卷").click()
    assert "还有 7 题没有答" in page.inner_text("main")
    page.get_by_role("button", name="交卷", exact=True).click()
    assert "已答 2 题，共 9 题" in page.inner_text("main")
