"""The command line: finds the command, points it at its data directory, turns every failure into one Chinese line.

A command is one module under `config/commands` with `add_arguments(parser)` and `run(args) -> int`; its file name is its
name, the first line of its docstring its help. Exit codes: 0 ok, 1 found a difference, 2 could not run.
"""

import argparse
import ast
import gettext
import importlib
import os
import sys
import tomllib
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from yanxiu.config.running.lifeline import end_with_supervisor

__all__ = ["commands", "run"]

FOLDER = Path(__file__).parent / "commands"
# These make, replace or only start a data directory; the rest have Django set up before their module is imported.
WITHOUT_DJANGO = {"serve", "demo", "backup", "restore"}
# These ask an installation that is there; they never make an empty one and answer from that.
OF_AN_INSTALLATION = {"figures", "verify", "roster", "rebuild", "backup", "export-me", "erase-me"}


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("arguments.toml").read_text(encoding="utf-8"))


class _Chinese(gettext.NullTranslations):
    """argparse asks gettext for everything it says; it is asked here instead."""

    def gettext(self, message: str) -> str:
        return _words().get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _words().get(msgid1, msgid1 if n == 1 else msgid2)


class _Parser(argparse.ArgumentParser):
    """argparse in Chinese."""

    def error(self, message: str) -> NoReturn:
        print(f"参数有误：{message}（用 {self.prog} --help 看用法）", file=sys.stderr)
        raise SystemExit(2)


def _speak_chinese() -> None:
    """There is no other door: argparse binds gettext's functions to names of its own when it is imported."""
    chinese = _Chinese()
    vars(argparse).update(_=chinese.gettext, ngettext=chinese.ngettext)


def commands() -> dict[str, str]:
    """Every command's name and the dotted name of its module."""
    found: dict[str, str] = {}
    for file in sorted(FOLDER.rglob("*.py")):
        if file.stem != "__init__":
            parts = file.relative_to(FOLDER).with_suffix("").parts
            found[file.stem.replace("_", "-")] = ".".join(("yanxiu.config.commands", *parts))
    return found


def _help_of(module: str) -> str:
    file = FOLDER.joinpath(*module.split(".")[3:]).with_suffix(".py")
    lines = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").splitlines()
    return lines[0] if lines else ""


def _overview(known: dict[str, str]) -> str:
    width = max(map(len, known), default=0)
    lines = [f"  {name.ljust(width)}  {_help_of(module)}" for name, module in known.items()]
    return "\n".join(["用法：yanxiu COMMAND [--data-dir DIR] …", "", *lines])


def _folder() -> Path:
    return Path(os.environ.get("YANXIU_DATA_DIR") or "var/yanxiu")


def _nothing_in(folder: Path) -> str:
    return f"{folder} 里没有研修的数据：请用 --data-dir 指明数据目录（演示数据在 var/demo）。"


def _other_tables(folder: Path) -> str:
    if (folder / "yanxiu.sqlite3").is_file():
        return f"{folder} 是旧版本的数据：请先用新版本运行一次 yanxiu serve（数据库会自动升级），再用这个命令。"
    return _nothing_in(folder)


def _explain(problem: BaseException) -> str:
    """One Chinese line for whoever ran the command; the trace goes to a file beside the data."""
    name = type(problem).__name__
    if name in {"Refused", "BadOption"}:
        return str(problem)
    if name in {"NotVisible", "DoesNotExist"}:
        return "没有找到：请核对班级代号或编号。"
    if name in {"OperationalError", "DatabaseError", "NotStored"}:
        other = str(problem).startswith(("no such table", "no such column"))
        return _other_tables(_folder()) if other else f"数据库无法读写：{problem}。请检查数据目录、磁盘空间和权限。"
    if isinstance(problem, FileNotFoundError):
        return f"找不到文件：{problem.filename or problem}"
    if isinstance(problem, OSError):
        return f"系统拒绝：{problem.strerror or problem}（{problem.filename or ''}）"
    return f"没能运行：{name}：{problem}"


def _keep_trace(data_dir: str | None) -> None:
    folder = Path(data_dir or os.environ.get("YANXIU_DATA_DIR") or ".")
    if folder.is_dir() and data_dir:
        (folder / "last-error.txt").write_text(traceback.format_exc(), encoding="utf-8")


def _require_installation() -> None:
    if not _folder().is_dir():
        print(_nothing_in(_folder()), file=sys.stderr)
        raise SystemExit(2)


def _parse(name: str, module_name: str, rest: Sequence[str]) -> tuple[argparse.Namespace, object]:
    early = _Parser(prog=f"yanxiu {name}", add_help=False)
    early.add_argument("--data-dir")
    data_dir = early.parse_known_args(rest)[0].data_dir
    if data_dir:
        os.environ["YANXIU_DATA_DIR"] = str(Path(data_dir).absolute())
    if name in OF_AN_INSTALLATION and not {"-h", "--help"} & set(rest):
        _require_installation()
    if name not in WITHOUT_DJANGO:
        from yanxiu.config.running.setup import start_django  # thin entry point

        start_django()
    module = importlib.import_module(module_name)
    parser = _Parser(prog=f"yanxiu {name}", description=_help_of(module_name))
    parser.add_argument("--data-dir", metavar="DIR", help="数据目录（缺省 var/yanxiu，或环境变量 YANXIU_DATA_DIR）")
    module.add_arguments(parser)
    return parser.parse_args(rest), module


def _carried_out(module: object, args: argparse.Namespace) -> int:
    try:
        code = int(module.run(args))  # type: ignore[attr-defined]  # a command module, by contract
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has read enough (… | head): nothing to complain of
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def run(argv: Sequence[str]) -> int:
    """Run one command; the exit code. Never a traceback on the terminal."""
    end_with_supervisor()
    _speak_chinese()
    known = commands()
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(_overview(known))
        return 0 if argv else 2
    name, rest = argv[0], list(argv[1:])
    if name not in known:
        print(f"没有这个命令：{name}\n{_overview(known)}", file=sys.stderr)
        return 2
    try:
        args, module = _parse(name, known[name], rest)
        return _carried_out(module, args)
    except KeyboardInterrupt:
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except Exception as problem:  # noqa: BLE001  (the one place where any failure becomes a line and an exit code)
        _keep_trace(os.environ.get("YANXIU_DATA_DIR"))
        print(_explain(problem), file=sys.stderr)
        return 2
