"""Rules of the house that import-linter cannot say."""

import re
import subprocess
import sys
from pathlib import Path

from house.tree import ROOT, SOURCE, modules, name, outline, tracked

REASONS = ("slow import", "thin entry point", "optional dependency")
FORBIDDEN_IN_FACES = {"objects", "_default_manager", "_base_manager"}


def test_every_import_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_an_import_inside_a_function_gives_its_reason() -> None:
    silent = []
    for path in modules():
        read = outline(path)
        inner = [lines for lines in read.imports if any(f.first <= lines[0] <= f.last for f in read.functions)]
        text = path.read_text(encoding="utf-8").splitlines() if inner else []
        for first, last, _ in inner:
            if not any(reason in " ".join(text[first - 1 : last]) for reason in REASONS):
                silent.append(f"{name(path)}:{first}")
    assert silent == []


def test_faces_leave_the_database_to_rooms() -> None:
    reached = []
    for path in modules():
        if (SOURCE / "faces") not in path.parents:
            continue
        read = outline(path)
        for word in FORBIDDEN_IN_FACES & read.attributes.keys():
            reached += [f"{name(path)}:{line} .{word}" for line in read.attributes[word]]
        for word in {"get_object_or_404", "get_list_or_404"} & read.names.keys():
            reached += [f"{name(path)}:{line} {word}" for line in read.names[word]]
    assert reached == []


def test_there_is_no_plumbing_by_signals() -> None:
    wired = []
    for path in modules():
        read = outline(path)
        lines = [first for first, _, whence in read.imports if whence.startswith("django.dispatch")]
        wired += [f"{name(path)}:{line}" for line in lines + read.names.get("receiver", [])]
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
