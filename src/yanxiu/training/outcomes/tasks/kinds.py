"""The kinds of files a task may ask for."""

from dataclasses import dataclass

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`main` is the part that makes an office file what it is; "" for other files."""

    key: str
    content_type: str
    suffixes: tuple[str, ...]
    main: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", "application/pdf", (".pdf",)),
        Kind("docx", f"{_OFFICE}wordprocessingml.document", (".docx",), "word/document.xml"),
        Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), "xl/workbook.xml"),
        Kind("pptx", f"{_OFFICE}presentationml.presentation", (".pptx",), "ppt/presentation.xml"),
        Kind("jpg", "image/jpeg", (".jpg", ".jpeg")),
        Kind("png", "image/png", (".png",)),
    )
}
