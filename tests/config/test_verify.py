"""`yanxiu verify`: exit 0, 1, 2 and the published JSON shape."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from factories.worlds import At, World
from record.reporting import frozen, studied_class

from yanxiu.config.commands import verify
from yanxiu.config.wiring import plug_engines
from yanxiu.record.reports.models import FrozenFigure
from yanxiu.study import ports
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/verify.json").read_text(encoding="utf-8"))


@pytest.fixture
def studied(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, Post]]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield studied_class(at)
    ports.unplug()


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args(words))


def test_a_sound_report_ends_with_0_in_the_published_shape(
    studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]
) -> None:
    report = frozen(*studied)
    assert run("--report", str(report.pk), "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown.keys() == set(SCHEMA["required"])
    [only] = shown["reports"]
    assert only.keys() == set(SCHEMA["properties"]["reports"]["items"]["required"])
    assert (only["ok"], only["figures"], only["differences"], only["drift"]) == (True, 15, [], [])
    assert run("--all") == 0
    assert "15 项指标" in capsys.readouterr().out


def test_later_changes_are_told_and_are_no_failure(
    studied: tuple[World, Post], at: At, capsys: pytest.CaptureFixture[str]
) -> None:
    world, post = studied
    report = frozen(world, post)
    at("2017-08-01T09:00:00+08:00")
    discussion.remove_post(world.tutor, post, reason="作者要求")
    assert run("--report", str(report.pk)) == 0
    assert "由 1 变为 0人次，报告不变" in capsys.readouterr().out


def test_a_changed_figure_ends_with_1_and_is_named(
    studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]
) -> None:
    report = frozen(*studied)
    FrozenFigure.objects.filter(report=report, key="compulsory_minutes").update(display="11")
    assert run("--report", str(report.pk)) == 1
    assert "“必修课总时长”印为 11，由其证据计算为 10" in capsys.readouterr().out


def test_an_unknown_report_ends_with_2(studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--report", "404") == 2
    assert "没有编号为 404 的报告" in capsys.readouterr().err


def test_the_chains_can_be_checked_alone(studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--audit") == 0
    assert "哈希链完整" in capsys.readouterr().out


def test_the_public_key_is_printed_as_pem(studied: tuple[World, Post], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--public-key") == 0
    assert capsys.readouterr().out.startswith("-----BEGIN PUBLIC KEY-----\n")
