"""The whole staircase in a browser: a figure, its definition, its rows, the report, two signatures, files, verification."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLASS = "/staff/classes/small-2017/"


def _download(page: Any, label: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=label, exact=True).click()
    return Path(started.value.path()).read_bytes()


def test_from_a_figure_to_a_verified_report(as_: Callable[..., Any]) -> None:
    manager = as_("manager")
    manager.goto(CLASS)
    mean = manager.locator('[data-key="mean_minutes"] b').inner_text().split("分")[0].strip()
    manager.locator('a[data-key="mean_minutes"]').click()
    manager.wait_for_selector("#ev:not([hidden])")
    assert "算法" in manager.inner_text("#ev")
    manager.get_by_role("link", name="完整口径").click()
    assert "怎么算出来的" in manager.inner_text("main")
    manager.get_by_role("link", name="条证据").click()
    assert manager.locator("tbody tr").count() > 0
    manager.goto(f"{CLASS}report")
    manager.get_by_role("button", name="建立草稿").click()
    assert mean in manager.inner_text("#preview .doc")
    manager.locator("#narrative").press("Control+End")
    manager.locator("#narrative").type("\n共有 87 人。")
    manager.wait_for_selector("#preview .note:has-text('87')")
    narrative = manager.input_value("#narrative").replace("共有 87 人。", "").replace("请在这里写", "本班写好了")
    manager.fill("#narrative", narrative)
    manager.get_by_role("button", name="保存并送核稿").click()
    assert "要由另一位班主任或组织管理者签发" in manager.inner_text("main")
    organiser = as_("organiser")
    organiser.goto(f"{CLASS}report")
    organiser.get_by_role("button", name="冻结并签发").click()
    organiser.wait_for_selector("text=已冻结")
    assert organiser.locator(".froz tbody tr").count() == 15
    pdf = _download(organiser, "PDF")
    assert mean in "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert Document(io.BytesIO(_download(organiser, "Word"))).element.xml.count("fig:mean_minutes") > 0
    organiser.get_by_role("link", name="验证").click()
    assert "全部相符" in organiser.inner_text("main")


def test_figure_to_rows_without_javascript(as_: Callable[..., Any]) -> None:
    page = as_("manager", java_script_enabled=False)
    page.goto(CLASS)
    page.locator('a[data-key="mean_minutes"]').click()
    assert "怎么算出来的" in page.inner_text("main")
    page.get_by_role("link", name="条证据").click()
    assert page.locator("tbody tr").count() > 0
