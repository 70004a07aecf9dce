"""The terms of a round as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanxiu.faces.frame.forms import CheckedForm
from yanxiu.training.discussion.models import DiscussionRound

__all__ = ["TermsForm"]

_DAY = {"required": _("请选择日期。"), "invalid": _("日期写成 2017-06-22 这样。")}
_NUMBER = {"required": _("请填数字。"), "invalid": _("请填数字。")}


class TermsForm(CheckedForm):
    """What a round asks and when; the action judges it."""

    theme = forms.CharField(max_length=500, error_messages={"required": _("请填写研讨主题。")})
    background = forms.CharField(required=False, max_length=60_000, strip=False)
    opens_on = forms.DateField(error_messages=_DAY)
    closes_on = forms.DateField(error_messages=_DAY)
    required_posts = forms.IntegerField(error_messages=_NUMBER)
    min_characters = forms.IntegerField(error_messages=_NUMBER)

    @classmethod
    def of(cls, round_: DiscussionRound) -> "TermsForm":
        """Filled with what the round asks now."""
        names = cls.base_fields
        return cls(initial={name: getattr(round_, name) for name in names})

    def terms(self) -> dict[str, Any]:
        """For the action; Refused for the first field that cannot be read."""
        return dict(self.values())
