"""Playing the six weeks: study through the real endpoint, everything else through the real actions, one clock for both."""

import heapq
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from yanxiu.config.commands.operate.serve import web_child
from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.agenda import Act
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.stage import Stage
from yanxiu.config.demo.study.sitting import Post, Session, posts
from yanxiu.config.demo.study.wire import Answered, Browser, Server, body_of
from yanxiu.config.running.supervisor import start, stop

__all__ = ["Play", "free_port", "links_for", "play", "web_server"]

HOST = "127.0.0.1"
START_SECONDS = 30.0
POST, ACT, OPEN = 0, 1, 2  # at the same instant in this order


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
            time.sleep(0.1)
    raise Answered("the server of the play did not start")


@contextmanager
def web_server(links: Mapping[str, str]) -> Iterator[Server]:
    """The real web process on a port of its own, on this installation's data directory, with these sign-in links."""
    port = free_port()
    child = web_child(HOST, port)
    child.extra = {
        "YANXIU_DEMO": "1",
        "YANXIU_DEMO_LINKS": _json(links),
        "YANXIU_ORIGIN": f"http://{HOST}:{port}",
    }
    start(child)
    try:
        server = Server(HOST, port)
        _wait_until_ready(server)
        yield server
    finally:
        stop(child)


def _json(links: Mapping[str, str]) -> str:
    import json  # slow import: only where links are handed over

    return json.dumps(dict(links))


@dataclass
class Play:
    """What is played: sessions of study and acts, and where people sit."""

    stage: Stage
    acting: Acting
    clock: PlayClock
    sessions: Iterable[Session]
    acts: Iterable[Act]
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


def _events(play_: Play) -> Iterator[tuple[int, int, object]]:
    """(instant, kind, what) in order of time."""
    study = [
        [(session.opened, OPEN, session), *((post.at, POST, (session, post)) for post in posts(session))]
        for session in play_.sessions
    ]
    acts = [(act.at, ACT, act) for act in play_.acts]
    yield from heapq.merge(*study, acts, key=lambda event: event[:2])


def play(play_: Play, server: Server) -> None:
    """All of it, in order of simulated time; POSTs of one instant travel side by side, as they do in a real class."""
    with ThreadPoolExecutor(4) as pool:
        for (at, kind), group in groupby(_events(play_), key=lambda event: (event[0], event[1])):
            play_.clock.move(at)
            if kind == POST:
                sent = [pool.submit(_post, play_, server, *what) for _, _, what in group]  # type: ignore[misc]  # a pair
                for one in sent:
                    one.result()
                continue
            for _, _, what in group:
                if isinstance(what, Session):
                    _open(play_, what)
                elif isinstance(what, Act):
                    play_.acting.do(what)
                    play_.tick("act")


def _open(play_: Play, session: Session) -> None:
    enrolment = play_.stage.enrolments[session.learner]
    lesson = play_.stage.lessons[session.lesson]
    play_.tokens[id(session)] = play_.browsers[session.learner].open_session(enrolment.pk, lesson.pk)
    play_.tick("session")


def _post(play_: Play, server: Server, session: Session, post: Post) -> None:
    server.post_beats(body_of(play_.tokens[id(session)], post.beats))
    play_.tick("post")
