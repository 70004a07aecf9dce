"""Plain forms of the portal."""

from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = ["CodeForm", "InviteForm", "PhoneForm", "SignInForm"]


class PhoneForm(forms.Form):
    phone = forms.CharField(max_length=40, error_messages={"required": _("手机号没有填。")})


class SignInForm(PhoneForm):
    password = forms.CharField(max_length=1000, strip=False, error_messages={"required": _("密码没有填。")})


class CodeForm(PhoneForm):
    code = forms.CharField(max_length=60, error_messages={"required": _("恢复码没有填。")})


class InviteForm(forms.Form):
    """Typed twice: there is no way to see a password of one's own afterwards."""

    password = forms.CharField(max_length=1000, strip=False, error_messages={"required": _("密码没有填。")})
    again = forms.CharField(max_length=1000, strip=False, error_messages={"required": _("请再输入一遍密码。")})

    def clean(self) -> dict[str, object]:
        fields = super().clean() or {}
        if "again" in fields and fields.get("password") != fields["again"]:
            self.add_error("again", str(_("两遍密码不一样，请重新输入。")))
        return fields
