"""What a reader would stumble over on a page, by axe; only what is wrong leaves the browser, which halves the cost of asking."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

__all__ = ["faults"]

_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_RUN = """(rules) => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(({violations}) =>
  violations.flatMap(({id, nodes}) => nodes.slice(0, 3).map(({html}) => `${id}: ${html.slice(0, 140)}`)))"""


def faults(page: Any, *more: str) -> list[str]:
    """Violations of WCAG 2.2 AA (and of `more` sets of rules), and a page that scrolls sideways; each with the address."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, [*_RULES, *more])
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return [f"{page.url} {fault}" for fault in found]
