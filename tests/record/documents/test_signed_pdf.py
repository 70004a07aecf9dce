"""The separate verifier needs only the PDF and the public key, and fails on one changed character anywhere."""

import base64
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pypdf.generic import ByteStringObject, ContentStream, NameObject
from record.sample import figures, reference_report

from yanxiu.record.documents.pdf import render_pdf
from yanxiu.record.reports import signing
from yanxiu.record.reports.proof.attachment import digest_of
from yanxiu.record.reports.tree import canonical, visible_text

TOOL = Path(__file__).parents[3] / "tools" / "verify_report.py"
SEED = bytes(range(32))


@pytest.fixture(scope="module")
def content() -> Iterator[dict[str, Any]]:
    """The signed figures.json of the reference report."""
    signing.plug(lambda: SEED)
    doc = reference_report().doc
    data: dict[str, Any] = {
        "format": "yanxiu-figures@1",
        "report": {"reference": doc.reference, "revision": 1, "frozen_at": doc.frozen_at},
        "figures": [dict(value.as_json()) for value in figures().values()],
        "tree": doc.to_json(),
        "text": "".join("".join(visible_text(doc)).split()),
    }
    digest = digest_of(data)
    yield {**data, "digest": digest, "signature": signing.sign(digest)}
    signing.plug(lambda: SEED)


@pytest.fixture(scope="module")
def pdf(content: dict[str, Any]) -> bytes:
    return render_pdf(reference_report().doc, canonical(content))


def verify(tmp_path: Path, raw: bytes, seed: bytes = SEED) -> tuple[int, str]:
    """Run as a stranger would: another process, away from our sources."""
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "report.pdf").write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-I", str(TOOL), "report.pdf", "key.pem"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_tool_uses_nothing_of_ours() -> None:
    source = TOOL.read_text(encoding="utf-8")
    assert "import yanxiu" not in source
    assert "from yanxiu" not in source


def test_an_untouched_report_is_sound(tmp_path: Path, pdf: bytes) -> None:
    code, words = verify(tmp_path, pdf)
    assert (code, "签名有效" in words) == (0, True), words


def test_the_key_of_somebody_else_does_not_fit(tmp_path: Path, pdf: bytes) -> None:
    assert verify(tmp_path, pdf, seed=bytes(32))[0] == 1


def rewritten(pdf: bytes, change: Callable[[pypdf.PdfWriter], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def glyphs(page: pypdf.PageObject) -> dict[str, dict[str, str]]:
    """Font → character → its code in hex, from the ToUnicode maps."""
    found: dict[str, dict[str, str]] = {}
    for name, font in page["/Resources"]["/Font"].items():  # type: ignore[index]  # a page of Typst has fonts
        codes: dict[str, str] = {}
        for line in font.get_object()["/ToUnicode"].get_object().get_data().decode().splitlines():
            parts = line.strip().replace("> <", "><").strip("<>").split("><")
            if len(parts) == 2 and all(parts):
                codes[bytes.fromhex(parts[1]).decode("utf-16-be")] = parts[0].lower()
        found[name] = codes
    return found


def swapped(page: pypdf.PageObject, old: str, new: str) -> ContentStream:
    """The content of a page with one run of characters replaced by another of the same font."""
    stream = ContentStream(page["/Contents"].get_object(), page.pdf)
    for codes in glyphs(page).values():
        if not set(old + new) <= codes.keys():
            continue
        before, after = (bytes.fromhex("".join(codes[c] for c in word)) for word in (old, new))
        for operands, operator in stream.operations:
            if operator != b"TJ":
                continue
            for place, piece in enumerate(operands[0]):
                if before in getattr(piece, "original_bytes", b""):
                    operands[0][place] = ByteStringObject(piece.original_bytes.replace(before, after))
                    return stream
    pytest.fail(f"{old} was not found in the content stream")


def test_one_digit_changed_on_the_page_is_found(tmp_path: Path, pdf: bytes) -> None:
    """163597 → 183597 in the content stream, figures.json and its signature untouched."""

    def change(writer: pypdf.PdfWriter) -> None:
        page = writer.pages[0]
        page[NameObject("/Contents")] = writer._add_object(swapped(page, "163597", "183597"))

    changed = rewritten(pdf, change)
    assert "183597" in pypdf.PdfReader(io.BytesIO(changed)).pages[0].extract_text().replace(" ", "")
    code, words = verify(tmp_path, changed)
    assert code == 1, words
    assert "【签名：6】【页面：8】" in words


def reattached(pdf: bytes, data: bytes) -> bytes:
    def change(writer: pypdf.PdfWriter) -> None:
        [file] = writer.attachment_list
        file.content = data

    return rewritten(pdf, change)


def test_a_changed_figures_json_is_found(tmp_path: Path, pdf: bytes, content: dict[str, Any]) -> None:
    changed = canonical(content).replace(b"163597", b"183597")
    code, words = verify(tmp_path, reattached(pdf, changed))
    assert (code, "figures.json 被改动" in words) == (1, True), words


def test_text_and_figures_json_changed_alike_are_found(tmp_path: Path, content: dict[str, Any]) -> None:
    """A forger who sets the whole report anew still has no key."""
    forged = json.loads(canonical(content).replace(b"163597", b"183597"))
    del forged["digest"], forged["signature"]
    forged = {**forged, "digest": digest_of(forged), "signature": content["signature"]}
    doc = type(reference_report().doc).from_json(forged["tree"])
    code, words = verify(tmp_path, render_pdf(doc, canonical(forged)))
    assert (code, "签名不成立" in words, "页面文字" in words) == (1, True, False), words


def test_one_flipped_byte_of_the_signature_is_found(tmp_path: Path, pdf: bytes, content: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(content["signature"]["value"]))
    raw[17] ^= 1
    flipped = {**content, "signature": {**content["signature"], "value": base64.b64encode(bytes(raw)).decode()}}
    code, words = verify(tmp_path, reattached(pdf, canonical(flipped)))
    assert (code, "签名不成立" in words) == (1, True), words


@pytest.mark.parametrize("raw", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_report_cannot_be_checked(tmp_path: Path, raw: bytes) -> None:
    assert verify(tmp_path, raw)[0] == 2


def test_a_draft_carries_nothing_to_check(tmp_path: Path) -> None:
    code, words = verify(tmp_path, render_pdf(reference_report().doc))
    assert (code, "草稿" in words) == (2, True)
