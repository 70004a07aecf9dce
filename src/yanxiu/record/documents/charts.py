"""The bars of a chart as SVG (web) and PNG (Word). No words are drawn: labels and values stay text around the bar."""

import vl_convert

from yanxiu.record.reports.tree import Chart

__all__ = ["COLOURS", "bar_png", "bar_svg", "swatch_svg"]

COLOURS = ("#9e1b1b", "#d9a441", "#4a6c8c")
WIDTH, HEIGHT = 400, 16


def bar_svg(chart: Chart, number: int) -> str:
    """One bar, scaled to the longest of its chart. Attributes only, no style: it stands under a strict CSP."""
    most = max(1, *(sum(bar.parts) for bar in chart.bars))
    left, rects = 0.0, []
    for index, part in enumerate(chart.bars[number].parts):
        width = WIDTH * part / most
        colour = COLOURS[index % len(COLOURS)]
        rects.append(f'<rect x="{left:.2f}" y="0" width="{width:.2f}" height="{HEIGHT}" fill="{colour}"/>')
        left += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'aria-hidden="true">{"".join(rects)}</svg>'
    )


def swatch_svg(index: int) -> str:
    """The square of a legend."""
    colour = COLOURS[index % len(COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        f'<rect width="10" height="10" fill="{colour}"/></svg>'
    )


def bar_png(svg: str) -> bytes:
    """An SVG of ours as a bitmap at twice its size."""
    drawn = vl_convert.svg_to_png(svg, scale=2)
    assert isinstance(drawn, bytes)
    return drawn
