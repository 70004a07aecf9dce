"""The account's page, and the sessions of the account."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.portal.account.showing import renew
from yanxiu.kit.errors import NotVisible
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.factors.queries import held
from yanxiu.people.privacy.consent import answers_of
from yanxiu.people.privacy.queries import newest_takeout, open_erasure
from yanxiu.people.profile.mail import mails
from yanxiu.people.profile.queries import own_corrections
from yanxiu.people.queries import person_of
from yanxiu.people.sessions.actions import end_other_sessions, revoke_session
from yanxiu.people.sessions.queries import own_sessions

__all__ = ["me", "sessions"]


def me(request: FrameRequest) -> HttpResponse:
    """Who one is, how one signs in, what is held about one, how pages look."""
    answers = answers_of(request.viewer)
    context = {
        "person": person_of(request.viewer), "held": held(request.viewer.account_id), "mails": mails(),
        "has_password": request.account.has_usable_password(), "why_not": unavailable_because(),
        "answer": answers[0] if answers else None,
        "open": [row for row in own_corrections(request.viewer) if row.is_open],
        "sessions": own_sessions(request.viewer, request.session.get("record")),
        "takeout": newest_takeout(request.viewer), "wish": open_erasure(request.viewer),
    }  # fmt: skip
    return render(request, "portal/me.html", context)


def sessions(request: FrameRequest) -> HttpResponse:
    """Where one is signed in; ending one of them, or all but this."""
    here = request.session.get("record")
    if request.method == "POST":
        if request.POST.get("all") == "1":
            end_other_sessions(request.viewer, request.account, here)
            renew(request, request.account)
            done = "all"
        else:
            wanted = request.POST.get("session", "")
            if not wanted.isdecimal() or len(wanted) > 18 or int(wanted) == here:
                raise NotVisible
            revoke_session(request.viewer, int(wanted))
            done = "one"
        return HttpResponseRedirect(f"{request.path}?done={done}")
    context = {"rows": own_sessions(request.viewer, here), "done": request.GET.get("done", "")}
    return render(request, "portal/account/sessions.html", context)
