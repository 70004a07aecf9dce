"""What a class's study policy decides. Caps live here and nowhere else. The presets are data: study/policies."""

from dataclasses import dataclass

__all__ = ["Policy"]


@dataclass(frozen=True)
class Policy:
    """One version of one preset; a session pins it by `id` when it opens, so a change is never retroactive."""

    id: str  # "enaea-2017@1"
    zone: str = "Asia/Shanghai"
    cadence_ms: int = 15_000
    max_rate: float = 1.0
    first_view_seek: bool = False  # media beyond the frontier waits until the gap before it is filled
    seek_slack_ms: int = 30_000
    replay_tops_up: bool = True
    challenges: bool = False
    challenge_every_ms: tuple[int, int] = (8 * 60_000, 20 * 60_000)
    challenge_answer_ms: int = 90_000
    contact_grace_ms: int = 20 * 60_000
    late_ms: int = 72 * 3_600_000
    complete_ratio: float = 0.98
    daily_cap_ms: int | None = None
    night: tuple[int, int] | None = None  # minutes of the local day that do not count: (0, 300) = 00:00-05:00
