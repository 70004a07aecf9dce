"""The sizes of docs/house.md."""

from pathlib import Path
from statistics import median, quantiles

from house.tree import ROOT, SOURCE, Function, lines_of, modules, name, outline


def _length(function: Function) -> int:
    return function.last - function.first + 1


def test_no_module_is_longer_than_400_lines() -> None:
    assert [(name(path), lines_of(path)) for path in modules() if lines_of(path) > 400] == []


def test_modules_are_short_as_a_rule() -> None:
    lengths = [lines_of(path) for path in modules() if path.name not in {"__init__.py", "apps.py"}]
    assert median(lengths) <= 100
    assert quantiles(lengths, n=10)[8] <= 220


def test_no_function_is_longer_than_60_lines() -> None:
    assert [f"{name(path)}:{f.name}" for path in modules() for f in outline(path).functions if _length(f) > 60] == []


def test_functions_are_short_as_a_rule() -> None:
    lengths = [_length(f) for path in modules() for f in outline(path).functions]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[8] <= 25


def test_no_folder_holds_more_than_nine_modules() -> None:
    counts: dict[Path, int] = {}
    for path in modules():
        if path.name != "__init__.py":
            counts[path.parent] = counts.get(path.parent, 0) + 1
    assert {name(folder): count for folder, count in counts.items() if count > 9} == {}


def test_no_test_file_is_longer_than_400_lines() -> None:
    assert [(name(p), lines_of(p)) for p in sorted((ROOT / "tests").rglob("*.py")) if lines_of(p) > 400] == []


def test_no_template_is_longer_than_150_lines() -> None:
    assert [(name(p), lines_of(p)) for p in sorted(SOURCE.rglob("*.html")) if lines_of(p) > 150] == []


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in modules()
        if path.name == "__init__.py"
        and "templatetags" not in path.parts
        and not path.read_text(encoding="utf-8").strip()
    ]
    assert silent == []
