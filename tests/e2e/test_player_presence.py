"""Challenges, readings and the practice lesson in a real browser; what the player weighs."""

from pathlib import Path
from typing import Any

import pytest
from e2e.test_player import Ledger, Study, cookies, pause, play, running, sent, state, study, wait_for, watch

__all__ = ["cookies", "running", "study"]  # fixtures of the neighbour

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READING = "/my/classes/small-2017/lessons/2"
CHALLENGE = {"id": "c-1", "due": 0, "answer_by": 90_000, "missed": False, "since": 0}


def ask(page: Any, **more: Any) -> list[dict[str, Any]]:
    """From now on the server's answers carry a challenge until a proof names it; the proofs it was sent."""
    proofs: list[dict[str, Any]] = []

    def answer(route: Any) -> None:
        sent_ = route.request.post_data_json
        given = route.fetch()
        said = given.json()
        proofs.extend(sent_.get("proofs", []))
        said["proofs"] = [{"id": proof["id"], "state": "in_time"} for proof in sent_.get("proofs", [])]
        if not proofs:
            said["challenge"] = CHALLENGE | {"answer_by": said["now"] + 90_000, "since": said["now"] - 300_000} | more
        route.fulfill(response=given, json=said)

    page.route("**/api/beats", answer)
    return proofs


def test_a_challenge_is_large_focused_says_how_long_and_is_answered_by_keyboard(study: Study) -> None:
    page = study(cadence=1000, width=390)
    proofs = ask(page)
    play(page, 700)
    wait_for(page, "!document.getElementById('ask').hidden")
    assert page.get_attribute("#ask", "role") == "alertdialog"
    assert "90 秒" in page.inner_text("#ask-text")
    assert page.evaluate("document.activeElement.id") == "ask-here"
    box, film = page.locator("#ask-here").bounding_box(), page.locator("#v").bounding_box()
    assert box["height"] >= 64
    assert box["y"] >= film["y"] + film["height"]  # it never covers the captions
    assert not page.evaluate("v.paused")
    page.keyboard.press("Enter")
    wait_for(page, "document.getElementById('ask').hidden")
    pause(page)
    assert [proof["id"] for proof in proofs] == ["c-1"]
    assert proofs[0]["t"] > 0


def test_a_miss_is_told_at_once_and_playback_pauses(study: Study) -> None:
    page = study(cadence=1000)
    proofs = ask(page, missed=True)
    play(page, 720)
    wait_for(page, "document.getElementById('ask').classList.contains('missed')")
    wait_for(page, "v.paused")
    assert "没有计入" in page.inner_text("#ask-text")
    page.click("#ask-here")
    wait_for(page, "document.getElementById('ask').hidden")
    wait_for(page, "!v.paused")  # the button says that study goes on
    pause(page)
    sent(page)
    assert len(proofs) == 1


def test_a_reading_counts_while_somebody_moves_and_says_why_when_nobody_does(study: Study, running: Path) -> None:
    page = study()
    ledger = Ledger(running)
    page.goto(READING)
    wait_for(page, "document.getElementById('m-state').textContent === '正在计时'")
    watch(page, 2)
    page.goto("about:blank")
    page.goto(READING)
    wait_for(page, "document.getElementById('m-state').textContent === '正在计时'")
    sent(page)
    assert 1.5 < ledger.seconds() < 4
    page.clock.install()
    page.goto(READING)
    page.mouse.wheel(0, 300)
    page.clock.run_for(3000)
    wait_for(page, "document.getElementById('m-state').textContent === '正在计时'")
    for _tick in range(8):
        page.clock.run_for(1000)
        watch(page, 0.2)
    page.clock.fast_forward(95_000)
    page.clock.run_for(1000)
    assert "90 秒没有动作" in state(page)
    assert page.locator("img.sheet").count() == 2
    assert "学校管理" in (page.locator("img.sheet").first.get_attribute("alt") or "")
    assert all(span[2:] == [-1, -1] for span in ledger.spans())


def test_the_practice_lesson_sends_nothing(study: Study) -> None:
    page = study()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto("/my/classes/small-2017/practice")
    wait_for(page, "v.readyState >= 1")
    play(page)
    watch(page, 1.5)
    assert "不计入学时" in state(page)
    assert page.inner_text("#m-total") in {"00:01", "00:02", "00:03"}  # what was watched, on a busy machine too
    page.evaluate("v.pause()")
    assert asked == []
