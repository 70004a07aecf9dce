"""The learners' side of the play, in a process of its own: lessons are opened and beats posted as a hundred browsers would.

Two strands, each by a clock of its own: sessions being opened at one web process, beats arriving at another one of the same
installation. No strand runs ahead of its cause: nobody opens a lesson before what was done until then has been done (the
play says how far it has come), no beat comes before its session.
"""

import heapq
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from multiprocessing.connection import Connection

from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.study.sitting import Post, Session, posts
from yanxiu.config.demo.study.wire import Browser, Server

__all__ = ["ALL", "Students", "attend"]

ALL = float("inf")  # said when everything has been done
SIDE_BY_SIDE = 12
TELL_SECONDS = 0.2


@dataclass
class Students:
    """What their process needs to know: who sits where, signed in how."""

    sessions: Sequence[Session]
    cookies: Mapping[int, dict[str, str]]  # by learner
    enrolments: Mapping[int, int]
    lessons: Sequence[int]
    pages: tuple[str, int]
    intake: tuple[str, int]
    opening: PlayClock  # of the web process that opens sessions
    arriving: PlayClock  # of the web process that takes beats


class _Progress:
    """How far a strand has come: everything before `reached` is done."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._until = 0.0

    def reached(self, at: float) -> None:
        with self._moved:
            self._until = at
            self._moved.notify_all()

    def wait_for(self, at: int) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._until > at)


@dataclass
class _Strands:
    """Both at work. `done` counts what the play's bars show."""

    told: Students
    acted: _Progress = field(default_factory=_Progress)
    opened: _Progress = field(default_factory=_Progress)
    tokens: dict[int, str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def open_all(self) -> None:
        server = Server(*self.told.pages)
        browsers = {num: Browser(server, cookies) for num, cookies in self.told.cookies.items()}
        try:
            for session in sorted(self.told.sessions, key=lambda session: session.opened):
                self.opened.reached(session.opened)
                self.acted.wait_for(session.opened)
                self.told.opening.move(session.opened)
                enrolment, lesson = self.told.enrolments[session.learner], self.told.lessons[session.lesson]
                self.tokens[id(session)] = browsers[session.learner].open_session(enrolment, lesson)
                self.done["session"] += 1
        finally:
            self.opened.reached(ALL)

    def post_all(self) -> None:
        """POSTs of one instant travel side by side, as they do in a real class."""
        server = Server(*self.told.intake)

        def send(session: Session, post: Post) -> None:
            server.post_beats(self.tokens[id(session)], post.beats, session.opened)

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for at, group in groupby(_arrivals(self.told.sessions), key=lambda arrival: arrival[0]):
                self.opened.wait_for(at)
                self.told.arriving.move(at)
                for sent in [pool.submit(send, session, post) for _, session, post in group]:
                    sent.result()
                    self.done["post"] += 1


def _arrivals(sessions: Iterable[Session]) -> Iterator[tuple[int, Session, Post]]:
    """All POSTs of beats in order of time."""
    study = [[(post.at, session, post) for post in posts(session)] for session in sessions]
    yield from heapq.merge(*study, key=lambda arrival: arrival[0])


def attend(told: Students, acted: Connection, tell: Connection) -> None:
    """The process: hears how far the acts have come, tells how far study has, or in words why it cannot go on."""
    strands = _Strands(told)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(strands.open_all), pool.submit(strands.post_all)]
        try:
            _follow(strands, both, acted, lambda: tell.send(dict(strands.done)))
            for strand in both:
                strand.result()
        except EOFError:  # the acts broke off, and say themselves why
            strands.acted.reached(ALL)
        except Exception as error:  # noqa: BLE001  (whatever it was, the play stops there and says so)
            strands.acted.reached(ALL)
            tell.send(f"{type(error).__name__}: {error}")


def _follow(strands: _Strands, both: Sequence["Future[None]"], acted: Connection, tell: Callable[[], None]) -> None:
    """Until both strands have ended. EOFError when the acts end before they have said so."""
    until = 0.0
    while not all(strand.done() for strand in both):
        if until == ALL:
            threading.Event().wait(TELL_SECONDS)
        elif acted.poll(TELL_SECONDS):
            until = acted.recv()
            strands.acted.reached(until)
            if acted.poll():
                continue
        tell()
    tell()
