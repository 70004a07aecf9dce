"""Opening a round, and changing one that has not begun."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.discussion.models import DiscussionRound
from yanxiu.training.discussion.rules import POST_LIMIT, has_begun

__all__ = ["change_round", "open_round"]


@dataclass(frozen=True, slots=True)
class _Terms:
    theme: str
    background: str
    opens_on: date
    closes_on: date
    required_posts: int
    min_characters: int


def _terms(
    training_class: TrainingClass,
    *,
    theme: str,
    background: str,
    opens_on: date,
    closes_on: date,
    required_posts: int,
    min_characters: int,
) -> _Terms:
    """Cleaned and checked, the days within those of the class."""
    if not training_class.starts_on <= opens_on <= closes_on <= training_class.ends_on:
        raise Refused("bad_dates", _("研讨起止日期应在班级起止日期之内，且先开始后截止。"), field="closes_on")
    if not 0 <= required_posts <= 100 or not 0 <= min_characters <= POST_LIMIT:
        raise Refused(
            "bad_requirement", _("要求发帖数应在 0 到 100 之间，最少字数不超过 10000。"), field="required_posts"
        )
    return _Terms(
        line(theme, field="theme", label=_("研讨主题")),
        clean_body(background, field="background", label=_("研讨背景"), required=False),
        opens_on, closes_on, required_posts, min_characters,
    )  # fmt: skip


@transaction.atomic
def open_round(
    actor: Viewer,
    training_class: TrainingClass,
    *,
    num: int,
    theme: str,
    opens_on: date,
    closes_on: date,
    background: str = "",
    required_posts: int = 1,
    min_characters: int = 0,
) -> DiscussionRound:
    """A dated round, its days within those of the class."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    terms = _terms(
        stored, theme=theme, background=background, opens_on=opens_on, closes_on=closes_on,
        required_posts=required_posts, min_characters=min_characters,
    )  # fmt: skip
    if not 1 <= num <= 99:
        raise Refused("bad_num", _("轮次应在 1 到 99 之间。"), field="num")
    if stored.rounds.filter(num=num).exists():
        raise Refused("num_taken", _("本班已有第 %(num)d 轮研讨。") % {"num": num}, field="num")
    round_ = DiscussionRound.objects.create(
        training_class=stored, num=num, theme=terms.theme, background=terms.background, opens_on=opens_on,
        closes_on=closes_on, required_posts=required_posts, min_characters=min_characters,
    )  # fmt: skip
    audit.record(
        "open_round", "round", round_.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="planned",
        required_posts=required_posts, min_characters=min_characters, opens_on=str(opens_on), closes_on=str(closes_on),
    )  # fmt: skip
    return round_


@transaction.atomic
def change_round(
    actor: Viewer,
    round_: DiscussionRound,
    *,
    theme: str,
    opens_on: date,
    closes_on: date,
    background: str = "",
    required_posts: int = 1,
    min_characters: int = 0,
) -> DiscussionRound:
    """New terms for a round nobody could write in yet: afterwards they would change what already counts."""
    stored = DiscussionRound.objects.select_for_update().select_related("training_class").filter(pk=round_.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored.training_class)
    training_class = class_taking_facts(stored.training_class_id)
    if has_begun(stored, training_class, clock.now()):
        raise Refused("wrong_state", _("本轮研讨已经开始，起止日期和要求不能再改；需要的话请另开一轮。"))
    terms = _terms(
        training_class, theme=theme, background=background, opens_on=opens_on, closes_on=closes_on,
        required_posts=required_posts, min_characters=min_characters,
    )  # fmt: skip
    kept = ("opens_on", "closes_on", "required_posts", "min_characters")
    before = {name: str(getattr(stored, name)) for name in kept}
    for name in ("theme", "background", *kept):
        setattr(stored, name, getattr(terms, name))
    stored.save(update_fields=["theme", "background", *kept])
    after = {name: str(getattr(stored, name)) for name in kept}
    changes: dict[str, Any] = {name: [before[name], after[name]] for name in kept if before[name] != after[name]}
    audit.record(
        "change_round", "round", stored.pk, actor_id=actor.person_id, class_id=training_class.pk, **changes
    )  # fmt: skip
    return stored
