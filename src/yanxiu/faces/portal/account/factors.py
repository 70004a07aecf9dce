"""The second factor: setting it up, giving it at sign-in, taking it away from somebody who lost it."""

import time
from typing import Any

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from yanxiu.faces.frame.entering.steps import unfinished
from yanxiu.faces.frame.requests import FrameRequest, client_address
from yanxiu.faces.portal.account.showing import again, confirmed
from yanxiu.kit.errors import Refused
from yanxiu.people.factors.actions import begin_totp, confirm_totp, new_recovery_codes, verify_factor
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.factors.queries import held

__all__ = ["factor", "factors"]


def _qr(address: str) -> str:
    """An inline SVG of our own text: attributes only, nothing the page's policy refuses."""
    return mark_safe(  # noqa: S308  (made here from a secret of ours)
        segno.make(address, error="m").svg_inline(scale=5, border=3, omitsize=True, dark="#16222a", light="#ffffff")
    )


def _passed(request: FrameRequest) -> None:
    request.session.cycle_key()
    request.session["factor"] = "passed"
    request.session["fresh"] = int(time.time())
    request.session["touched"] = 0  # the list of sessions learns the new key at the next request


def _codes(request: FrameRequest, context: dict[str, Any]) -> HttpResponse:
    """The ten codes, this once."""
    return render(request, "portal/account/codes.html", context)


def _setting_up(request: FrameRequest, context: dict[str, Any]) -> HttpResponse:
    """The QR code of a new secret; the page that shows it is the only place it is ever seen."""
    secret, address = begin_totp(request.viewer)
    return render(request, "portal/account/totp.html", context | {"secret": secret, "qr": _qr(address)})


def factors(request: FrameRequest) -> HttpResponse:
    """App, recovery codes, passkeys of one's own."""
    context: dict[str, Any] = {
        "held": held(request.viewer.account_id), "first": unfinished(request) == "enrol",
        "why_not": unavailable_because(), "has_password": request.account.has_usable_password(),
    }  # fmt: skip
    doing = request.POST.get("do", "")
    try:
        if doing == "begin":
            return _setting_up(request, context)
        if doing == "confirm":
            codes = confirm_totp(request.viewer, request.POST.get("code", ""), client_address(request))
            _passed(request)
            return _codes(request, context | {"codes": codes})
        if doing == "codes":
            confirmed(request)
            return _codes(request, context | {"codes": new_recovery_codes(request.viewer)})
    except Refused as refusal:
        template = "portal/account/totp.html" if doing == "confirm" else "portal/account/factors.html"
        return again(request, template, refusal, context)
    if doing:
        raise Refused("unknown", _("页面过期了，请刷新后再试。"))
    return render(request, "portal/account/factors.html", context)


def factor(request: FrameRequest) -> HttpResponse:
    """Asked for after the password: a code of the app, one of the recovery codes, or a passkey."""
    if unfinished(request) != "verify":
        return HttpResponseRedirect("/")
    context: dict[str, Any] = {"held": held(request.viewer.account_id), "why_not": unavailable_because()}
    if request.method != "POST":
        return render(request, "portal/account/factor.html", context)
    try:
        verify_factor(request.viewer, request.POST.get("code", ""), client_address(request))
    except Refused as refusal:
        return again(request, "portal/account/factor.html", refusal, context)
    _passed(request)
    return HttpResponseRedirect("/")
