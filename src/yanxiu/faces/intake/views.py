"""Opening a session of study; and beats, where Django is what serves them."""

from functools import cache

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import viewer_in
from yanxiu.faces.intake.origin import is_foreign
from yanxiu.kit.errors import Refused
from yanxiu.study import ports
from yanxiu.study.intake.actions import accept, not_stored, refused, too_large
from yanxiu.study.intake.presence import Desk
from yanxiu.study.intake.sessions import Lesson, Terms, open_session
from yanxiu.study.intake.wire import MAX_BODY
from yanxiu.study.policies.queries import policy_of_class
from yanxiu.training.courses.queries import lesson_for_session

__all__ = ["receive_beats", "start_session"]


@cache
def desk() -> Desk:
    """Of presence challenges, in this process."""
    return Desk(settings.BEATS_KEY)


class Asked(msgspec.Struct):
    enrolment: int
    lesson: int


def start_session(request: HttpRequest) -> HttpResponse:
    """POST {enrolment, lesson} → 201 {sid, token, opened_at, cadence_ms, max_rate}. Asked for by the player at play."""
    try:
        asked = msgspec.json.decode(request.body, type=Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("malformed", _("请求格式不对：需要 enrolment 和 lesson 两个编号。")) from error
    lesson = lesson_for_session(viewer_in(request), asked.enrolment, asked.lesson)
    policy = policy_of_class(lesson.class_id, clock.now())
    facts, token = open_session(
        Lesson(
            lesson.enrolment_id, lesson.person_id, lesson.class_id, lesson.lesson_id, lesson.version, lesson.kind,
            lesson.duration_ms,
        ),
        Terms(policy.id, policy.max_rate, policy.cadence_ms, lesson.zone),
        clock.now_ms(),
        settings.BEATS_KEY,
    )  # fmt: skip
    answer = {
        "sid": facts.sid, "token": token, "opened_at": facts.opened_at_ms, "cadence_ms": facts.cadence_ms,
        "max_rate": facts.max_rate,
    }  # fmt: skip
    return JsonResponse(answer, status=201)


@csrf_exempt  # its authority is the token in the body, never a cookie
def receive_beats(request: HttpRequest) -> HttpResponse:
    """What the ASGI endpoint does, one thread a POST."""
    status, body = _answer(request)
    response = HttpResponse(body, status=status, content_type="application/json")
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _answer(request: HttpRequest) -> tuple[int, bytes]:
    if is_foreign(request.headers.get("Origin"), request.headers.get("Host"), settings.OWN_ORIGIN):
        return refused(403, "foreign_origin", _("请求来自其他网站，已拒绝。"))
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        return too_large()
    try:
        ledger, view = ports.ledger(), ports.credited_view()
        return accept(body, clock.now_ms(), settings.BEATS_KEY, ledger, desk=desk(), view=view)
    except ports.NotStored:
        return not_stored()
