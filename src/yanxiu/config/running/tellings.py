"""Who is told of which deed: the action of its audit entry → what makes the notices (kit.telling)."""

from yanxiu.kit.telling import Telling
from yanxiu.record.assessment.appealed import tell_appeal
from yanxiu.record.assessment.setting import telling as setting
from yanxiu.training.notices import deeds
from yanxiu.training.participation.attendance import telling as attendance
from yanxiu.training.participation.telling import classes, exams, leave, posts, writing

__all__ = ["TELLINGS"]

TELLINGS: dict[str, Telling] = {
    "publish_post": Telling(posts.tell_answered),
    "reply": Telling(posts.tell_answered),
    "publish_draft": Telling(posts.tell_answered),
    "feature_post": Telling(posts.tell_featured),
    "remove_post": Telling(posts.tell_removed),
    "answer_report": Telling(posts.tell_settled),
    "accept_outcome": Telling(writing.tell_marked),
    "return_outcome": Telling(writing.tell_marked),
    "withdraw_outcome": Telling(writing.tell_withdrawn),
    "comment_outcome": Telling(writing.tell_comment),
    "remove_comment": Telling(writing.tell_comment_removed),
    "accept_thought_report": Telling(writing.tell_report),
    "return_thought_report": Telling(writing.tell_report),
    "release_exam": Telling(exams.tell_released, at_once=False),
    "defer_exam": Telling(exams.tell_deferred),
    "change_state": Telling(classes.tell_started, at_once=False),
    "change_class": Telling(setting.tell_class_changed, at_once=False),
    "change_rules": Telling(setting.tell_rules_changed, at_once=False),
    "move_session": Telling(attendance.tell_session, at_once=False),
    "cancel_session": Telling(attendance.tell_session, at_once=False),
    "confirm_attendance": Telling(attendance.tell_corrected),
    "decide_leave": Telling(leave.tell_leave),
    "confirm_appeal": Telling(tell_appeal),
    "reject_appeal": Telling(tell_appeal),
    "choose_password": Telling(deeds.tell_password),
    "change_phone": Telling(deeds.tell_phone),
    "reset_factors": Telling(deeds.tell_factors),
    "grant_region_role": Telling(deeds.tell_role),
    "revoke_region_role": Telling(deeds.tell_role),
    "decide_correction": Telling(deeds.tell_correction),
}
