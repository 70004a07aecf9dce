"""The command line as an operator meets it."""

import argparse
import ast
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from factories.running import running

from yanxiu.config import cli, options
from yanxiu.config.cli import _explain as explain
from yanxiu.config.cli import _help_of as help_of
from yanxiu.config.cli import commands


def _yanxiu(*args: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    command = [sys.executable, "-m", "yanxiu", *args, "--data-dir", str(folder)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that doctor has prepared."""
    made = tmp_path_factory.mktemp("installation") / "data"
    assert _yanxiu("doctor", folder=made).returncode == 0
    return made


def test_every_command_explains_itself() -> None:
    assert {"demo", "serve", "figures", "rebuild", "routes", "doctor", "backup", "restore"} <= set(commands())
    helps = {name: help_of(module) for name, module in commands().items()}
    assert {name: line for name, line in helps.items() if line.isascii()} == {}  # one language


def test_an_unknown_command_is_refused_in_chinese(tmp_path: Path) -> None:
    done = _yanxiu("fly", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("没有这个命令：fly")


def _refused(name: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    module = importlib.import_module(commands()[name])
    parser = cli._Parser(prog=f"yanxiu {name}")
    module.add_arguments(parser)
    with pytest.raises(SystemExit) as stop:
        parser.parse_args(arguments)
    assert stop.value.code == 2
    return capsys.readouterr().err.strip()


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_", "ngettext"):
        monkeypatch.setattr(argparse, name, getattr(argparse, name))
    cli._speak_chinese()


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("routes", ["--upside-down"], "不认识 --upside-down"),
        ("serve", ["--port", "eighty"], "--port：这个值不合适：'eighty'"),
        ("serve", ["--port"], "--port：后面要有一个值"),
        ("serve", ["--port=1", "and", "more"], "不认识 and more"),
        ("figures", [], "缺少 CLASS"),
        ("routes", ["--json=1"], "--json：后面不能带值 '1'"),
        ("verify", ["--a"], "--a 不明确，可能是 --audit, --all"),
    ],
)
def test_a_wrong_argument_is_refused_in_chinese_words_alone(
    in_chinese: None, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], said: str
) -> None:
    told = _refused(name, arguments, capsys)
    assert told == f"参数有误：{said}（用 yanxiu {name} --help 看用法）"


def test_everything_argparse_may_say_to_an_operator_is_in_the_table() -> None:
    """Of the Python that runs; what is left out are errors of whoever writes a parser."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    said = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in {"_", "ngettext"}
        and isinstance(call.args[0], ast.Constant)
    }
    ours = {
        text for text in said
        if not re.search(r"callable|__call__|subparser|conflict|dest=|group|'required' is|mode|mutually|option string %", text)
    }  # fmt: skip
    assert ours - cli._words().keys() == set()
    for text, chinese in cli._words().items():
        assert sorted(re.findall(r"%(?:\(\w+\))?[a-z]", text)) in (
            sorted(re.findall(r"%(?:\(\w+\))?[a-z]", chinese)), ["%(type)s", *re.findall(r"%\(\w+\)[a-z]", chinese)]
        )  # fmt: skip


def test_a_wrong_argument_is_refused_without_a_trace(folder: Path) -> None:
    done = _yanxiu("routes", "--upside-down", folder=folder)
    assert (done.returncode, done.stderr) == (2, "参数有误：不认识 --upside-down（用 yanxiu routes --help 看用法）\n")
    env = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    bare = [sys.executable, "-m", "yanxiu", "routes", "--data-dir"]
    early = subprocess.run(bare, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert (early.returncode, early.stderr) == (
        2,
        "参数有误：--data-dir：后面要有一个值（用 yanxiu routes --help 看用法）\n",
    )


def test_a_failure_is_one_line_and_no_trace(folder: Path) -> None:
    done = _yanxiu("figures", "no-such-class", folder=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_asking_where_no_installation_is_says_so_and_makes_none(tmp_path: Path) -> None:
    done = _yanxiu("verify", "--all", folder=tmp_path / "nowhere")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--data-dir" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_reader_that_has_read_enough_is_no_failure(folder: Path) -> None:
    command = [sys.executable, "-m", "yanxiu", "routes", "--json", "--data-dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert (child.stderr.read(), child.wait(60)) == (b"", 141)


def test_doctor_reads_the_durability_settings_back(folder: Path) -> None:
    found = json.loads(_yanxiu("doctor", "--json", folder=folder).stdout)
    schema = json.loads((Path(__file__).parents[2] / "docs/schemas/doctor.json").read_text(encoding="utf-8"))
    assert set(schema["required"]) <= set(found)
    assert (found["database"]["journal_mode"], found["database"]["synchronous"]) == ("wal", 2)
    assert (found["ledger"]["journal_mode"], found["ledger"]["synchronous"]) == ("wal", 2)
    assert found["sqlite"]["safe"] is True
    assert found["problems"] == []


def test_routes_lists_every_address_with_its_audience(folder: Path) -> None:
    rows = json.loads(_yanxiu("routes", "--json", folder=folder).stdout)
    patterns = {row["pattern"] for row in rows}
    assert {"/healthz", "/readyz", "/api/sessions", "/api/beats"} <= patterns
    assert {row["audience"] for row in rows} <= {"public", "signed_in", "learner", "staff", "machine"}
    assert [row for row in rows if not row["methods"]] == []


def test_rebuild_of_an_empty_installation_does_nothing(folder: Path) -> None:
    done = _yanxiu("rebuild", folder=folder)
    assert (done.returncode, done.stdout) == (0, "已从学时台账重算 0 人的学时。\n已从成果重建 0 篇的查重指纹。\n")


def test_a_backup_restores_to_the_same_and_never_over_something(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.tar"
    attached = folder / "attachments" / "ab" / "abcd"
    attached.parent.mkdir(parents=True, exist_ok=True)
    attached.write_bytes(b"%PDF-")
    (attached.parent / ".half").write_bytes(b"%P")
    assert _yanxiu("backup", str(file), folder=folder).returncode == 0
    assert _yanxiu("backup", str(file), folder=folder).returncode == 2
    again = tmp_path / "again"
    assert _yanxiu("restore", str(file), folder=again).returncode == 0
    assert (again / "keys/master").read_bytes() == (folder / "keys/master").read_bytes()
    assert [path.read_bytes() for path in (again / "attachments/ab").iterdir()] == [b"%PDF-"]
    assert _yanxiu("doctor", folder=again).returncode == 0
    refused = _yanxiu("restore", str(file), folder=again)
    assert (refused.returncode, "已存在" in refused.stderr) == (2, True)


def test_a_damaged_backup_is_named_and_nothing_is_made(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.tar"
    _yanxiu("backup", str(file), folder=folder)
    raw = bytearray(file.read_bytes())
    raw[2048] ^= 1
    file.write_bytes(raw)
    done = _yanxiu("restore", str(file), folder=tmp_path / "again")
    assert done.returncode == 1
    assert "yanxiu.sqlite3" in done.stderr
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("minutes", ["", "ten", "-1", "1441", "1.5"])
def test_minutes_nobody_can_work_with_are_named(minutes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANXIU_FRESH_MINUTES", minutes)
    with pytest.raises(options.BadOption, match="YANXIU_FRESH_MINUTES 应是 0 到 1440 的整数"):
        options.number("fresh_minutes", 1440)
    assert explain(options.BadOption("…")) == "…"


def test_serve_refuses_plain_http_beyond_this_machine(tmp_path: Path) -> None:
    done = _yanxiu("serve", "--host", "0.0.0.0", folder=tmp_path / "data")
    assert done.returncode == 2
    assert "YANXIU_ALLOW_PLAIN_HTTP" in done.stderr


def test_serve_starts_its_children_again_and_stops_them_all(folder: Path) -> None:
    from yanxiu.config.demo.play import free_port
    from yanxiu.config.demo.study.wire import Server

    port = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    command = [sys.executable, "-m", "yanxiu", "serve", "--port", str(port), "--data-dir", str(folder)]
    with running(command, env, quiet=True) as serving:
        server = Server("127.0.0.1", port)
        _until(lambda: _healthy(server))
        _until(lambda: len(_children(serving.pid)) == 4)  # web, digest, worker, chores
        before = _children(serving.pid)
        os.kill(before[0], signal.SIGKILL)
        _until(lambda: before[0] not in _children(serving.pid) and len(_children(serving.pid)) == len(before))
        _until(lambda: _healthy(server))
        left = _children(serving.pid)
    assert serving.returncode == 0
    assert [pid for pid in left if Path(f"/proc/{pid}").exists()] == []


def _healthy(server: object) -> bool:
    try:
        return server.ask("GET", "/healthz", b"", {}).status == 200
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    file = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in file.read_text().split()] if file.exists() else []


def _until(condition: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
