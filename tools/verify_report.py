#!/usr/bin/env python3
"""Checks a report with nothing but its PDF and the public key of the installation that signed it.

    python verify_report.py REPORT.pdf PUBLIC_KEY.pem [--json]

Needs Python, pypdf and cryptography; nothing of Yanxiu. It takes figures.json out of the PDF, checks the signature over
tree, figures and positions, recomputes the text from the signed tree, and compares it with the text of the pages, white
space and page numbers aside. Exit: 0 nothing differs, 1 something does, 2 could not be read.

What it cannot see: a PDF whose fonts were rebuilt so that a character is drawn as another one. Print it and read it.
"""

import argparse
import base64
import binascii
import difflib
import hashlib
import json
import logging
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from pypdf import PdfReader
from pypdf.errors import PyPdfError

FORMAT = "yanxiu-figures@1"
CONTEXT = b"yanxiu-report@1\n"


class CannotRead(Exception):
    """The files given are not a report and a key."""


def canonical(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def squeezed(text: str) -> str:
    """Without white space, in one Unicode form: what is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def inline_text(inline: dict[str, Any]) -> str:
    if inline["t"] == "Fig":
        return str(inline["display"]) + ("" if inline["bare"] else str(inline["unit"]))
    return str(inline["s"])


def block_text(block: dict[str, Any]) -> Iterator[str]:
    kind = block["t"]
    if kind in {"Paragraph", "Quote"}:
        yield block.get("lead", "") + "".join(map(inline_text, block["inlines"]))
    elif kind == "Table":
        yield block["caption"]
        yield from block["head"]
        yield from (inline_text(cell) for row in block["rows"] for cell in row)
    elif kind == "Chart":
        yield block["caption"]
        yield from block["legend"]
        for bar in block["bars"]:
            yield from (bar["label"], bar["value"])
    elif kind == "Sign":
        yield from (block["org"], block["date"])
    else:
        yield block["s"]


def tree_text(tree: dict[str, Any]) -> str:
    """Everything the pages must print, in reading order."""
    head, annex, imprint = tree["head"], tree["annex"], tree["imprint"]
    names = ("org", "number") if head["t"] == "RedHead" else ("name", "issue", "issuer", "date")
    lines = [head[name] for name in names]
    for block in tree["blocks"]:
        lines.extend(block_text(block))
    lines += [annex["caption"], *annex["head"]]
    for row in annex["rows"]:
        lines += row[1:]
    lines += annex["notes"]
    lines += [f"{label}：{words}" for label, words in imprint["rows"]]
    lines += [imprint["printer"], imprint["printed_on"]]
    return squeezed("".join(lines))


def page_text(reader: PdfReader) -> str:
    """The text of every page without its own page number."""
    pages = []
    for number, page in enumerate(reader.pages, 1):
        text, footer = squeezed(page.extract_text()), f"—{number}—"
        pages.append(text.removesuffix(footer) if text.endswith(footer) else text.removeprefix(footer))
    return "".join(pages)


def figures_in(tree: Any) -> Iterator[tuple[str, str]]:
    """(key, display) of every figure anywhere in the tree."""
    if isinstance(tree, dict):
        if tree.get("t") == "Fig":
            yield tree["key"], tree["display"]
        for value in tree.values():
            yield from figures_in(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from figures_in(value)


def attached(reader: PdfReader) -> dict[str, Any]:
    files = reader.attachments.get("figures.json", [])
    if len(files) != 1:
        raise CannotRead(f"PDF 内应恰有一个 figures.json，实有 {len(files)} 个；未冻结的草稿没有。")
    try:
        data = json.loads(files[0])
    except ValueError as error:
        raise CannotRead(f"figures.json 不是 JSON：{error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise CannotRead(f"figures.json 不是 {FORMAT} 格式。")
    return data


def signature_problems(data: dict[str, Any], key: Ed25519PublicKey) -> Iterator[str]:
    content = {name: value for name, value in data.items() if name not in {"digest", "signature"}}
    digest, block = hashlib.sha256(canonical(content)).hexdigest(), data.get("signature") or {}
    if digest != data.get("digest"):
        yield "figures.json 被改动：摘要与所记的不一致。"
    if block.get("algorithm") != "Ed25519":
        yield f"不认识的签名算法：{block.get('algorithm')}。"
        return
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    if block.get("key_id") != hashlib.sha256(raw).hexdigest()[:16]:
        yield f"签名所用的密钥（{block.get('key_id')}）不是给出的公钥。"
    try:
        key.verify(base64.b64decode(block.get("value", ""), validate=True), CONTEXT + digest.encode())
    except (InvalidSignature, binascii.Error, ValueError, TypeError):
        yield "签名不成立：内容或签名被改动。"


def text_problems(data: dict[str, Any], reader: PdfReader) -> Iterator[str]:
    signed, printed = tree_text(data["tree"]), page_text(reader)
    if signed != squeezed(data["text"]):
        yield "figures.json 中的文本与其文档树不一致。"
    if signed != printed:
        for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, signed, printed, autojunk=False).get_opcodes():
            if tag != "equal":
                around = signed[max(0, a1 - 10) : a1]
                yield f"页面文字与签名的不同：…{around}【签名：{signed[a1:a2][:40]}】【页面：{printed[b1:b2][:40]}】"
    displays = {figure["key"]: figure["display"] for figure in data["figures"]}
    for key, display in figures_in(data["tree"]):
        if displays.get(key) != display:
            yield f"正文中 {key} 为 {display}，指标表中为 {displays.get(key)}。"


def check(pdf: Path, pem: Path) -> tuple[dict[str, Any], list[str]]:
    """What the report says of itself, and everything that is wrong with it."""
    try:
        key = load_pem_public_key(pem.read_bytes())
        reader = PdfReader(pdf)
        data = attached(reader)
        if not isinstance(key, Ed25519PublicKey):
            raise CannotRead("公钥不是 Ed25519 公钥。")
        problems = [*signature_problems(data, key), *text_problems(data, reader)]
    except (OSError, ValueError, PyPdfError, KeyError, TypeError, AttributeError) as error:
        raise CannotRead(f"读不出来：{type(error).__name__}：{error}") from error
    return data, problems


def main() -> int:
    parser = argparse.ArgumentParser(description="只用 PDF 和公钥核验一份报告")
    parser.add_argument("pdf", type=Path)
    parser.add_argument("public_key", type=Path, help="PEM 文件，由 yanxiu verify --public-key 导出")
    parser.add_argument("--json", action="store_true", help="结果以 JSON 输出")
    args = parser.parse_args()
    logging.disable()  # pypdf says on stderr what is said here in Chinese
    try:
        data, problems = check(args.pdf, args.public_key)
    except CannotRead as error:
        print(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False) if args.json else f"无法核验：{error}")
        return 2
    report = data["report"]
    if args.json:
        shown = {"ok": not problems, "report": report, "digest": data.get("digest"), "problems": problems}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        print(
            f"报告 {report['reference']}（第 {report['revision']} 版，冻结于 {report['frozen_at']}），指标 {len(data['figures'])} 项"
        )
        print("\n".join(f"✗ {problem}" for problem in problems) or "✓ 签名有效，页面文字、指标与签名内容一致。")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
