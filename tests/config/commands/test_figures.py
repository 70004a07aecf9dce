"""`yanxiu figures CLASS` as a person and as a program call it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories.worlds import small_world

from yanxiu.config import cli
from yanxiu.record.figures.queries import figure_values

pytestmark = pytest.mark.django_db
At = Callable[[str], None]
SCHEMA = Path(__file__).parents[3] / "docs/schemas/figures.json"


def _check(value: Any, schema: dict[str, Any], place: str = "$") -> None:
    """As much of JSON Schema as the published one uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None), "boolean": bool}
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(type(value) is kinds[kind] for kind in wanted), place
    if isinstance(value, dict):
        assert set(value) == set(schema["required"]) == set(schema["properties"]), place
        for key, each in value.items():
            _check(each, schema["properties"][key], f"{place}.{key}")
    if isinstance(value, list):
        for n, each in enumerate(value):
            _check(each, schema["items"], f"{place}[{n}]")


def test_json_has_the_published_shape_and_the_figures_of_the_class(at: At, capsys: pytest.CaptureFixture[str]) -> None:
    world = small_world(learners=2)
    assert cli.run(["figures", world.cls.key, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    _check(printed, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [f["key"] for f in printed["figures"]] == list(figure_values(world.cls))
    first = printed["figures"][0]
    assert (first["value"], first["unit"], first["version"], first["evidence_count"]) == (2, "人", 1, 2)


def test_without_json_a_table_names_every_figure(
    at: At, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    world = small_world(learners=1)
    assert cli.run(["figures", world.cls.key]) == 0
    printed = capsys.readouterr().out
    assert all(value.definition.label_zh in printed for value in figure_values(world.cls).values())


def test_an_unknown_class_cannot_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["figures", "nowhere", "--json"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_an_empty_class_prints_dashes_and_no_exception(at: At, capsys: pytest.CaptureFixture[str]) -> None:
    world = small_world(learners=0)
    assert cli.run(["figures", world.cls.key, "--json"]) == 0
    figures = {f["key"]: f for f in json.loads(capsys.readouterr().out)["figures"]}
    assert (figures["mean_minutes"]["value"], figures["mean_minutes"]["display"]) == (None, "—")
