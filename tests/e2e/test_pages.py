"""Every page in every size: no accessibility fault, no sideways scroll, no heavy page, no third-party host."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.sound import faults

import yanxiu.faces.frame

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLASS = "/staff/classes/small-2017/"
MINE = "/my/classes/small-2017"
# Account, examinations, discussion and writing look at their pages themselves.
PAGES = {
    "": ["/help/why-not-counted", "/sign-in", "/invite/ask", "/certificates?number=SMALL-2017-00001"],
    "manager": [
        "/", "/staff/", CLASS, f"{CLASS}figures/mean_minutes", f"{CLASS}figures/mean_minutes/evidence",
        f"{CLASS}figures/exam_submitters/complement", f"{CLASS}roster", f"{CLASS}report", "/classes/small-2017/invites",
        f"{CLASS}certificates", f"{CLASS}courses", f"{CLASS}courses/1", f"{CLASS}rounds", f"{CLASS}announcements",
        f"{CLASS}affairs", f"{CLASS}setup", f"{CLASS}exams", f"{CLASS}hours", f"{CLASS}hours/flags", f"{CLASS}attendance", "/me/notices", "/nowhere",
    ],
    "organiser": ["/staff/new-class"],
    "learner": [
        "/", MINE, f"{MINE}/schedule", f"{MINE}/result", f"{MINE}/lessons", f"{MINE}/lessons/1", f"{MINE}/lessons/2",
        f"{MINE}/practice", f"{MINE}/hours", f"{MINE}/rounds", f"{MINE}/rounds/1", f"{MINE}/outcomes", f"{MINE}/exams",
        f"{MINE}/announcements", f"{MINE}/notices", f"{MINE}/affairs", f"{MINE}/attendance",
    ],
}  # fmt: skip
# size, theme, and the widths: axe looks at the first of them, where what it looks at differs most
LOOKS = [("normal", "light", (1440, 390)), ("large", "dark", (390,))]
HEAVIEST = 60 * 1024


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible_narrow_and_light(as_: Callable[..., Any], site: str, who: str) -> None:
    wrong: list[str] = []
    page = as_(who)
    for size, theme, widths in LOOKS:
        page.context.add_cookies([{"name": n, "value": v, "url": site} for n, v in (("size", size), ("theme", theme))])
        for address in PAGES[who]:
            page.set_viewport_size({"width": widths[0], "height": 900})
            answer = page.goto(address)
            if (answer.status == 404) != (address == "/nowhere"):
                wrong.append(f"{address} answers {answer.status}")
            wrong += [f"{widths[0]} px, {size}: {fault}" for fault in faults(page)]
            shown = page.evaluate("[document.documentElement.dataset.size, document.documentElement.dataset.theme]")
            if shown != [size, theme]:
                wrong.append(f"{address} is not shown in {size} and {theme}")
            sent = page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".filter((entry) => !entry.name.includes('/media/'))"
                ".reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0)"
            )
            if sent > HEAVIEST:
                wrong.append(f"{address} weighs {sent} bytes")
            for width in widths[1:]:  # the same page, made narrow: nothing else would be sent
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{address} scrolls sideways at {width} px, {size}")
    assert wrong == []


def test_the_style_sheet_stays_small() -> None:
    sheet = Path(yanxiu.faces.frame.__file__).parent / "static" / "frame" / "app.css"
    assert sheet.stat().st_size <= 25 * 1024
