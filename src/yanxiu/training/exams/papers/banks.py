"""Banks and questions; part of the room's `actions`."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.rules.marking import CHOICE_KINDS, is_possible, normal_text
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.exams.models import ExamQuestion, Question, QuestionBank
from yanxiu.training.exams.rules import require_setter

__all__ = ["add_question", "checked_question", "create_bank", "edit_question"]

MOST_ACCEPTED = 20


@transaction.atomic
def create_bank(actor: Viewer, *, name: str, training_class: TrainingClass | None = None) -> QuestionBank:
    """A question bank: of the region of the class it is made in, else of the whole installation."""
    require_setter(actor)
    if training_class is not None:
        require(can_manage, actor, training_class)
    bank = QuestionBank.objects.create(
        name=line(name, field="name", label=_("题库名称"), limit=80),
        region=training_class.region if training_class is not None else None,
    )
    audit.record("create_bank", "bank", bank.pk, actor_id=actor.person_id, to_state="created")
    return bank


def _checked_options(kind: str, options: Sequence[str]) -> list[str]:
    if kind not in CHOICE_KINDS:
        if options:
            raise Refused("bad_options", _("填空题和简答题没有选项。"), field="options")
        return []
    texts = [line(text, field="options", label=_("选项"), limit=500) for text in options]
    if not 2 <= len(texts) <= 10 or (kind == Question.Kind.TRUE_FALSE and len(texts) != 2):
        raise Refused("bad_options", _("选项应有 2 到 10 个，判断题应恰有 2 个。"), field="options")
    if len(set(texts)) != len(texts):
        raise Refused("bad_options", _("有内容相同的选项，请检查。"), field="options")
    return texts


def _checked_key(kind: str, options: Sequence[str], key: Sequence[Any]) -> list[Any]:
    if kind == Question.Kind.ESSAY:
        if key:
            raise Refused("bad_key", _("简答题由教师批阅，没有标准选项；评分要点请写在“评分要点”里。"), field="key")
        return []
    if kind == Question.Kind.FILL_IN:
        texts = [line(str(text), field="key", label=_("答案"), limit=200) for text in key]
        if not 1 <= len({normal_text(text) for text in texts}) <= MOST_ACCEPTED:
            message = _("填空题至少要有一个答案，最多 %(most)d 种写法。") % {"most": MOST_ACCEPTED}
            raise Refused("bad_key", message, field="key")
        return texts
    if not key:
        raise Refused(
            "bad_key", _("还没有标出正确答案，请在正确的选项前打勾（用表格导入时写在“答案”列）。"), field="key"
        )
    if not is_possible(kind, len(options), key):
        raise Refused("bad_key", _("答案应指向已有的选项；单选题和判断题只有一个答案。"), field="key")
    return sorted(key)


def checked_question(
    *, kind: str, stem: str, options: Sequence[str] = (), key: Sequence[Any] = (), tag: str = "", guide: str = ""
) -> Question:
    """A question that makes sense, not stored yet; refused by field otherwise."""
    if kind not in Question.Kind.values:
        raise Refused("bad_kind", _("题型只有单选题、多选题、判断题、填空题和简答题。"), field="kind")
    texts = _checked_options(kind, options)
    return Question(
        kind=kind, stem=clean_body(stem, field="stem", label=_("题干"), limit=5_000), options=texts,
        key=_checked_key(kind, texts, key), tag=line(tag, field="tag", label=_("标签"), limit=40, required=False),
        guide=clean_body(guide, field="guide", label=_("评分要点"), limit=5_000, required=False),
    )  # fmt: skip


@transaction.atomic
def add_question(
    actor: Viewer, bank: QuestionBank, *, kind: str, stem: str, options: Sequence[str] = (), key: Sequence[Any] = (),
    tag: str = "", guide: str = "",
) -> Question:  # fmt: skip
    """A question; `key` lists the indexes of the right options (true_false: 0 = 正确, 1 = 错误, as `options` say), of a
    fill-in the accepted texts.
    """
    require_setter(actor)
    question = checked_question(kind=kind, stem=stem, options=options, key=key, tag=tag, guide=guide)
    question.bank = bank
    question.save()
    audit.record("add_question", "question", question.pk, actor_id=actor.person_id, to_state="created")
    return question


def _replace(question: Question, changed: Question) -> Question:
    changed.bank_id, changed.previous, changed.version = question.bank_id, question, question.version + 1
    question.is_current = False
    question.save(update_fields=["is_current"])
    changed.save()
    return changed


def _overwrite(question: Question, changed: Question) -> Question:
    changed.pk, changed.bank_id, changed.previous_id = question.pk, question.bank_id, question.previous_id
    changed.version = question.version
    changed.save(force_update=True)
    return changed


@transaction.atomic
def edit_question(
    actor: Viewer, question: Question, *, stem: str, options: Sequence[str] = (), key: Sequence[Any] = (),
    tag: str = "", guide: str = "",
) -> Question:  # fmt: skip
    """The same kind of question with other words or another key; a new version if any paper holds the old one."""
    require_setter(actor)
    stored = Question.objects.select_for_update().filter(pk=question.pk).first()
    if stored is None:
        raise NotVisible
    if not stored.is_current:
        raise Refused("conflict", _("这道题已有更新的版本，请在题库中打开新版本再修改。"))
    changed = checked_question(kind=stored.kind, stem=stem, options=options, key=key, tag=tag, guide=guide)
    is_used = ExamQuestion.objects.filter(question=stored).exists()
    made = _replace(stored, changed) if is_used else _overwrite(stored, changed)
    audit.record(
        "edit_question", "question", made.pk, actor_id=actor.person_id,
        to_state="created" if is_used else "edited", version=made.version, replaces=stored.pk if is_used else 0,
    )  # fmt: skip
    return made
