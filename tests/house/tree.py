"""What the tests of the house look at."""

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yanxiu"


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the product; migrations are exempt."""
    return tuple(path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


class Function(NamedTuple):
    name: str
    first: int  # lines
    last: int


class Outline(NamedTuple):
    """What the rules of the house ask of a module, with line numbers."""

    functions: list[Function]
    imports: list[tuple[int, int, str]]  # first and last line, and the module of a `from … import`
    names: dict[str, list[int]]
    attributes: dict[str, list[int]]


@cache
def outline(path: Path) -> Outline:
    """Each module is read once; its tree, which is large, is not kept."""
    found = Outline([], [], {}, {})
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Name):
            found.names.setdefault(node.id, []).append(node.lineno)
        elif isinstance(node, ast.Attribute):
            found.attributes.setdefault(node.attr, []).append(node.lineno)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.functions.append(Function(node.name, node.lineno, node.end_lineno or node.lineno))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            whence = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            found.imports.append((node.lineno, node.end_lineno or node.lineno, whence))
    return found


@cache
def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked() -> list[Path]:
    """Files under version control (or, in an unpacked archive, every file outside the usual build folders)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / line for line in listed.stdout.split("\0") if line and (ROOT / line).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git", "var"} & set(p.parts)]
