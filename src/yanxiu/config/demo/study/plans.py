"""What is to be studied in the two classes of the play; needs no Django, so that it is planned while they are founded."""

from yanxiu.config.demo.cast import lessons, reference
from yanxiu.config.demo.study.planner import Goal, Plan, make_plan

__all__ = ["SECOND_FIELDS", "plans"]

SECOND_FIELDS = frozenset({"ethics", "teaching", "culture", "local"})


def plans() -> tuple[Plan, Plan]:
    """Study of the main class, to the second of the 2017 totals, and of the second one."""
    printed = reference()["class"]
    main = Goal(100, printed["compulsory_minutes"] * 60 + 31, printed["elective_minutes"] * 60 + 17)
    second = Goal(12, 12 * 150 * 60, 12 * 40 * 60, seed=2018, cadence=15, first_learner=100, first_day=27, days=19)
    rows = lessons()
    return make_plan(rows, main), make_plan([row for row in rows if row.field in SECOND_FIELDS], second)
