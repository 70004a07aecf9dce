"""Who plays: fictional people made from syllable lists with a fixed seed, and the lessons they study."""

import csv
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["DATA", "Cast", "LessonRow", "Player", "Staff", "cast", "lessons", "reference", "texts"]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Player:
    """A learner of the main class (num 0…99) or of the second one (num 100…)."""

    num: int
    name: str
    phone: str
    county: str
    school: str
    post_title: str


@dataclass(frozen=True)
class Staff:
    key: str
    label: str
    name: str
    phone: str
    title: str


@dataclass(frozen=True)
class LessonRow:
    """One line of courses.csv; `index` is its place in the file."""

    index: int
    field: str
    field_name: str
    kind: str
    course: str
    lecturer: str
    lecturer_title: str
    title: str
    num: int
    seconds: int


@dataclass(frozen=True)
class Cast:
    seed: int
    data: Mapping[str, Any]
    learners: tuple[Player, ...]
    second_class: tuple[Player, ...]
    staff: tuple[Staff, ...]


def _names(data: Mapping[str, Any], rng: random.Random, wanted: int) -> list[str]:
    names: dict[str, None] = {}
    taken = {row["name"] for row in data["staff"]}
    surnames, first, second = (data[key].split() for key in ("surnames", "given_first", "given_second"))
    while len(names) < wanted:
        name = rng.choice(surnames) + rng.choice(first) + (rng.choice(second) if rng.random() < 0.8 else "")
        if name not in taken:
            names[name] = None
    return list(names)


def _players(data: Mapping[str, Any], rng: random.Random, names: list[str]) -> list[Player]:
    places = [(county["name"], school) for county in data["county"] for school in _spread(county)]
    places += [("灵宝市", "灵宝市函谷中学")] * (len(names) - len(places))
    return [
        Player(num, name, f"{data['phone_prefix']}{num + 1:04d}", county, school, rng.choice(data["post_titles"]))
        for num, (name, (county, school)) in enumerate(zip(names, places, strict=True))
    ]


def _spread(county: Mapping[str, Any]) -> list[str]:
    schools = county["schools"]
    return [schools[i % len(schools)] for i in range(county["seats"])]


@cache
def cast() -> Cast:
    """The same people every time."""
    data = tomllib.loads((DATA / "cast.toml").read_text(encoding="utf-8"))
    rng = random.Random(data["seed"])  # noqa: S311  (a play, not a secret)
    main = sum(county["seats"] for county in data["county"])
    players = _players(data, rng, _names(data, rng, main + 12))
    staff = tuple(
        Staff(row["key"], row["label"], row["name"], f"{data['phone_prefix']}{9000 + num}", row["title"])
        for num, row in enumerate(data["staff"], start=1)
    )
    return Cast(data["seed"], data, tuple(players[:main]), tuple(players[main:]), staff)


@cache
def lessons() -> tuple[LessonRow, ...]:
    """The curriculum of the main class, in order."""
    rows: list[LessonRow] = []
    with (DATA / "courses.csv").open(encoding="utf-8", newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            num = 1 + sum(1 for earlier in rows if earlier.course == row["course"])
            rows.append(
                LessonRow(
                    index, row["field"], row["field_name"], row["kind"], row["course"], row["lecturer"],
                    row["lecturer_title"], row["lesson"], num, int(row["minutes"]) * 60,
                )
            )  # fmt: skip
    return tuple(rows)


@cache
def texts() -> Mapping[str, Any]:
    """Titles and sentences people write with."""
    return tomllib.loads((DATA / "texts.toml").read_text(encoding="utf-8"))


@cache
def reference() -> Mapping[str, Any]:
    """The printed values, with their source."""
    return tomllib.loads((DATA / "reference-2017.toml").read_text(encoding="utf-8"))
