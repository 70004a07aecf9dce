"""Documentation is tested: what exists has a heading, what a heading names exists, code blocks are whole."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from house.tree import ROOT, tracked

from yanxiu.config.cli import commands
from yanxiu.config.options import OPTIONS
from yanxiu.record.figures.profiles import definitions


def _headings(path: Path) -> set[str]:
    return set(re.findall(r"^##+ (.+?)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_option_has_a_heading_and_every_heading_an_option() -> None:
    assert _headings(ROOT / "docs/operate/options.md") == {option.env for option in OPTIONS.values()}


def test_every_command_has_a_heading_and_every_heading_a_command() -> None:
    assert _headings(ROOT / "docs/operate/commands.md") == set(commands())


def test_every_figure_has_its_line_in_the_table_of_definitions() -> None:
    keys = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/figures.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert keys == list(definitions("enaea-2017"))


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_code_blocks_of_a_readme_are_valid_shell(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert "make demo ARGS=--no-serve\n" in blocks
    assert "make test\n" in blocks
    for block in blocks:
        assert subprocess.run(["bash", "-n"], input=block, text=True, check=False).returncode == 0


def test_both_readmes_run_the_same_commands() -> None:
    blocks = [
        re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for name in ("README.md", "README.zh.md")
    ]
    assert blocks[0] == blocks[1]


def test_links_between_documents_lead_somewhere() -> None:
    dead = []
    for path in tracked():
        if path.suffix != ".md" or "src" in path.parts:
            continue
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                dead.append(f"{path.relative_to(ROOT)} -> {target}")
    assert dead == []


def test_every_published_schema_is_json() -> None:
    for path in sorted((ROOT / "docs/schemas").glob("*.json")):
        assert "$schema" in json.loads(path.read_text(encoding="utf-8")), path.name


def test_decisions_say_what_was_rejected() -> None:
    silent = [
        path.name
        for path in sorted((ROOT / "docs/decisions").glob("*.md"))
        if not re.search(r"reject", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert silent == []
