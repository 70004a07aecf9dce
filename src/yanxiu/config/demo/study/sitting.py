"""What one learner does in front of one lesson, in whole seconds: sessions, stretches, the beats and POSTs they become."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["BEHAVIOURS", "Beat", "Post", "Seat", "Session", "Stretch", "posts", "sit"]

POST_EVERY_SECONDS = 15 * 60  # of simulated time; well inside the contact grace of 20 min


@dataclass(frozen=True, slots=True)
class Stretch:
    """Media advanced linearly from `p` for `t1 - t0` seconds; `why` names what ended it."""

    t0: int
    t1: int
    p: int
    why: str = "pause"


@dataclass(frozen=True, slots=True)
class Beat:
    """As sent: seconds since the session opened, media position at the start."""

    seq: int
    t0: int
    t1: int
    p0: int
    why: str


@dataclass(frozen=True, slots=True)
class Post:
    """A POST to /api/beats; `at` is when it reaches the server."""

    at: int
    beats: tuple[Beat, ...]


@dataclass
class Session:
    """A page that opened the lesson. `lost`: the tail of the last stretch that a crash ate; `late`: POSTs begin to be
    kept back `late[0]` seconds into the session and arrive together `late[1]` seconds after it ended.
    """

    learner: int
    lesson: int
    opened: int
    stretches: list[Stretch]
    cadence: int = 30
    crashed: bool = False
    late: tuple[int, int] | None = None
    resend: float = 0.0  # share of POSTs sent twice, the second time with an older beat in front
    seed: int = 0
    sent: "list[Post] | None" = field(default=None, compare=False, repr=False)  # once asked for: see posts()

    def beats(self) -> Iterator[Beat]:
        """One beat a cadence and one where a stretch ends; after a crash the unfinished last one is lost."""
        seq = 0
        for number, stretch in enumerate(self.stretches):
            last = number == len(self.stretches) - 1
            for t0 in range(stretch.t0, stretch.t1, self.cadence):
                t1 = min(t0 + self.cadence, stretch.t1)
                ended = t1 == stretch.t1
                if self.crashed and last and t1 - t0 < self.cadence:
                    return
                yield Beat(
                    seq, t0, t1, stretch.p + t0 - stretch.t0, stretch.why if ended and not self.crashed else "tick"
                )
                seq += 1

    def end(self) -> int:
        """The instant it ended."""
        return self.opened + self.stretches[-1].t1


def posts(session: Session) -> list[Post]:
    """POSTs of a session in the order they leave the browser; re-sent ones appear twice. Made once: planner, oracle and play ask."""
    if session.sent is None:
        session.sent = _posts(session)
    return session.sent


def _posts(session: Session) -> list[Post]:
    rng = random.Random(session.seed)  # noqa: S311  (a play)
    batches: dict[int, list[Beat]] = {}
    for beat in session.beats():
        done = session.opened + beat.t1
        at = -(-done // POST_EVERY_SECONDS) * POST_EVERY_SECONDS
        if session.late and beat.t0 >= session.late[0]:
            at = -(-(session.end() + session.late[1]) // POST_EVERY_SECONDS) * POST_EVERY_SECONDS
        batches.setdefault(at, []).append(beat)
    sent: list[Post] = []
    for at in sorted(batches):
        sent.append(Post(at, tuple(batches[at])))
        if rng.random() < session.resend:
            older = sent[-2].beats[-1:] if len(sent) > 1 else ()
            sent.append(Post(at + POST_EVERY_SECONDS, older + tuple(reversed(batches[at]))))
    return sent


@dataclass(frozen=True)
class Seat:
    """Where and when: the learner, the lesson, from which media second, how many new seconds, from which instant."""

    learner: int
    lesson: int
    start: int
    wanted: int
    opened: int
    self_study: int  # a lesson that never counts in figures, for the second tab
    self_study_from: int
    cadence: int


def _session(seat: Seat, opened: int, stretches: Sequence[Stretch], lesson: int | None = None) -> Session:
    return Session(
        seat.learner, seat.lesson if lesson is None else lesson, opened, list(stretches), seat.cadence,
        seed=seat.opened,
    )  # fmt: skip


def _plain(seat: Seat, _rng: random.Random) -> list[Session]:
    return [_session(seat, seat.opened, [Stretch(0, seat.wanted, seat.start, "end")])]


def _paused(seat: Seat, rng: random.Random) -> list[Session]:
    if seat.wanted < 600:
        return _plain(seat, rng)
    cut, gap = rng.randrange(200, seat.wanted - 200), rng.randrange(40, 280)
    return [
        _session(seat, seat.opened, [
            Stretch(0, cut, seat.start, "pause"),
            Stretch(cut + gap, seat.wanted + gap, seat.start + cut, "end"),
        ])
    ]  # fmt: skip


def _replayed(seat: Seat, rng: random.Random) -> list[Session]:
    """Goes back two to five minutes and hears it again: the second time earns nothing."""
    if seat.wanted < 900:
        return _plain(seat, rng)
    cut, back = rng.randrange(400, seat.wanted - 100), rng.randrange(120, 300)
    return [
        _session(seat, seat.opened, [
            Stretch(0, cut, seat.start, "seek"),
            Stretch(cut, seat.wanted + back, seat.start + cut - back, "end"),
        ])
    ]  # fmt: skip


def _crashed(seat: Seat, rng: random.Random) -> list[Session]:
    """The page dies, its last unsent seconds with it; a new session goes on from what had arrived."""
    if seat.wanted < 900:
        return _plain(seat, rng)
    cut = rng.randrange(300, seat.wanted - 300)
    arrived = cut // seat.cadence * seat.cadence
    first = _session(seat, seat.opened, [Stretch(0, cut, seat.start)])
    first.crashed = cut > arrived
    again = seat.opened + cut + rng.randrange(60, 180)
    return [first, _session(seat, again, [Stretch(0, seat.wanted - arrived, seat.start + arrived, "end")])]


def _two_tabs(seat: Seat, rng: random.Random) -> list[Session]:
    """A second lesson runs beside the first: the instants are the newer tab's; the first is heard again afterwards."""
    beside = min(900, seat.wanted - 600)
    if beside < 300:
        return _plain(seat, rng)
    at = rng.randrange(120, seat.wanted - beside - 60)
    first = _session(seat, seat.opened, [Stretch(0, seat.wanted, seat.start, "end")])
    second = _session(
        seat, seat.opened + at, [Stretch(0, beside, seat.self_study_from, "leave")], lesson=seat.self_study
    )
    return [
        first,
        second,
        _session(seat, seat.opened + seat.wanted + 90, [Stretch(0, beside, seat.start + at, "leave")]),
    ]


def _two_devices(seat: Seat, rng: random.Random) -> list[Session]:
    """Goes on on the telephone while the office computer still plays for a minute and a half."""
    if seat.wanted < 900:
        return _plain(seat, rng)
    cut = rng.randrange(300, seat.wanted - 300)
    office = _session(seat, seat.opened, [Stretch(0, cut + 90, seat.start, "leave")])
    return [office, _session(seat, seat.opened + cut, [Stretch(0, seat.wanted - cut, seat.start + cut, "end")])]


def _offline(seat: Seat, rng: random.Random) -> list[Session]:
    """The network is gone for the last ten minutes; the outbox sends them two hours later."""
    if seat.wanted < 1800:
        return _plain(seat, rng)
    session = _plain(seat, rng)[0]
    session.late = ((seat.wanted - 600) // seat.cadence * seat.cadence, 7200)
    return [session]


BEHAVIOURS: dict[str, tuple[Callable[[Seat, random.Random], list[Session]], float]] = {
    "plain": (_plain, 0.52),
    "paused": (_paused, 0.22),
    "replayed": (_replayed, 0.10),
    "crashed": (_crashed, 0.05),
    "two_tabs": (_two_tabs, 0.03),
    "two_devices": (_two_devices, 0.05),
    "offline": (_offline, 0.03),
}


def sit(seat: Seat, rng: random.Random, *, behaviour: str | None = None) -> list[Session]:
    """Sessions in which `seat.wanted` new seconds of the lesson are shown, however the learner went about it."""
    names = list(BEHAVIOURS)
    chosen = behaviour or rng.choices(names, [BEHAVIOURS[name][1] for name in names])[0]
    sessions = BEHAVIOURS[chosen][0](seat, rng)
    for session in sessions:
        session.resend = 0.05 if rng.random() < 0.2 else 0.0
        session.seed = rng.randrange(1 << 30)
    return sessions
