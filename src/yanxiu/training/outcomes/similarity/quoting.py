"""Which stretches of a text its author has marked as quotations: they are left out of the comparison."""

from html.parser import HTMLParser

__all__ = ["quoted_spans"]


class _Pieces(HTMLParser):
    """The texts of a sanitised form in order, each with whether it stands in a quotation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.pieces: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        self.pieces.append((data, self.depth > 0))


def quoted_spans(text: str, html: str) -> list[tuple[int, int]]:
    """[start, end) of `text`. The form holds the same characters but for white space, so both are walked together."""
    if "<blockquote" not in html:
        return []
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    spans: list[tuple[int, int]] = []
    at = 0
    for piece, is_quoted in parser.pieces:
        start = None
        for char in piece:
            if char.isspace():
                continue
            while at < len(text) and text[at].isspace():
                at += 1
            if at >= len(text) or text[at] != char:
                return spans  # not the form of this text: leave out only what is certain
            start = at if start is None else start
            at += 1
        if is_quoted and start is not None:
            spans.append((start, at))
    return spans
