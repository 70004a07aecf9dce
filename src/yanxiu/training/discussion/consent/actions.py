"""Giving and taking back consent. Whether it can still be taken back is asked above, where reports are known."""

from django.db import transaction

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible
from yanxiu.people.queries import Viewer
from yanxiu.training.discussion.models import Post

__all__ = ["set_quotable"]


@transaction.atomic
def set_quotable(actor: Viewer, post: Post, *, quotable: bool) -> Post:
    """By the author alone, at any time, for the text as it is in the version named; doing it twice changes nothing."""
    stored = Post.objects.select_for_update().select_related("round").filter(pk=post.pk).first()
    if stored is None or actor.person_id is None or stored.author_id != actor.person_id:
        raise NotVisible
    if stored.state == Post.State.DRAFT:
        raise NotVisible
    if stored.quotable == quotable:
        return stored
    stored.quotable = quotable
    stored.save(update_fields=["quotable"])
    audit.record(
        "allow_quotation" if quotable else "withdraw_quotation", "post", stored.pk, actor_id=actor.person_id,
        class_id=stored.round.training_class_id, version=stored.edits + 1,
    )  # fmt: skip
    return stored
