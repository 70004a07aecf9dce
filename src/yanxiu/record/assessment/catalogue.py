"""The schemes shipped, as data: one TOML file a scheme version, beside this module in `schemes/`."""

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from yanxiu.core.rules.scheme import Scheme, parse
from yanxiu.kit.errors import Refused

__all__ = ["scheme", "scheme_ids"]

_FOLDER = Path(__file__).parent / "schemes"


def scheme_ids() -> list[str]:
    """Every scheme, with its version ("seed-2017@1")."""
    return sorted(path.name.removesuffix(".toml") for path in _FOLDER.glob("*.toml"))


@lru_cache(maxsize=64)
def scheme(scheme_id: str) -> Scheme:
    """The scheme of that id. Refused where there is none."""
    if scheme_id not in scheme_ids():
        message = _("没有名为“%(id)s”的考核方案，请在班级设置里改选。") % {"id": scheme_id}
        raise Refused("unknown_scheme", message, field="scheme_id")
    return parse((_FOLDER / f"{scheme_id}.toml").read_text(encoding="utf-8"))
