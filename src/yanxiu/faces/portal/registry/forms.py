"""Plain forms of this area."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yanxiu.faces.frame.forms import CheckedForm

__all__ = ["MoveForm", "NameForm", "PersonForm", "RegionForm", "RoleForm", "UnitsForm"]


class RegionForm(CheckedForm):
    code = forms.CharField(label=_("地区代码"), max_length=12)
    name = forms.CharField(label=_("地区名称"), max_length=60)
    level = forms.CharField(label=_("级别"), max_length=10)


class UnitsForm(CheckedForm):
    """`names`: one a line."""

    names = forms.CharField(label=_("单位名称"), max_length=60_000)
    kind = forms.CharField(label=_("类别"), max_length=10)


class NameForm(CheckedForm):
    name = forms.CharField(label=_("单位名称"), max_length=100)


class PersonForm(CheckedForm):
    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = forms.CharField(label=_("手机号"), max_length=20)
    post_title = forms.CharField(label=_("职务"), max_length=60, required=False)


class MoveForm(CheckedForm):
    unit = forms.CharField(label=_("单位"), max_length=100)
    post_title = forms.CharField(label=_("职务"), max_length=60, required=False)


class RoleForm(CheckedForm):
    role = forms.CharField(label=_("角色"), max_length=16)
    region = forms.CharField(label=_("地区"), max_length=80)
