"""The class manager's page of invites: who has signed in, who asks for a link, links for one person or for all at once."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.actions import issue_invite
from yanxiu.people.queries import account_states
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import class_for, class_roster, person_in
from yanxiu.training.classes.roster.links import issue_links, links_xlsx
from yanxiu.training.classes.rules import can_manage, can_send_invite, require

__all__ = ["everybody", "invites"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _address(token: str) -> str:
    return f"{settings.ORIGIN.scheme}://{settings.ORIGIN.netloc}{reverse('portal:invite', args=[token])}"


def _page(request: FrameRequest, training_class: TrainingClass, **context: object) -> HttpResponse:
    page = class_roster(training_class, after=request.GET.get("after") or None)
    states = account_states(row.person_id for row in page.rows)
    context |= {"training_class": training_class, "page": page, "rows": [(r, states[r.person_id]) for r in page.rows]}
    return render(request, "portal/invites.html", context, status=422 if "refused" in context else 200)


def invites(request: FrameRequest, key: str) -> HttpResponse:
    """GET lists the roster by page; POST makes one link and shows it once: it is stored nowhere."""
    training_class = class_for(request.viewer, key)
    require(can_manage, request.viewer, training_class)
    if request.method != "POST":
        return _page(request, training_class)
    given = request.POST.get("person", "")
    if not given.isdecimal() or len(given) > 18:
        raise NotVisible
    person = person_in(training_class, int(given))
    if not can_send_invite(request.viewer, training_class, person):
        raise Refused("forbidden", _("这位学员同时是班主任、辅导教师或督学，邀请链接请由系统管理员来发。"))
    _row, token = issue_invite(request.viewer, person=person)
    return _page(request, training_class, person=person, link=_address(token))


def everybody(request: FrameRequest, key: str) -> HttpResponse:
    """A workbook with a link for everybody who has never signed in and holds none."""
    training_class = class_for(request.viewer, key)
    try:
        made = issue_links(request.viewer, training_class)
    except Refused as refused:
        if refused.code != "nobody_left":
            raise
        return _page(request, training_class, refused=refused)
    content = links_xlsx(made, _address("-").removesuffix("-"))
    name = f"{training_class.key}-invites.xlsx"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
