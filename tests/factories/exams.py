"""Exams through the real actions: a fixed paper of three questions (50, 30 and 20 points), and a blueprint with every kind."""

from datetime import datetime, timedelta
from typing import Any

from factories.worlds import World

from yanxiu.core.rules.blueprint import Section
from yanxiu.training.exams import actions
from yanxiu.training.exams.models import Exam, ExamQuestion, Question, QuestionBank

__all__ = ["ACCEPTED", "GUIDE", "KEYS", "OPENS", "exam_ids", "full_bank", "make_drawn_exam", "make_exam"]

KEYS = {1: [1], 2: [0, 2], 3: [0]}
OPENS = "2017-07-15T08:00:00+08:00"
ACCEPTED = ("民主集中制", "民主集中")
GUIDE = "答出三条得满分"


def make_exam(
    world: World, *, max_attempts: int = 2, hours: int = 10, duration_minutes: int = 60, opens: str = OPENS,
    terms: actions.Terms | None = None,
) -> Exam:  # fmt: skip
    """Opens 2017-07-15 08:00 in Shanghai."""
    bank = actions.create_bank(world.manager, name="党建题库")
    single = actions.add_question(
        world.manager, bank, kind="single", stem="单选", options=["甲", "乙", "丙"], key=KEYS[1]
    )
    multiple = actions.add_question(
        world.manager, bank, kind="multiple", stem="多选", options=["甲", "乙", "丙"], key=[2, 0]
    )
    judged = actions.add_question(
        world.manager, bank, kind="true_false", stem="判断", options=["正确", "错误"], key=KEYS[3]
    )
    opens_at = datetime.fromisoformat(opens)
    return actions.schedule_exam(
        world.manager, world.cls, title="结业考试", opens_at=opens_at, closes_at=opens_at + timedelta(hours=hours),
        duration_minutes=duration_minutes, max_attempts=max_attempts, terms=terms or actions.Terms(),
        questions=[(single, 50), (multiple, 30), (judged, 20)],
    )  # fmt: skip


def full_bank(world: World, name: str = "全题型题库") -> QuestionBank:
    """Four single, four multiple, four true/false, three fill-ins, two essays; half of them tagged 党章."""
    bank = actions.create_bank(world.manager, name=name, training_class=world.cls)
    for n in range(4):
        options = [f"选项{n}{letter}" for letter in "甲乙丙丁"]
        tag = "党章" if n % 2 else ""
        for kind, key in (("single", [n]), ("multiple", sorted({n, (n + 1) % 4}))):
            actions.add_question(
                world.manager, bank, kind=kind, stem=f"{kind} 第{n}题", options=options, key=key, tag=tag
            )
        actions.add_question(
            world.manager, bank, kind="true_false", stem=f"判断第{n}题", options=["正确", "错误"], key=[n % 2], tag=tag
        )
    for n in range(3):
        actions.add_question(world.manager, bank, kind="fill_in", stem=f"填空第{n}题", key=list(ACCEPTED))
    for n in range(2):
        actions.add_question(world.manager, bank, kind="essay", stem=f"简答第{n}题", guide=GUIDE)
    return bank


def make_drawn_exam(
    world: World, *, opens: str = OPENS, hours: int = 10, duration_minutes: int = 60, essays: int = 1,
    terms: actions.Terms | None = None, bank: QuestionBank | None = None,
) -> Exam:  # fmt: skip
    """Nine questions: 2 single, 2 multiple, 2 true/false, 2 fill-ins, 1 essay (or 4 single instead of it)."""
    held = bank or full_bank(world)
    sections = [
        Section(held.pk, "single", 2, 10), Section(held.pk, "multiple", 2, 10), Section(held.pk, "true_false", 2, 5),
        Section(held.pk, "fill_in", 2, 10),
        Section(held.pk, "essay", 1, 30) if essays else Section(held.pk, "single", 2, 15),
    ]  # fmt: skip
    opens_at = datetime.fromisoformat(opens)
    return actions.schedule_exam(
        world.manager, world.cls, title="随机卷考试", opens_at=opens_at, closes_at=opens_at + timedelta(hours=hours),
        duration_minutes=duration_minutes, sections=sections, terms=terms or actions.Terms(is_shuffled=True),
    )  # fmt: skip


def exam_ids(world: World) -> dict[str, Any]:
    """For the personae: an exam open on the first day, one learner sitting it, an essay of another waiting to be marked."""
    exam = make_drawn_exam(world, opens="2017-06-10T00:00:00+08:00", terms=actions.Terms())
    sitting, done = world.learners[:2]
    attempt = actions.start_attempt(sitting.viewer, exam, sitting.enrolment)
    handed = actions.start_attempt(done.viewer, exam, done.enrolment)
    essay = ExamQuestion.objects.get(attempt=handed, question__kind=Question.Kind.ESSAY)
    actions.save_answer(done.viewer, handed, num=essay.num, text="支部会与教研组会合开。")
    actions.submit_attempt(done.viewer, handed)
    return {
        "exam": exam.uuid, "attempt": attempt.uuid, "essay": essay.question_id, "bank": essay.question.bank_id,
    }  # fmt: skip
