"""A certificate, and the statement of hours beside it, as PDF/A through Typst. Equal facts give equal bytes."""

import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.record.certificates.models import Certificate
from yanxiu.record.documents.fonts import faces, font_paths
from yanxiu.record.documents.pdf import typeset
from yanxiu.study.queries import credited_by_lesson
from yanxiu.training.courses.queries import class_lessons

__all__ = ["certificate_pdf", "check_url", "hours_pdf"]

GRADES = {"pass": "合格", "excellent": "优秀"}
KINDS = {"compulsory": "必修", "elective": "选修", "self_study": "自修"}
MINUTE = 60_000


def check_url(number: str) -> str:
    """Where anybody checks it: the number is in the address, the name is asked for."""
    return f"{settings.OWN_ORIGIN}/certificates?number={quote(number)}"


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=1, scale=4, xmldecl=False)
    return drawn.getvalue().decode()


def _period(facts: Mapping[str, Any]) -> str:
    starts, ends = date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"])
    year = "" if starts.year == ends.year else f"{ends.year}年"
    return f"{starts.year}年{starts.month}月{starts.day}日至{year}{ends.month}月{ends.day}日"


def _content(certificate: Certificate) -> dict[str, Any]:
    facts = certificate.facts
    issued = certificate.issued_at.astimezone(ZoneInfo(certificate.training_class.zone))
    code = certificate.digest[:12].upper()
    url = check_url(certificate.number)
    return {
        "number": certificate.number, "name": certificate.name, "digest": certificate.digest,
        "code": "·".join(code[n : n + 4] for n in range(0, 12, 4)), "url": url, "qr": _qr(url),
        "address": url.partition("?")[0], "period": _period(facts), "class_name": facts["class_name"],
        "organiser": facts["organiser"], "minutes": f"{facts['minutes']}", "exam": facts["exam"],
        "outcomes": facts["outcomes"], "grade": GRADES[facts["grade"]],
        "compulsory_minutes": facts["compulsory_minutes"], "elective_minutes": facts["elective_minutes"],
        "issued": f"{issued.year}年{issued.month}月{issued.day}日",
        "revoked": "revoked" if certificate.state == Certificate.State.REVOKED else "",
    }  # fmt: skip


@cache
def _compiler(template: str) -> typst.Compiler:
    folder = Path(str(files("yanxiu.record.certificates"))) / "typst"
    return typst.Compiler(folder / f"{template}.typ", root=folder, font_paths=font_paths())


def _set(template: str, certificate: Certificate, content: Mapping[str, Any]) -> bytes:
    chosen = faces()
    style = {"faces": chosen, "emboldened": chosen.emboldened}
    inputs = {"doc": json.dumps(content, ensure_ascii=False), "style": json.dumps(style, ensure_ascii=False)}
    return typeset(_compiler(template), inputs, "a-2a", certificate.issued_at)


def certificate_pdf(certificate: Certificate) -> bytes:
    """From the pinned facts alone; one that was revoked says so across the sheet. None without its holder's name."""
    if not certificate.name:
        raise Refused("erased", _("持有人已注销个人信息，本系统不再保存其姓名，不能再打印这张证书。"))
    return _set("certificate", certificate, _content(certificate))


def hours_pdf(certificate: Certificate) -> bytes:
    """学时证明: course by course, from the credit the frozen class has."""
    credited = credited_by_lesson(certificate.enrolment_id)
    courses: dict[int, dict[str, Any]] = {}
    for lesson in class_lessons(certificate.training_class_id):
        row = courses.setdefault(
            lesson.course_id, {"title": lesson.course_title, "kind": KINDS[lesson.kind], "length": 0, "minutes": 0}
        )
        row["length"] += lesson.duration_ms
        row["minutes"] += credited.get(lesson.lesson_id, 0)
    rows = [row | {"length": row["length"] // MINUTE, "minutes": row["minutes"] // MINUTE} for row in courses.values()]
    return _set("hours", certificate, _content(certificate) | {"courses": rows})
