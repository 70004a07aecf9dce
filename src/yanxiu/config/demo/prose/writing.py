"""Outcomes and posts out of `data/prose.toml`: seeded by the writer, and so the same every time."""

import random
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from yanxiu.config.demo.cast import DATA, cast

__all__ = ["longer", "outcome", "practice"]


@cache
def _clauses() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "prose.toml").read_text(encoding="utf-8"))


def _rng(*what: object) -> random.Random:
    return random.Random("-".join(map(str, what)))  # noqa: S311  (a play, not a secret)


def _one(rng: random.Random, kind: str) -> str:
    """A sentence of that kind, its gaps filled."""
    gaps: dict[str, object] = {name: rng.choice(_clauses()[name]) for name in ("trait", "x", "y")}
    gaps |= {"a": rng.randrange(5, 19), "b": rng.randrange(4, 21), "c": rng.randrange(22, 64)}
    return str(rng.choice(_clauses()[kind])).format(school="{school}", **gaps)


def _measure(rng: random.Random, topic: Mapping[str, Any]) -> str:
    when, who, how = (rng.choice(_clauses()[kind]) for kind in ("when", "who", "how"))
    done = f"{rng.choice(topic['act'])}{rng.choice(topic['what'])}"
    return rng.choice(
        (f"{when}{done}，{how}。", f"{who}{done}，{how}。", f"{when}{who}{done}。", f"{done}由{who}，{how}。")
    )


def practice(who: int, occasion: str) -> str:
    """What one's school does, in two sentences: for a post."""
    rng = _rng("post", who, occasion)
    topic = rng.choice(_clauses()["topic"])
    return f"我们是{_measure(rng, topic)}{_measure(rng, topic)}"


def outcome(who: int) -> dict[str, str]:
    """Title and body of the piece this learner hands in."""
    rng = _rng("outcome", who)
    topic = rng.choice(_clauses()["topic"])
    done, planned = ("".join(num + _measure(rng, topic) for num in _clauses()["order"]) for _part in range(2))
    opening, *rest = (_one(rng, kind) for kind in ("open", "effect", "effect", "after", "gap", "gap"))
    opening = opening.replace("{school}", cast().learners[who].school)
    return {"title": topic["title"], "body": f"{opening}主要做法：{done}{''.join(rest)}接下来打算：{planned}"}


def longer(who: int) -> str:
    """The same piece with the effects somebody asked for: handed in again."""
    rng = _rng("again", who)
    return outcome(who)["body"] + "补充实施效果：" + "".join(_one(rng, kind) for kind in ("effect", "after") * 2)
