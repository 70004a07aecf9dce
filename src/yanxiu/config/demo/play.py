"""Playing the six weeks: study through the real endpoint, everything else through the real actions.

The acts are done in this process, by its clock; study goes on beside them in another (study.students).
"""

import json
import secrets
import socket
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection

from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.agenda import Act
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.stage import Stage
from yanxiu.config.demo.study.sitting import Session
from yanxiu.config.demo.study.students import ALL, Students, attend
from yanxiu.config.demo.study.wire import Answered, Browser, Server
from yanxiu.config.running.processes import web_child
from yanxiu.config.running.supervisor import start, stop

__all__ = ["Play", "free_port", "links_for", "play", "web_server"]

HOST = "127.0.0.1"
START_SECONDS = 30.0
SIDE_BY_SIDE = 3  # who sign in at a time


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
    """What is played beside studying, by which clocks, and where people sit."""

    stage: Stage
    acting: Acting
    clock: PlayClock  # of the acts, in this process
    opening: PlayClock  # of the web process that opens sessions
    arriving: PlayClock  # of the web process that takes beats
    acts: Collection[Act]
    tick: Callable[[str, int], object] = lambda _kind, _more: None
    browsers: dict[int, Browser] = field(default_factory=dict)


def sign_in_all(play_: Play, server: Server, links: Mapping[str, str]) -> None:
    """Every learner by a link of their own, at the real sign-in page."""
    token_of = {phone: token for token, phone in links.items()}

    def sign_in(num: int) -> None:
        browser = Browser(server)
        browser.sign_in(f"/demo/{token_of[str(play_.stage.persons[num].phone)]}")
        play_.browsers[num] = browser
        play_.tick("sign_in", 1)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for _done in pool.map(sign_in, play_.stage.persons):
            pass


def _act_all(play_: Play, acted: Connection) -> None:
    """Each act by its person; the students hear how far it has come, and when all of it is done."""
    for act in play_.acts:
        acted.send(act.at)
        play_.clock.move(act.at)
        play_.acting.do(act)
        play_.tick("act", 1)
    acted.send(ALL)


def _hear(play_: Play, told: Connection) -> None:
    """How far study has come, for the bars, until its process ends. Answered, in its words, when it could not go on."""
    seen: dict[str, int] = {}
    with suppress(EOFError):
        while True:
            said: dict[str, int] | str = told.recv()
            if isinstance(said, str):
                raise Answered(said)
            for kind, done in said.items():
                play_.tick(kind, done - seen.get(kind, 0))
            seen = said


def play(play_: Play, sessions: Sequence[Session], pages: Server, intake: Server) -> None:
    """All of it: study in a process of its own, the acts in this one."""
    stage = play_.stage
    students = Students(
        sessions, {num: browser.cookies for num, browser in play_.browsers.items()},
        {num: enrolment.pk for num, enrolment in stage.enrolments.items()}, [lesson.pk for lesson in stage.lessons],
        (pages.host, pages.port), (intake.host, intake.port), play_.opening, play_.arriving,
    )  # fmt: skip
    own = get_context("spawn")
    heard, acted = own.Pipe(duplex=False)
    told, tell = own.Pipe(duplex=False)
    child = own.Process(target=attend, args=(students, heard, tell), daemon=True)
    child.start()
    heard.close()
    tell.close()
    with ThreadPoolExecutor(1) as pool:
        hearing = pool.submit(_hear, play_, told)
        try:
            with suppress(BrokenPipeError):  # the students have gone, and have said why
                _act_all(play_, acted)
        finally:
            acted.close()
        hearing.result()
    child.join()
    if child.exitcode:
        raise Answered(f"the students' process ended with {child.exitcode}")
