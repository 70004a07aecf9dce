"""The class manager's page of invites: who has signed in, who asks for a link, and a new link for one person."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.actions import issue_invite
from yanxiu.people.queries import account_states
from yanxiu.training.classes.queries import class_for, class_roster, person_in
from yanxiu.training.classes.rules import can_manage, can_send_invite, require

__all__ = ["invites"]


def invites(request: FrameRequest, key: str) -> HttpResponse:
    """GET lists the roster by page; POST makes one link and shows it once: it is stored nowhere."""
    training_class = class_for(request.viewer, key)
    require(can_manage, request.viewer, training_class)
    context: dict[str, object] = {"training_class": training_class}
    if request.method == "POST":
        given = request.POST.get("person", "")
        if not given.isdecimal() or len(given) > 18:
            raise NotVisible
        person = person_in(training_class, int(given))
        if not can_send_invite(request.viewer, training_class, person):
            raise Refused("forbidden", _("这位学员同时是班主任、辅导教师或督学，邀请链接请由系统管理员来发。"))
        _row, token = issue_invite(request.viewer, person=person)
        origin = f"{settings.ORIGIN.scheme}://{settings.ORIGIN.netloc}"
        context |= {"person": person, "link": origin + reverse("portal:invite", args=[token])}
    page = class_roster(training_class, after=request.GET.get("after") or None)
    states = account_states(row.person_id for row in page.rows)
    context |= {"rows": [(row, states[row.person_id]) for row in page.rows], "page": page}
    return render(request, "portal/invites.html", context)
