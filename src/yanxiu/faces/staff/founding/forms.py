"""Plain forms of this area."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yanxiu.faces.frame.forms import CheckedForm

__all__ = ["ClassForm", "QuotaForm", "StaffForm"]


class ClassForm(CheckedForm):
    """A class, in a programme there is (`program`) or a new one (`program_name` with its two units)."""

    program = forms.IntegerField(label=_("项目"), required=False)
    program_name = forms.CharField(label=_("项目名称"), required=False, max_length=120)
    sponsor = forms.IntegerField(label=_("委托单位"), required=False)
    organizer = forms.IntegerField(label=_("承办单位"), required=False)
    region = forms.IntegerField(label=_("地区"))
    key = forms.SlugField(label=_("班级标识"), max_length=40)
    name = forms.CharField(label=_("班级名称"), max_length=120)
    short_name = forms.CharField(label=_("班级简称"), max_length=40)
    session_no = forms.IntegerField(label=_("第几期"), min_value=1, max_value=999)
    starts_on = forms.DateField(label=_("开班日期"))
    ends_on = forms.DateField(label=_("结束日期"))
    scheme = forms.CharField(label=_("考核方案"), max_length=40)
    policy = forms.CharField(label=_("学时政策"), max_length=40)


class StaffForm(CheckedForm):
    """Somebody by phone, in a role."""

    phone = forms.CharField(label=_("手机"), max_length=20)
    role = forms.CharField(label=_("角色"), max_length=16)


class QuotaForm(CheckedForm):
    unit = forms.CharField(label=_("推荐单位"), max_length=100)
    seats = forms.IntegerField(label=_("名额"), min_value=0, max_value=100_000)
