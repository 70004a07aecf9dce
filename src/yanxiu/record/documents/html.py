"""Tree → HTML. Every figure is a link to its definition and rows; nothing but the tree's own text is printed."""

from html import escape

from yanxiu.record.documents.charts import bar_svg, swatch_svg
from yanxiu.record.reports.tree import (
    Annex,
    Block,
    Chart,
    Cite,
    Doc,
    Fig,
    Heading,
    Imprint,
    Inline,
    Masthead,
    Paragraph,
    Quote,
    RedHead,
    Sign,
    Subtitle,
    Table,
    Text,
    Title,
    inline_text,
)  # fmt: skip

__all__ = ["render_html", "render_page"]

_STYLE = """
:root{--cell:5.5714mm;--pitch:10.22727mm}
body{margin:2em auto;padding:0 1em;max-width:156mm;background:#fff;color:#111}
.report{font:var(--cell)/var(--pitch) FangSong,仿宋,"Noto Serif CJK SC","Noto Serif SC",serif;text-align:justify;line-break:strict}
.report p{margin:0;text-indent:2em}.report h1{font:bold 22pt/1.4 "Noto Serif CJK SC","Noto Serif SC",serif;text-align:center;margin:0}
.report .sub{font-family:KaiTi,楷体,serif;text-align:center;text-indent:0;margin-bottom:var(--pitch)}
.report h2,.report .lead{font:inherit;font-family:SimHei,黑体,"Noto Sans CJK SC",sans-serif}.report h2,.report h3{margin:0;text-indent:2em;font-size:1em}
.report h3{font-weight:normal;font-family:KaiTi,楷体,serif}.report .kai{font-family:KaiTi,楷体,serif}.report .hei{font-family:SimHei,黑体,sans-serif}
.report .name{font:bold 40pt/1.8 "Noto Serif CJK SC","Noto Serif SC",serif;color:#e60012;text-align:center;letter-spacing:6pt}
.report .issue{text-align:center}.report .issuer{display:flex;justify-content:space-between;padding:0 .5em}
.report .head{border-bottom:1.5pt solid #e60012;margin-bottom:var(--pitch)}
.report a.fig{color:#9e1b1b;text-decoration:none;border-bottom:1px dotted}.report q{quotes:none}
.report .wide{overflow-x:auto}.report table{width:100%;border-collapse:collapse;font-size:.85em;line-height:1.6;margin:.5em 0}
.report td,.report th{border:.5pt solid #000;padding:1pt 4pt;font-weight:normal}.report td.r{text-align:right}.report .bars td{border:0}
.report .bars svg{vertical-align:middle;max-width:60vw}.report .legend{text-align:center;text-indent:0;font-size:.85em}
.report .sign{text-align:right;margin-top:var(--pitch);padding-right:2em}
.report .annex{font-size:.75em;line-height:1.6;margin-top:2em}.report .annex p{text-indent:0}
.report .imprint{font-size:.88em;line-height:1.6;border-top:.35mm solid;border-bottom:.35mm solid;margin-top:var(--pitch)}
.report .imprint p{padding:0 1em 0 3em;text-indent:-2em}.report .imprint .printer{border-top:.25mm solid;display:flex;justify-content:space-between;padding:0 1em;text-indent:0}
@media print{body{margin:0;max-width:none}.report a.fig{color:inherit;border:0}}
"""


def render_html(doc: Doc, figure_href: str = "#figure-{key}") -> str:
    """The report as one <article>; `figure_href` is where a figure leads, with {key} in it."""
    body = "".join(_block(block, figure_href) for block in doc.blocks)
    return (
        f'<article class="report" lang="{escape(doc.lang)}">{_head(doc.head)}{body}'
        f"{_annex(doc.annex)}{_imprint(doc.imprint)}</article>"
    )


def render_page(doc: Doc, figure_href: str = "#figure-{key}") -> str:
    """A whole file that opens without a server."""
    return (
        f'<!doctype html>\n<html lang="{escape(doc.lang)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(doc.title)}</title><style>{_STYLE}</style></head>'
        f"<body>{render_html(doc, figure_href)}</body></html>\n"
    )


def _head(head: RedHead | Masthead) -> str:
    if isinstance(head, RedHead):
        number = f'<div class="issue">{escape(head.number)}</div>' if head.number else ""
        return f'<div class="head"><div class="name">{escape(head.org)}</div>{number}</div>'
    return (
        f'<div class="head"><div class="name">{escape(head.name)}</div><div class="issue">{escape(head.issue)}</div>'
        f'<div class="issuer"><span>{escape(head.issuer)}</span> <span>{escape(head.date)}</span></div></div>'
    )


def _inline(inline: Inline, href: str) -> str:
    words = escape(inline_text(inline))
    match inline:
        case Fig():
            address = escape(href.replace("{key}", inline.key))
            return f'<a class="fig" data-key="{inline.key}" href="{address}" title="{escape(inline.label)}">{words}</a>'
        case Cite():
            return f'<q data-source="{escape(inline.source)}">{words}</q>'
        case Text() if inline.kind != "plain":
            return f'<span class="{inline.kind}">{words}</span>'
    return words


def _block(block: Block, href: str) -> str:
    match block:
        case Title():
            made = f"<h1>{escape(block.s)}</h1>"
        case Subtitle():
            made = f'<p class="sub">{escape(block.s)}</p>'
        case Heading():
            made = f"<h{block.level + 1}>{escape(block.s)}</h{block.level + 1}>"
        case Paragraph():
            lead = f'<b class="lead">{escape(block.lead)}</b>' if block.lead else ""
            made = f"<p>{lead}{_inlines(block.inlines, href)}</p>"
        case Quote():
            made = f'<blockquote><p class="kai">{_inlines(block.inlines, href)}</p></blockquote>'
        case Table():
            made = _table(block, href)
        case Chart():
            made = _chart(block)
        case Sign():
            made = f'<div class="sign"><div>{escape(block.org)}</div><div>{escape(block.date)}</div></div>'
    return made


def _inlines(inlines: tuple[Inline, ...], href: str) -> str:
    return "".join(_inline(inline, href) for inline in inlines)


def _header(cells: tuple[str, ...]) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in cells) + "</tr></thead>"


def _table(table: Table, href: str) -> str:
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{side}">{_inline(cell, href)}</td>' for cell, side in zip(row, table.columns, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f'<div class="wide" tabindex="0"><table>{caption}{_header(table.head)}<tbody>{rows}</tbody></table></div>'


def _chart(chart: Chart) -> str:
    legend = " ".join(f"{swatch_svg(index)} {escape(words)}" for index, words in enumerate(chart.legend))
    rows = "".join(
        f'<tr><td class="r">{escape(bar.label)}</td><td>{bar_svg(chart, number)} {escape(bar.value)}</td></tr>'
        for number, bar in enumerate(chart.bars)
    )
    return (
        f'<figure aria-label="{escape(chart.alt)}"><figcaption class="legend">{escape(chart.caption)}</figcaption>'
        f'<p class="legend">{legend}</p><div class="wide" tabindex="0"><table class="bars"><tbody>{rows}</tbody></table></div></figure>'
    )


def _annex(annex: Annex) -> str:
    rows = "".join(
        f'<tr id="figure-{escape(key)}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for key, *cells in annex.rows
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in annex.notes)
    return (
        f'<section class="annex"><h2>{escape(annex.caption)}</h2><div class="wide" tabindex="0"><table>{_header(annex.head)}'
        f"<tbody>{rows}</tbody></table></div>{notes}</section>"
    )


def _imprint(imprint: Imprint) -> str:
    if not imprint.rows and not imprint.printer:
        return ""
    rows = "".join(f"<p>{escape(label)}：{escape(words)}</p>" for label, words in imprint.rows)
    printer = (
        f'<div class="printer"><span>{escape(imprint.printer)}</span> <span>{escape(imprint.printed_on)}</span></div>'
    )
    return f'<footer class="imprint">{rows}{printer}</footer>'
