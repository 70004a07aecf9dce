"""Rules of the house that import-linter cannot say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from house.tree import ROOT, SOURCE, functions, modules, name, tracked, tree_of

REASONS = ("slow import", "thin entry point", "optional dependency")
FORBIDDEN_IN_FACES = {"objects", "_default_manager", "_base_manager"}


def test_every_import_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_an_import_inside_a_function_gives_its_reason() -> None:
    silent = []
    for path in modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in functions(path):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    said = " ".join(lines[node.lineno - 1 : node.end_lineno])
                    if not any(reason in said for reason in REASONS):
                        silent.append(f"{name(path)}:{node.lineno}")
    assert silent == []


def test_faces_leave_the_database_to_rooms() -> None:
    reached = []
    for path in modules():
        if (SOURCE / "faces") not in path.parents:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_IN_FACES:
                reached.append(f"{name(path)}:{node.lineno} .{node.attr}")
            if isinstance(node, ast.Name) and node.id in {"get_object_or_404", "get_list_or_404"}:
                reached.append(f"{name(path)}:{node.lineno} {node.id}")
    assert reached == []


def test_there_is_no_plumbing_by_signals() -> None:
    wired = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Name) and node.id == "receiver")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.dispatch"))
    ]
    assert wired == []


def test_the_intake_runs_without_django() -> None:
    code = "import sys, yanxiu.study.intake.actions, yanxiu.study.ports; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_silenced_without_a_code_and_a_reason() -> None:
    bare = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:))")
    coded = re.compile(r"#\s*(type:\s*ignore\[[^\]]+\]|noqa:\s*[A-Z0-9, ]+)\s*$")
    loud = [
        f"{name(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line) or coded.search(line)
    ]
    assert loud == []


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    hosts = [
        "pypi." + "org",
        "files." + "pythonhosted",
        "registry." + "npmjs",
        "deb." + "debian.org",
        "/wo" + "rk/",
        "/ro" + "ot/",
    ]
    named = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{name(path)}: {host}" for host in hosts if host in text]
    assert named == []
