"""Threads of a lane: so many and no more, kept, and ended tidily."""

import threading

import pytest

from yanxiu.config.serving.lanes import Lane


def test_no_more_threads_than_the_lane_has_and_none_begun_without_need() -> None:
    lane = Lane("t", 3)
    assert len({lane.submit(threading.get_ident).result(5) for _ in range(5)}) == 1
    begun, release = threading.Semaphore(0), threading.Event()

    def hold() -> int:
        begun.release()
        release.wait(10)
        return threading.get_ident()

    futures = [lane.submit(hold) for _ in range(8)]
    for _ in range(3):
        assert begun.acquire(timeout=5)
    assert not begun.acquire(blocking=False)
    release.set()
    assert len({future.result(5) for future in futures}) == 3
    assert lane.close(5)


def test_what_waits_in_line_can_be_taken_back_and_what_fails_says_so() -> None:
    lane, release = Lane("t", 1), threading.Event()
    first, second = lane.submit(release.wait, 10), lane.submit(divmod, 1, 0)
    third = lane.submit(divmod, 7, 2)
    assert third.cancel()
    release.set()
    assert first.result(5)
    with pytest.raises(ZeroDivisionError):
        second.result(5)
    assert lane.submit(divmod, 7, 2).result(5) == (3, 1)
    assert lane.close(5)


def test_every_thread_does_its_last_thing_when_the_lane_is_closed() -> None:
    ended: list[int] = []
    lane = Lane("t", 2, lambda: ended.append(threading.get_ident()))
    barrier = threading.Barrier(3)
    futures = [lane.submit(lambda: (barrier.wait(5), threading.get_ident())[1]) for _ in range(2)]
    barrier.wait(5)
    threads = {future.result(5) for future in futures}
    release, begun = threading.Event(), threading.Semaphore(0)
    for _ in range(2):
        lane.submit(lambda: (begun.release(), release.wait(10)))
    for _ in range(2):
        assert begun.acquire(timeout=5)
    waiting = lane.submit(release.wait, 10)
    assert not lane.close(0.05)  # two are still at it
    assert waiting.cancelled()
    release.set()
    assert lane.close(5)
    assert set(ended) == threads
    with pytest.raises(RuntimeError):
        lane.submit(divmod, 7, 2)
