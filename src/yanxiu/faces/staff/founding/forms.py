"""Plain forms of this area."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yanxiu.faces.frame.forms import CheckedForm

__all__ = ["ZONES", "ClassForm", "PlanForm", "QuotaForm", "RulesForm", "StaffForm"]

MOST = 2**31 - 1
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei")  # proposed; any other name is taken


class PlanForm(CheckedForm):
    """What a class says of itself. `edition`: which state of it the page has shown."""

    edition = forms.IntegerField(label=_("版本"), min_value=0, max_value=MOST, required=False)
    name = forms.CharField(label=_("班级名称"), max_length=120)
    short_name = forms.CharField(label=_("班级简称"), max_length=40)
    session_no = forms.IntegerField(label=_("第几期"), min_value=1, max_value=999)
    starts_on = forms.DateField(label=_("开班日期"))
    ends_on = forms.DateField(label=_("结束日期"))
    zone = forms.CharField(label=_("时区"), max_length=40)


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
    zone = forms.CharField(label=_("时区"), max_length=40, required=False, empty_value="Asia/Shanghai")
    scheme = forms.CharField(label=_("考核方案"), max_length=40)
    policy = forms.CharField(label=_("学时政策"), max_length=40)


class RulesForm(CheckedForm):
    """Scheme and policy; `confirmed` is the mark of the trial somebody has read, empty to see it first."""

    edition = forms.IntegerField(label=_("版本"), min_value=0, max_value=MOST, required=False)
    scheme = forms.CharField(label=_("考核方案"), max_length=40)
    policy = forms.CharField(label=_("学时政策"), max_length=40)
    reason = forms.CharField(label=_("修改原因"), max_length=2000, required=False)
    confirmed = forms.CharField(max_length=60, required=False)


class StaffForm(CheckedForm):
    """Somebody by phone, in a role."""

    phone = forms.CharField(label=_("手机"), max_length=20)
    role = forms.CharField(label=_("角色"), max_length=16)


class QuotaForm(CheckedForm):
    edition = forms.IntegerField(label=_("版本"), min_value=0, max_value=MOST, required=False)
    unit = forms.CharField(label=_("推荐单位"), max_length=100)
    seats = forms.IntegerField(label=_("名额"), min_value=0, max_value=100_000)
