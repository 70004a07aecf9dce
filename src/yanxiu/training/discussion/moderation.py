"""What is done to posts by others than their writers: featured, reported, removed; and withdrawal by the writer."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_tutor, class_taking_facts, require
from yanxiu.training.discussion.models import Post, PostReport
from yanxiu.training.discussion.rules import writes_as_learner

__all__ = ["answer_report", "feature_post", "remove_post", "report_post"]


def _stored(post: Post) -> Post:
    stored = Post.objects.select_for_update().select_related("round__training_class__region").filter(pk=post.pk).first()
    if stored is None:
        raise NotVisible
    return stored


@transaction.atomic
def remove_post(actor: Viewer, post: Post, *, reason: str) -> Post:
    """删帖, by tutor or manager with a reason, or by its author. Allowed after the freeze: it shows as drift."""
    stored = _stored(post)
    is_author = actor.person_id is not None and stored.author_id == actor.person_id
    if not is_author:
        if stored.state == Post.State.DRAFT:
            raise NotVisible
        require(can_tutor, actor, stored.round.training_class)
    stored.removal_reason = line(reason, field="reason", label=_("删除原因"), limit=200)
    if stored.state == Post.State.REMOVED:
        raise Refused("wrong_state", _("这条帖子已经删除。"))
    before, stored.state = stored.state, Post.State.REMOVED
    stored.removed_by_id, stored.is_featured = actor.person_id, False
    stored.save(update_fields=["state", "removal_reason", "removed_by", "is_featured"])
    audit.record(
        "remove_post", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
        from_state=before, to_state=stored.state,
    )  # fmt: skip
    for report in stored.reports.filter(state=PostReport.State.OPEN):
        _settle(actor, report, PostReport.State.UPHELD, _("作者已撤回。") if is_author else stored.removal_reason)
    return stored


@transaction.atomic
def feature_post(actor: Viewer, post: Post, *, is_featured: bool = True) -> Post:
    """精华帖, by tutor or manager."""
    stored = _stored(post)
    require(can_tutor, actor, stored.round.training_class)
    class_taking_facts(stored.round.training_class_id)
    if stored.state != Post.State.VISIBLE:
        raise Refused("wrong_state", _("只有已发布的帖子可以设为精华。"))
    if stored.is_featured != is_featured:
        stored.is_featured = is_featured
        stored.save(update_fields=["is_featured"])
        audit.record(
            "feature_post", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
            is_featured=is_featured,
        )  # fmt: skip
    return stored


# Reports of abuse -----------------------------------------------------------------------------------------------------


@transaction.atomic
def report_post(actor: Viewer, post: Post, *, reason: str) -> PostReport:
    """举报 somebody else's visible post, once a person; whoever may write in the class may report, at any time."""
    stored = _stored(post)
    person_id, _by_learner = writes_as_learner(actor, stored.round.training_class)
    if stored.state == Post.State.DRAFT:
        raise NotVisible
    if stored.state != Post.State.VISIBLE:
        raise Refused("wrong_state", _("这条帖子已经删除，不用再举报。"))
    if stored.author_id == person_id:
        raise Refused("own_post", _("这是您自己的帖子，不想保留可以撤回。"))
    text = line(reason, field="reason", label=_("举报原因"), limit=200)
    if stored.reports.filter(reporter_id=person_id).exists():
        raise Refused("already_reported", _("您已经举报过这条帖子，班主任或辅导教师会处理。"), field="reason")
    report = PostReport.objects.create(post=stored, reporter_id=person_id, reason=text, reported_at=clock.now())
    audit.record(
        "report_post", "post_report", report.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
        to_state=report.state, post=stored.pk,
    )  # fmt: skip
    return report


def _settle(actor: Viewer, report: PostReport, state: str, answer: str) -> None:
    before, report.state = report.state, state
    report.answer, report.answered_by_id, report.answered_at = answer, actor.person_id, clock.now()
    report.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record(
        "answer_report", "post_report", report.pk, actor_id=actor.person_id,
        class_id=report.post.round.training_class_id, from_state=before, to_state=state,
    )  # fmt: skip


@transaction.atomic
def answer_report(actor: Viewer, report_id: int, *, uphold: bool, answer: str) -> PostReport:
    """By tutor or manager, not by the post's own writer; upheld, the post goes and every open report of it with it."""
    report = (
        PostReport.objects.select_for_update()
        .select_related("post__round__training_class__region")
        .filter(pk=report_id, post__round__training_class__in=visible_classes(actor))
        .first()
    )
    if report is None:
        raise NotVisible
    require(can_tutor, actor, report.post.round.training_class)
    if report.post.author_id == actor.person_id:
        raise Refused("same_person", _("这是您自己的帖子，请由另一位辅导教师或班主任处理。"))
    if report.state != PostReport.State.OPEN:
        raise Refused("wrong_state", _("这条举报已经处理过。"))
    text = line(answer, field="answer", label=_("处理意见"), limit=200)
    if uphold:
        remove_post(actor, report.post, reason=text)
        report.refresh_from_db()
    else:
        _settle(actor, report, PostReport.State.DISMISSED, text)
    return report
