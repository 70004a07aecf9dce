"""Every page in every size: no accessibility fault, no sideways scroll, no heavy page, no third-party host."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import yanxiu.faces.frame

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLASS = "/staff/classes/small-2017/"
PAGES = {
    "": ["/help/why-not-counted", "/sign-in", "/invite/ask", "/certificates?number=SMALL-2017-00001"],
    "manager": [
        "/", "/me", "/staff/", CLASS, f"{CLASS}figures/mean_minutes", f"{CLASS}figures/mean_minutes/evidence",
        f"{CLASS}figures/exam_submitters/complement", f"{CLASS}roster", f"{CLASS}report", "/classes/small-2017/invites",
        f"{CLASS}certificates", f"{CLASS}courses", f"{CLASS}courses/1", f"{CLASS}courses/2",
        f"{CLASS}rounds", f"{CLASS}rounds/1", "/nowhere",
    ],
    "learner": [
        "/", "/me", "/my/classes/small-2017", "/my/classes/small-2017/schedule", "/my/classes/small-2017/result",
        "/my/classes/small-2017/lessons", "/my/classes/small-2017/lessons/1", "/my/classes/small-2017/lessons/2",
        "/my/classes/small-2017/practice", "/my/classes/small-2017/rounds", "/my/classes/small-2017/rounds/1",
    ],
}  # fmt: skip
LOOKS = [(1440, "normal"), (390, "normal"), (390, "large")]
HEAVIEST = 60 * 1024


def _faults(page: Any) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{page.url} {fault['id']}: {node['html'][:140]}"
        for fault in found.response["violations"]
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible_narrow_and_light(as_: Callable[..., Any], site: str, who: str) -> None:
    wrong: list[str] = []
    for width, size in LOOKS:
        page = as_(who, width=width)
        page.context.add_cookies([{"name": "size", "value": size, "url": site}])
        for address in PAGES[who]:
            page.goto(address)
            wrong += _faults(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} scrolls sideways at {width} px, {size}")
            if size == "large" and page.evaluate("document.documentElement.dataset.size") != "large":
                wrong.append(f"{address} is not in large text")
            sent = page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".filter((entry) => !entry.name.includes('/media/'))"
                ".reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0)"
            )
            if sent > HEAVIEST:
                wrong.append(f"{address} weighs {sent} bytes")
    assert wrong == []


def test_the_style_sheet_stays_small() -> None:
    sheet = Path(yanxiu.faces.frame.__file__).parent / "static" / "frame" / "app.css"
    assert sheet.stat().st_size <= 25 * 1024
