"""Anybody may check a certificate they hold in their hands; nobody learns from it which numbers or names exist."""

import hashlib
import json

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.faces.frame.requests import client_address
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import lockout
from yanxiu.record.certificates.badge import issuer_profile, public_jwk, revocation_list
from yanxiu.record.certificates.queries import checked, holder_erased, revoked_ids
from yanxiu.record.reports import signing

__all__ = ["CheckForm", "check", "issuer", "key", "revoked"]


class CheckForm(forms.Form):
    number = forms.CharField(max_length=48, error_messages={"required": gettext_lazy("请填写证书编号。")})
    name = forms.CharField(max_length=50, error_messages={"required": gettext_lazy("请填写证书上的姓名。")})


def check(request: HttpRequest) -> HttpResponse:
    """GET shows the form (the QR code fills in the number); POST answers: valid, revoked, or one and the same refusal."""
    if request.method != "POST":
        form = CheckForm(initial={"number": request.GET.get("number", "")[:48]})
        return render(request, "portal/check.html", {"form": form})
    form = CheckForm(request.POST)
    context: dict[str, object] = {"form": form}
    if not form.is_valid():
        return render(request, "portal/check.html", context, status=422)
    number, address = form.cleaned_data["number"].strip().upper(), client_address(request)
    key = lockout.account_key(f"certificate:{number}")
    try:
        with lockout.turn(key):
            lockout.check_account(key, address, familiar=False)
            lockout.check_address(address, familiar=False)
            found = checked(number, form.cleaned_data["name"])
            if found is None:
                lockout.note_failure(key, address)
    except Refused as refusal:
        context["message"] = _("查验次数太多，请过十五分钟再试。")
        response = render(request, "portal/check.html", context, status=429)
        response.headers["Retry-After"] = "900" if refusal.code == "locked" else "3"
        return response
    if found is None and (state := holder_erased(number)):
        context["message"] = _erased(number, state)
        return render(request, "portal/check.html", context, status=410)
    if found is None:
        context["message"] = _("没有与这个编号和姓名都相符的证书。请对照证书原文核对后再试。")
        return render(request, "portal/check.html", context, status=422)
    return render(request, "portal/checked.html", {"found": found})


def _erased(number: str, state: str) -> str:
    words = (
        _("编号 %(number)s 的证书由本系统发出，后来已经撤销。持有人已注销个人信息，本系统不再保存其姓名。")
        if state == "revoked"
        else _(
            "编号 %(number)s 的证书由本系统发出，没有撤销。持有人已注销个人信息，本系统不再保存其姓名，因此不能确认它属于谁。"
        )
    )
    return words % {"number": number}


def issuer(request: HttpRequest) -> JsonResponse:
    """Who issues here and with which public key: what a verifier of badges needs."""
    return JsonResponse(issuer_profile(), json_dumps_params={"ensure_ascii": False})


def revoked(request: HttpRequest) -> HttpResponseBase:
    """Which badges are revoked, for machines. Anybody may keep it, and asks each time whether it is still the newest."""
    body = json.dumps(revocation_list(revoked_ids()), separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": "public, no-cache", "ETag": etag}
    response = HttpResponse(body, "application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response


def key(request: HttpRequest, key_id: str) -> JsonResponse:
    """The public key itself, at the address badges name as their `kid`."""
    if key_id != signing.key_id():
        raise NotVisible
    return JsonResponse(public_jwk(), content_type="application/jwk+json")
