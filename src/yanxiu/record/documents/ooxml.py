"""What python-docx has no words for: East Asian faces, locked content controls, rules, the schema's order of children."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

__all__ = ["FACES", "add_control", "add_field", "element", "in_schema_order", "set_face", "set_rule", "set_size"]

# Named, not embedded: these are the faces an office has, and Word puts its own in place where it has not.
FACES = {"fang": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体", "xbs": "方正小标宋简体", "song": "宋体"}


def element(tag: str, **attributes: str) -> Any:
    """<w:tag w:name="value"/>"""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _child(parent: Any, tag: str) -> Any:
    found = parent.find(qn(f"w:{tag}"))
    if found is None:
        found = element(tag)
        parent.append(found)
    return found


def set_face(properties: Any, role: str) -> None:
    """One face for every script, and no theme font that could win over it."""
    fonts = _child(properties, "rFonts")
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("eastAsia", "ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), FACES[role])
    fonts.set(qn("w:hint"), "eastAsia")


def set_size(properties: Any, points: float) -> None:
    """Size in points (half-points in the file)."""
    for tag in ("sz", "szCs"):
        _child(properties, tag).set(qn("w:val"), str(round(points * 2)))


def set_rule(holder: Any, borders: str, side: str, eighths: int, colour: str = "000000") -> None:
    """A single line on one side of a paragraph (pBdr) or cell (tcBorders), in eighths of a point."""
    _child(holder, borders).append(element(side, val="single", sz=str(eighths), space="1", color=colour))


def add_control(paragraph: Any, number: int, tag: str, alias: str, words: str, *, role: str = "") -> None:
    """A content control Word lets nobody edit or delete; `tag` names the figure or source it holds."""
    control = parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="{escape(alias, {chr(34): "&quot;"})}"/>'
        f'<w:tag w:val="{escape(tag, {chr(34): "&quot;"})}"/><w:id w:val="{number}"/><w:lock w:val="sdtContentLocked"/>'
        f'<w:text/></w:sdtPr><w:sdtContent><w:r><w:rPr/><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:sdtContent></w:sdt>'
    )
    properties = next(control.iter(qn("w:rPr")))
    if role:
        set_face(properties, role)
    paragraph._p.append(control)  # noqa: SLF001  (python-docx offers no other door to the element)


def add_field(run: Any, instruction: str) -> None:
    """A field Word fills in, such as PAGE."""
    for kind, words in (("begin", ""), ("", instruction), ("end", "")):
        if kind:
            made = element("fldChar", fldCharType=kind)
        else:
            made = element("instrText")
            made.text = words
        run._r.append(made)  # noqa: SLF001  (as above)


@cache
def _order() -> dict[str, dict[str, int]]:
    text = files("yanxiu.record.documents").joinpath("ooxml.toml").read_text(encoding="utf-8")
    return {
        tag: {name: place for place, name in enumerate(names.split())} for tag, names in tomllib.loads(text).items()
    }


def in_schema_order(root: Any) -> None:
    """Sort the children of every property element as the schema has them."""
    for tag, places in _order().items():
        for parent in root.iter(qn(f"w:{tag}")):
            children = sorted(parent, key=lambda child: places.get(child.tag.partition("}")[2], len(places)))
            for child in list(parent):
                parent.remove(child)
            parent.extend(children)
