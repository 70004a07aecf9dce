"""An exam of three questions (50, 30 and 20 points), one of each kind, through the real actions."""

from datetime import datetime, timedelta

from factories.worlds import World

from yanxiu.training.exams import actions
from yanxiu.training.exams.models import Exam

__all__ = ["KEYS", "make_exam"]

KEYS = {1: [1], 2: [0, 2], 3: [0]}


def make_exam(world: World, *, max_attempts: int = 2, hours: int = 10, duration_minutes: int = 60) -> Exam:
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
    opens = datetime.fromisoformat("2017-07-15T08:00:00+08:00")
    return actions.schedule_exam(
        world.manager, world.cls, title="结业考试", opens_at=opens, closes_at=opens + timedelta(hours=hours),
        duration_minutes=duration_minutes, max_attempts=max_attempts,
        questions=[(single, 50), (multiple, 30), (judged, 20)],
    )  # fmt: skip
