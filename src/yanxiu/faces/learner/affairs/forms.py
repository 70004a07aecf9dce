"""Plain forms of this area."""

from django import forms
from django.utils.translation import gettext_lazy

from yanxiu.faces.frame.forms import CheckedForm

__all__ = ["LeaveForm"]


class LeaveForm(CheckedForm):
    """What is asked for, in the words of the page."""

    kind = forms.CharField(max_length=10)
    exam = forms.IntegerField(required=False, error_messages={"invalid": gettext_lazy("请选择要缓考的考试。")})
    starts_on = forms.DateField(error_messages={"required": gettext_lazy("请填写开始日期。")})
    ends_on = forms.DateField(error_messages={"required": gettext_lazy("请填写结束日期。")})
    reason = forms.CharField(max_length=2000, required=False)
