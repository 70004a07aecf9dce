"""A class is changed while people study in it: its learners are told once of every change."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.record.assessment.setting.models import RuleChange
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.notices.inbox.actions import fan_out
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_class_changed", "tell_rules_changed"]


def _told(cls: TrainingClass, key: str, words: Words) -> int:
    if cls.state == TrainingClass.State.DRAFT:
        return 0
    return fan_out(cls, "change", key, words, counted_enrolments(cls.pk).values_list("person_id", flat=True)) or 0


def tell_class_changed(entry: AuditEntry) -> int:
    """Only of another last day; a draft's learners know of none."""
    cls = TrainingClass.objects.filter(pk=entry.object_id).first()
    before, after = entry.details["before"].get("ends_on"), entry.details["after"].get("ends_on")
    if cls is None or after is None:
        return 0
    body = _("结束日期从 %(before)s 改为 %(after)s 24:00。各项任务自己的截止日期以各页面所写为准。")
    words = Words(say(_("%(name)s延期"), name=cls.short_name), say(body, before=before, after=after))
    return _told(cls, f"ends:{entry.pk}", words)


def tell_rules_changed(entry: AuditEntry) -> int:
    """The rules learners are judged by are others now: why, and where to read them."""
    change = RuleChange.objects.filter(pk=entry.object_id).select_related("training_class").first()
    if change is None:
        return 0
    body = _("原因：%(reason)s。请到“证书与结果”看新的要求和您现在的情况。")
    cls = change.training_class
    words = Words(
        say(_("%(name)s的考核规则有调整"), name=cls.short_name), say(body, reason=change.reason.rstrip("。")), "result"
    )
    return _told(cls, f"rules:{change.pk}", words)
