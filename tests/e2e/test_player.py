"""The player in a real browser, on the real wire: the thirteen checks of the prototype, and what may go wrong besides.

The clock of facts runs while these tests do. The cadence is shortened in the answer to /api/sessions, as a policy with a
shorter one would; everything else is the product as it is served.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from e2e.conftest import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LESSON = "/my/classes/small-2017/lessons/1"
Study = Callable[..., Any]


@pytest.fixture(scope="module")
def running(site: str, folder: Path) -> Iterator[Path]:
    """From now on time passes on the site, and the digest counts."""
    clock, stop = folder / "clock", threading.Event()
    started, began = datetime.fromisoformat(clock.read_text()), time.monotonic()

    def tick() -> None:
        while not stop.wait(0.05):
            new = clock.with_suffix(".new")
            new.write_text((started + timedelta(seconds=time.monotonic() - began)).isoformat())
            new.replace(clock)

    thread = threading.Thread(target=tick)
    thread.start()
    own = {
        "YANXIU_DATA_DIR": str(folder),
        "YANXIU_TESTING": "1",
        "YANXIU_TEST_CLOCK": str(clock),
        "YANXIU_ORIGIN": site,
    }
    digest = subprocess.Popen([sys.executable, "-m", "yanxiu", "digest"], env=os.environ | own)
    yield folder
    digest.terminate()
    stop.set()
    thread.join()
    digest.wait(20)


class Ledger:
    """What the server has of study since a moment: the beats, each with its spans."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ledger.sqlite3"
        self.since = 0
        self.since = self._all()[-1][0] if self._all() else 0

    def _all(self) -> list[tuple[int, str, int, int, str]]:
        database = pysqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            sql = "SELECT position, sid, seq, person_id, body FROM entry WHERE kind = 'beat' AND position > ? ORDER BY position"
            return list(database.execute(sql, (self.since,)))
        finally:
            database.close()

    def beats(self) -> list[dict[str, Any]]:
        return [{"sid": sid, "seq": seq, "person": who, **json.loads(body)} for _, sid, seq, who, body in self._all()]

    def spans(self) -> list[list[int]]:
        return [span for beat in self.beats() for span in beat["spans"]]

    def seconds(self) -> float:
        """Wall time shown; the sessions of one test never overlap."""
        return sum(t1 - t0 for t0, t1, _, _ in self.spans()) / 1000

    def cover(self) -> list[list[float]]:
        whole: list[list[float]] = []
        for p0, p1 in sorted((p0 / 1000, p1 / 1000) for _, _, p0, p1 in self.spans()):
            if whole and p0 <= whole[-1][1] + 0.6:
                whole[-1][1] = max(whole[-1][1], p1)
            else:
                whole.append([p0, p1])
        return whole


@pytest.fixture
def ledger(running: Path) -> Ledger:
    return Ledger(running)


@pytest.fixture(scope="module")
def cookies(running: Path, site: str) -> Study:
    """The cookies of somebody signed in, once for all tests of this file."""
    return cache(lambda who: signed_in(who, site))


@pytest.fixture
def study(as_: Study, cookies: Study) -> Study:
    """A page of the lesson, ready to play; `cadence` in ms, None for the policy's own."""

    def opened(
        who: str = "learner", *, cadence: int | None = 2000, page: Any = None, script: str = "", **options: Any
    ) -> Any:
        if page is None:
            page = as_("", **options)
            page.context.add_cookies(cookies(who))
        if script:
            page.add_init_script(script)
        if cadence:
            page.route("**/api/sessions", lambda route: _shorter(route, cadence))
        page.goto(LESSON)
        wait_for(page, "v.readyState >= 1")
        return page

    return opened


def _shorter(route: Any, cadence: int) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | ({"cadence_ms": cadence} if answer.status == 201 else {}))


def play(page: Any, at: float | None = None) -> None:
    """Plays, and returns when counting has begun."""
    if at is not None:
        page.evaluate("at => new Promise(done => { v.onseeked = done; v.currentTime = at })", at)
    page.evaluate("v.play()")
    wait_for(page, "document.getElementById('meterbox').classList.contains('live')")


def wait_for(page: Any, condition: str, seconds: float = 15) -> None:
    """Playwright's own waiting evaluates strings in the page, which the page's policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"never came: {condition}"
        page.wait_for_timeout(50)


def pause(page: Any) -> None:
    page.evaluate("v.pause()")
    wait_for(page, "document.getElementById('m-state').textContent === '已暂停，未计时'")
    sent(page)


def sent(page: Any) -> None:
    wait_for(page, "document.getElementById('m-queue').textContent === '0'")


def watch(page: Any, seconds: float) -> None:
    """Real watching takes real time."""
    page.wait_for_timeout(seconds * 1000)


def state(page: Any) -> str:
    return str(page.inner_text("#m-state"))


def test_playing_is_reported_as_it_happened(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 400)
    began = time.monotonic()
    watch(page, 4)
    pause(page)
    took = time.monotonic() - began
    assert abs(ledger.seconds() - took) < max(0.08 * took, 0.4)
    assert len(ledger.cover()) == 1
    seqs = [beat["seq"] for beat in ledger.beats()]
    assert seqs == list(range(len(seqs)))  # gap-free
    assert len(seqs) >= 2
    for t0, t1, p0, p1 in ledger.spans():
        assert abs((p1 - p0) - (t1 - t0)) < 400  # each as long in the media as on the wall


def test_a_seek_is_two_stretches_and_what_lies_between_is_none(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 420)
    watch(page, 1.5)
    page.evaluate("v.currentTime = 900")
    watch(page, 1.5)
    assert page.inner_text("#m-state") == "先记下，还没有计入"
    pause(page)
    (one, other) = ledger.cover()
    assert one[1] < 424
    assert other[0] > 899
    assert ledger.seconds() < 3.8
    assert "补看" in page.inner_text("#seek-note")  # first view in order: said, and the way back offered
    page.click("#seek-back")
    assert page.evaluate("v.currentTime") < 430


def test_faster_is_media_twice_and_wall_once_and_only_after_its_price_was_said(study: Study, ledger: Ledger) -> None:
    page = study()
    page.evaluate("v.currentTime = 0")
    page.click("[data-rate='1.5']")
    words = page.inner_text("#rate-text")
    assert "1.5 倍速看完余下的 40 分钟，只用 27 分钟" in words
    assert page.evaluate("document.getElementById('rate-yes').getBoundingClientRect().bottom < innerHeight - 60")
    assert page.evaluate("v.playbackRate") == 1
    page.evaluate("v.currentTime = v.duration - 60")
    page.click("[data-rate='1.5']")
    assert "余下的 60 秒，只用 40 秒，也只计 40 秒；少计的 20 秒" in page.inner_text("#rate-text")
    page.evaluate("v.currentTime = 0")
    page.click("#rate-yes")
    assert page.evaluate("v.playbackRate") == 1.5
    play(page, 440)
    watch(page, 2.5)
    pause(page)
    media = sum(p1 - p0 for _, _, p0, p1 in ledger.spans()) / 1000
    assert abs(media - 1.5 * ledger.seconds()) < 0.5
    assert 2.2 < ledger.seconds() < 3.2


def test_a_rate_beyond_the_policy_is_taken_back(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 460)
    page.evaluate("v.playbackRate = 16")
    watch(page, 1.2)
    assert page.evaluate("v.playbackRate") == 1
    assert "最高 1.5 倍速" in page.inner_text("#m-say")
    pause(page)
    assert ledger.seconds() < 2.2
    assert all(p1 - p0 <= 1.02 * 1.5 * (t1 - t0) + 300 for t0, t1, p0, p1 in ledger.spans())


def test_a_script_that_jumps_ahead_earns_no_more_than_the_wall(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 480)
    began = time.monotonic()
    page.evaluate("window.h = setInterval(() => (v.currentTime += 1), 100)")
    watch(page, 2)
    page.evaluate("clearInterval(h)")
    pause(page)
    took = time.monotonic() - began
    media = sum(b - a for a, b in ledger.cover())
    assert ledger.seconds() <= took + 0.3
    assert media <= took + 0.6  # of about twenty seconds skipped


def test_without_network_it_goes_on_counting_keeps_the_reports_and_a_later_page_sends_them(
    study: Study, ledger: Ledger
) -> None:
    page = study(cadence=1000)
    play(page, 520)
    page.context.set_offline(True)
    watch(page, 3)
    assert int(page.inner_text("#m-queue")) >= 2
    assert state(page) == "先记下，还没有计入"  # what comes before 520 s has not been seen here
    assert "存在本机" in page.inner_text("#m-queued")
    before = ledger.seconds()
    page.goto("about:blank")  # closed in the outage
    page.context.set_offline(False)
    page.goto(LESSON)
    sent(page)
    wait_for(page, "document.getElementById('m-queued').textContent === ''")
    assert before < 1.2
    assert 2.6 < ledger.seconds() < 4.2


def test_leaving_in_mid_play_delivers_the_tail_and_a_repetition_changes_nothing(study: Study, ledger: Ledger) -> None:
    page = study(cadence=None)
    play(page, 540)
    watch(page, 2)
    page.goto("about:blank")
    deadline = time.monotonic() + 5
    while not ledger.beats() and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert 1.6 < ledger.seconds() < 2.8  # by beacon: there was no tick yet
    once = ledger.beats()
    page.goto(LESSON)  # the outbox still held it, and sends it again
    sent(page)
    assert ledger.beats() == once


HIDE = "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
SHOW = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"


def test_a_hidden_page_counts_nothing_and_says_so(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 560)
    watch(page, 1.2)
    page.evaluate(HIDE)
    watch(page, 2)
    assert state(page) == "页面在后台，未计时"
    page.evaluate(SHOW)
    watch(page, 0.8)
    pause(page)
    assert 1.4 < ledger.seconds() < 2.9


def test_a_frozen_page_claims_nothing_for_the_time_it_slept(study: Study, ledger: Ledger) -> None:
    page = study()
    play(page, 580)
    watch(page, 1)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(2.8)  # nothing runs in the page: it cannot be asked
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    watch(page, 0.6)
    pause(page)
    assert ledger.seconds() < 4.6


def test_without_indexeddb_the_memory_of_the_page_holds_the_reports(study: Study, ledger: Ledger) -> None:
    page = study(script="Object.defineProperty(window, 'indexedDB', {get() { throw new Error('denied') }})")
    play(page, 600)
    watch(page, 1.5)
    pause(page)
    assert 1.2 < ledger.seconds() < 2.6


def test_a_page_gone_quiet_and_the_ledger_agree_within_one_cadence(study: Study, ledger: Ledger) -> None:
    page = study("learner2", cadence=None)  # the policy's fifteen seconds
    page.evaluate("v.currentTime = 0")
    shown = page.inner_text("#m-total")
    play(page)
    watch(page, 3)
    pause(page)
    wait_for(page, f"document.getElementById('m-total').textContent !== '{shown}'", 20)
    assert ledger.seconds() > 2.5
    text = page.inner_text("#m-total").split(":")
    page.reload()  # rendered from the credit rows themselves
    counted = page.inner_text("#m-total").split(":")
    assert abs(int(text[0]) * 60 + int(text[1]) - int(counted[0]) * 60 - int(counted[1])) <= 15


def test_two_tabs_report_as_two_sessions_and_neither_loses_anything(study: Study, ledger: Ledger) -> None:
    page = study()
    other = study(page=page.context.new_page())
    play(page, 620)
    play(other, 640)
    watch(page, 2)
    pause(page)
    pause(other)
    by_session: dict[str, list[int]] = {}
    for beat in ledger.beats():
        by_session.setdefault(beat["sid"], []).append(beat["seq"])
    assert len(by_session) == 2
    assert all(seqs == list(range(len(seqs))) for seqs in map(sorted, by_session.values()))


def test_what_a_crashed_page_had_kept_is_sent_by_the_next_one(study: Study, ledger: Ledger) -> None:
    page = study(cadence=1000)
    play(page, 660)
    page.route("**/api/beats", lambda route: route.abort())
    watch(page, 2.5)
    context = page.context
    with pytest.raises(Exception, match="crash"):  # the renderer dies: no pagehide, no beacon
        page.goto("chrome://crash")
    assert ledger.seconds() < 1.2
    again = context.new_page()
    again.goto(LESSON)
    wait_for(again, "window.v && v.readyState >= 1")
    sent(again)
    assert ledger.seconds() > 1.5


def test_another_account_on_the_same_machine_never_sends_mine(study: Study, ledger: Ledger, cookies: Study) -> None:
    page = study(cadence=1000)
    play(page, 680)
    page.route("**/api/beats", lambda route: route.abort())
    page.evaluate("navigator.sendBeacon = () => false")
    watch(page, 1.6)
    page.goto("about:blank")
    page.unroute("**/api/beats")
    page.context.clear_cookies()
    page.context.add_cookies(cookies("learner2"))
    mine = ledger.beats()
    page.goto(LESSON)
    wait_for(page, "v.readyState >= 1")
    watch(page, 0.8)
    assert page.inner_text("#m-queue") == "0"
    assert ledger.beats() == mine
    page.context.clear_cookies()
    page.context.add_cookies(cookies("learner"))
    page.goto(LESSON)  # back at this machine: now they are sent
    wait_for(page, "v.readyState >= 1")
    sent(page)
    assert len(ledger.beats()) > len(mine)
