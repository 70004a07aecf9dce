"""Plain forms of this area."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.kit.errors import Refused

__all__ = ["LeaveForm"]


class LeaveForm(forms.Form):
    """What is asked for, in the words of the page."""

    kind = forms.CharField(max_length=10)
    exam = forms.IntegerField(required=False)
    starts_on = forms.DateField(error_messages={"required": gettext_lazy("请填写开始日期。")})
    ends_on = forms.DateField(error_messages={"required": gettext_lazy("请填写结束日期。")})
    reason = forms.CharField(max_length=2000, required=False)

    def values(self) -> dict[str, Any]:
        """The cleaned values; Refused with the first mistake."""
        if self.is_valid():
            return self.cleaned_data
        field, errors = next(iter(self.errors.items()))
        words = str(errors[0]) if field != "exam" else _("请选择要缓考的考试。")
        raise Refused("invalid", words, field=field)
