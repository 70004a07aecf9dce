"""A piece of writing through the browser: asked for, written in two places, handed in, marked; pages looked at in all sizes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e import sound
from factories.writing import PDF

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINE = "/my/classes/small-2017/outcomes"
STAFF = "/staff/classes/small-2017"
TEXT = "上课以前先放一段本校老教师的口述录音，他每天走十二里山路到教学点。"


def faults(page: Any) -> list[str]:
    """What is wrong with the page at 1440 px and, in large text, at 390."""
    wrong = []
    for width, size in ((1440, "normal"), (390, "large")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("size => document.documentElement.dataset.size = size", size)
        wrong += [f"{width} {size} {fault}" for fault in sound.faults(page)]
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong


def set_task(manager: Any) -> None:
    manager.goto(f"{STAFF}/writing-tasks")
    form = manager.locator("form", has=manager.locator("input[name=kind][value=outcome]"))
    form.locator("[name=title]").fill("微党课教案")
    form.locator("[name=min_characters]").fill("20")
    form.locator("[name=pieces]").fill("9")
    form.locator("[name=file_kinds][value=pdf]").check()
    form.get_by_role("button").click()
    manager.wait_for_url("**?said=outcome")


def saved(page: Any) -> None:
    page.locator("[data-autosave-state]", has_text="已自动保存").wait_for()


def test_a_piece_from_the_task_to_the_mark(as_: Callable[..., Any], tmp_path: Path) -> None:
    manager, learner = as_("manager"), as_("learner2", width=390)
    set_task(manager)
    wrong = faults(manager)
    learner.goto(MINE)
    learner.get_by_role("button", name="写").first.click()
    learner.wait_for_url("**/outcomes/*-*")
    address = learner.url
    learner.fill("[name=title]", "十二里山路")
    learner.fill("[name=body]", TEXT)
    saved(learner)

    elsewhere = as_("learner2")  # another device, opened on what is saved now
    elsewhere.goto(address)
    assert elsewhere.input_value("[name=body]").strip() == TEXT
    with learner.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        learner.fill("[name=body]", TEXT + "录音放完，请同学们说一说，他为什么不走。")
    elsewhere.fill("[name=body]", "另一台设备上写的一段话。")
    elsewhere.locator("[data-autosave-state]", has_text="没有覆盖它").wait_for()
    learner.goto(address)
    assert learner.get_by_role("heading", name="另一个窗口写的一份").is_visible()
    assert "他为什么不走" in learner.input_value("[name=body]")
    wrong += faults(learner)
    learner.get_by_role("button", name="删去这一份").click()

    file = tmp_path / "教案.pdf"
    file.write_bytes(PDF)
    learner.set_input_files("#file", file)
    learner.get_by_role("button", name="上传附件").click()
    assert learner.get_by_role("link", name="教案.pdf").is_visible()
    learner.get_by_role("button", name="查重").click()
    assert learner.get_by_text("这份草稿还可以查 2 次。").is_visible()
    learner.get_by_role("button", name="提交给辅导教师").click()
    learner.wait_for_url("**said=submitted**")
    wrong += faults(learner)
    learner.goto(f"{address}/versions")
    wrong += faults(learner)

    manager.goto(f"{STAFF}/outcomes?sort=unmarked")
    wrong += faults(manager)
    manager.get_by_role("link", name="十二里山路").first.click()
    wrong += faults(manager)
    first = manager.url
    manager.keyboard.press("ArrowLeft")
    manager.wait_for_url(lambda url: url != first)
    manager.goto(first)
    manager.fill("[name=score]", "92")
    manager.get_by_role("button", name="认定").click()
    manager.wait_for_url("**said=accepted**")
    learner.goto(address)
    assert learner.get_by_text("已认定 · 92 分").is_visible()
    assert wrong == []


def test_without_script_a_thought_report_is_written_and_handed_in(as_: Callable[..., Any]) -> None:
    page = as_("learner2", java_script_enabled=False)
    page.goto("/my/classes/small-2017/thoughts")
    page.get_by_role("button", name="写").first.click()
    page.fill("[name=title]", "近期思想")
    page.fill("[name=body]", "近来学习以后的一些真实想法。")
    page.get_by_role("button", name="提交给班主任和辅导教师").click()
    assert page.get_by_text("已提交。").first.is_visible()
