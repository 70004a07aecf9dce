"""Text that people type into an action: cleaned, required, limited; refused by field, in words."""

from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line, clean_text
from yanxiu.kit.errors import Refused

__all__ = ["BODY_LIMIT", "body", "line"]

BODY_LIMIT = 50_000  # characters; the longest thought report asked for anywhere is 2,500


def _within(text: str, *, field: str, label: str, limit: int, required: bool) -> str:
    if required and not text:
        raise Refused("empty", _("请填写%(label)s。") % {"label": label}, field=field)
    if len(text) > limit:
        message = _("%(label)s最多 %(limit)d 个字符，现有 %(length)d 个，请缩短后再提交。")
        raise Refused("too_long", message % {"label": label, "limit": limit, "length": len(text)}, field=field)
    return text


def line(text: str, *, field: str, label: str, limit: int = 120, required: bool = True) -> str:
    """One clean line of at most `limit` characters."""
    return _within(clean_line(text), field=field, label=label, limit=limit, required=required)


def body(text: str, *, field: str = "body", label: str = "", limit: int = BODY_LIMIT, required: bool = True) -> str:
    """Clean text of at most `limit` characters."""
    return _within(clean_text(text), field=field, label=label or _("正文"), limit=limit, required=required)
