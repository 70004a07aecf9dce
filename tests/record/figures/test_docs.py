"""docs/figures.md names what the product computes."""

from pathlib import Path

from yanxiu.record.figures.profiles import definitions

PAGE = Path(__file__).parents[3] / "docs/figures.md"


def test_every_figure_stands_in_the_documentation_in_printed_order() -> None:
    rows = [line.split(" | ")[:3] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [[f"| `{d.key}`", d.label_zh, d.unit] for d in definitions().values()]
