"""Playing the six weeks: study through the real endpoint, everything else through the real actions.

Three strands run side by side, each by a clock of its own: the acts in this process, sessions being opened at one web
process, beats arriving at another one of the same installation. No strand runs ahead of its cause: nobody opens a lesson
before registering, no beat comes before its session.
"""

import heapq
import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.agenda import Act
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.stage import Stage
from yanxiu.config.demo.study.sitting import Post, Session, posts
from yanxiu.config.demo.study.wire import Answered, Browser, Server
from yanxiu.config.running.processes import web_child
from yanxiu.config.running.supervisor import start, stop

__all__ = ["Play", "free_port", "links_for", "play", "web_server"]

HOST = "127.0.0.1"
START_SECONDS = 30.0
SIDE_BY_SIDE = 12


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def links_for(phones: Iterable[str]) -> dict[str, str]:
    """Single-use sign-in tokens, one a phone; they die with the server they are given to."""
    return {secrets.token_urlsafe(18): phone for phone in phones}


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if server.ask("GET", "/healthz", b"", {}).status == 200:
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.1)
    raise Answered("the server of the play did not start")


@contextmanager
def web_server(links: Mapping[str, str], clock: PlayClock) -> Iterator[Server]:
    """The real web process on a port of its own, on this installation's data directory, with these sign-in links."""
    port = free_port()
    child = web_child(HOST, port)
    child.extra = {
        "YANXIU_DEMO": "1",
        "YANXIU_DEMO_LINKS": json.dumps(dict(links)),
        "YANXIU_ORIGIN": f"http://{HOST}:{port}",
        **clock.environment(),
    }
    start(child)
    try:
        server = Server(HOST, port)
        _wait_until_ready(server)
        yield server
    finally:
        stop(child)


@dataclass
class Play:
    """What is played: sessions of study and acts, and where people sit."""

    stage: Stage
    acting: Acting
    clock: PlayClock  # of the acts, in this process
    opening: PlayClock  # of the web process that opens sessions
    arriving: PlayClock  # of the web process that takes beats
    sessions: Collection[Session]
    acts: Collection[Act]
    tick: Callable[[str], object] = lambda _: None
    browsers: dict[int, Browser] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)


def sign_in_all(play_: Play, server: Server, links: Mapping[str, str]) -> None:
    """Every learner by a link of their own, at the real sign-in page."""
    token_of = {phone: token for token, phone in links.items()}
    for num, person in play_.stage.persons.items():
        browser = Browser(server)
        browser.sign_in(f"/demo/{token_of[str(person.phone)]}")
        play_.browsers[num] = browser
        play_.tick("sign_in")


def _arrivals(sessions: Iterable[Session]) -> Iterator[tuple[int, Session, Post]]:
    """All POSTs of beats in order of time."""
    study = [[(post.at, session, post) for post in posts(session)] for session in sessions]
    yield from heapq.merge(*study, key=lambda arrival: arrival[0])


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


def _open_all(play_: Play, acted: _Progress, opened: _Progress) -> None:
    try:
        for session in sorted(play_.sessions, key=lambda session: session.opened):
            opened.reached(session.opened)
            acted.wait_for(session.opened)
            play_.opening.move(session.opened)
            browser = play_.browsers[session.learner]
            enrolment, lesson = play_.stage.enrolments[session.learner], play_.stage.lessons[session.lesson]
            play_.tokens[id(session)] = browser.open_session(enrolment.pk, lesson.pk)
            play_.tick("session")
    finally:
        opened.reached(float("inf"))


def _post_all(play_: Play, server: Server, opened: _Progress) -> None:
    """POSTs of one instant travel side by side, as they do in a real class."""

    def send(session: Session, post: Post) -> None:
        server.post_beats(play_.tokens[id(session)], post.beats, session.opened)
        play_.tick("post")

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for at, group in groupby(_arrivals(play_.sessions), key=lambda arrival: arrival[0]):
            opened.wait_for(at)
            play_.arriving.move(at)
            for sent in [pool.submit(send, session, post) for _, session, post in group]:
                sent.result()


def _act_all(play_: Play, acted: _Progress, others: Sequence[Future[None]]) -> None:
    try:
        for act in play_.acts:
            acted.reached(act.at)
            play_.clock.move(act.at)
            play_.acting.do(act)
            play_.tick("act")
            for other in others:
                if other.done():
                    other.result()
    finally:
        acted.reached(float("inf"))


def play(play_: Play, intake: Server) -> None:
    """All of it. Study needs no Django and has threads of its own; the acts stay in this one."""
    acted, opened = _Progress(), _Progress()
    switch = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # the acts must not keep an arrived answer waiting
    try:
        with ThreadPoolExecutor(2) as pool:
            strands = [
                pool.submit(_open_all, play_, acted, opened),
                pool.submit(_post_all, play_, intake, opened),
            ]
            _act_all(play_, acted, strands)
            for strand in strands:
                strand.result()
    finally:
        sys.setswitchinterval(switch)
