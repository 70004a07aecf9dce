"""什么还没准备好: the checks of a class in words, each with the page where it is put right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.learning.words import amount, label_of
from yanxiu.record.assessment.setting.readiness import Check, readiness
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Line", "checklist"]

BEFORE = frozenset({TrainingClass.State.DRAFT, TrainingClass.State.APPROVED, TrainingClass.State.ENROLLING})


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    href: str
    link: str  # words of the link
    ok: bool
    must: bool


def _rule(check: Check) -> str:
    return label_of(check.rule) if check.rule is not None else ""


def _asked(check: Check) -> str:
    return amount(check.asked, getattr(check.rule, "unit_zh", ""))


# code → (words where it is there, words where it is not, route, words of the link)
_Words = tuple[Callable[[Check], str], Callable[[Check], str], str, Callable[[], str]]


def _people() -> Mapping[str, _Words]:
    return {
        "manager": (
            lambda c: _("班主任已指定（%(n)d 人）") % {"n": c.there},
            lambda _c: _("还没有班主任：学员在每个出错页面上看到的就是班主任的电话"),
            "setup#staff", lambda: _("指定班主任"),
        ),
        "roster": (
            lambda c: _("名册上有 %(n)d 人") % {"n": c.there},
            lambda _c: _("名册是空的（班级批准以后可以导入）"), "roster", lambda: _("导入名册"),
        ),
        "registered": (
            lambda c: _("%(n)d 人都已注册") % {"n": c.there},
            lambda c: _("名册上 %(asked)d 人，%(n)d 人已注册；没有注册的人学习不计入") % {"asked": c.asked, "n": c.there},
            "portal:invites", lambda: _("发邀请链接"),
        ),
        "quota": (
            lambda c: _("名额已分配（%(n)d 个）") % {"n": c.there},
            lambda _c: _("还没有分配名额：注册率没有分母"), "setup#quota", lambda: _("分配名额"),
        ),
        "days": (
            lambda _c: _("结束日期还没有过"), lambda _c: _("结束日期已经过去，开班以后什么也不能提交"), "setup_edit",
            lambda: _("延后结束日期"),
        ),
        "begun": (
            lambda _c: _("已到开班日期"),
            lambda c: _("离开班日期还有 %(n)d 天：现在开班，学员要到那一天才能学习") % {"n": c.there}, "setup_edit",
            lambda: _("看起止日期"),
        ),
    }  # fmt: skip


def _courses() -> Mapping[str, _Words]:
    return {
        "scheme": (
            lambda _c: "", lambda _c: _("考核方案在本系统里已经没有了，请另选"), "setup_edit", lambda: _("改选考核方案"),
        ),
        "curriculum": (
            lambda c: _("教学计划有 %(n)d 讲") % {"n": c.there}, lambda _c: _("教学计划是空的"), "setup#curriculum",
            lambda: _("录入课程"),
        ),
        "hours": (
            lambda _c: "",
            lambda c: _("%(gate)s：考核方案要求 %(asked)d 分钟，教学计划只有 %(n)d 分钟，照此没有人能合格") % {
                "gate": _rule(c), "asked": c.asked, "n": c.there,
            },
            "setup#curriculum", lambda: _("补充课程"),
        ),
        "courses": (
            lambda c: _("%(gate)s：要求 %(asked)s，教学计划有 %(n)d 门") % {
                "gate": _rule(c), "asked": _asked(c), "n": c.there,
            },
            lambda c: _("%(gate)s：要求 %(asked)s，教学计划只有 %(n)d 门，照此没有人能合格") % {
                "gate": _rule(c), "asked": _asked(c), "n": c.there,
            },
            "setup#curriculum", lambda: _("补充课程"),
        ),
        "files": (
            lambda _c: _("每一讲都有视频或讲义"),
            lambda c: _("%(asked)d 讲里有 %(n)d 讲还没有课件，学员打不开") % {"asked": c.asked, "n": c.asked - c.there},
            "courses", lambda: _("上传课件"),
        ),
        "points": (
            lambda _c: "",
            lambda c: _("照现在的教学计划最多能得 %(n)d 分，合格线是 %(asked)d 分，没有人能合格") % {
                "asked": c.asked, "n": c.there,
            },
            "setup#curriculum", lambda: _("补充课程"),
        ),
        "over": (
            lambda _c: "",
            lambda c: _("考核方案里“%(rule)s”的截止时间早于本班开班，没有人能达到") % {"rule": _rule(c)}, "setup_edit",
            lambda: _("改选考核方案"),
        ),
        "unrecorded": (
            lambda _c: "",
            lambda c: _("考核方案里的“%(rule)s”本系统没有记录的办法，没有人能达到") % {"rule": _rule(c)}, "setup_edit",
            lambda: _("改选考核方案"),
        ),
    }  # fmt: skip


def _plans() -> Mapping[str, _Words]:
    return {
        "homework": (
            lambda _c: _("平时作业已布置"),
            lambda _c: _("考核方案算平时作业，还没有哪项写作任务算作业"), "writing_tasks", lambda: _("布置作业"),
        ),
        "midterm": (
            lambda _c: _("期中考试已安排"), lambda _c: _("考核方案算期中考试，还没有安排"), "exam_new?role=midterm",
            lambda: _("安排期中考试"),
        ),
        "exam": (
            lambda _c: _("结业考试已安排"), lambda _c: _("还没有安排结业考试，可以开班以后再办"), "exam_new",
            lambda: _("安排考试"),
        ),
        "rounds": (
            lambda c: _("研讨已安排 %(n)d 轮") % {"n": c.there}, lambda _c: _("还没有安排主题研讨，可以开班以后再办"),
            "rounds", lambda: _("安排研讨"),
        ),
        "sessions": (
            lambda c: _("面授已安排 %(n)d 次") % {"n": c.there},
            lambda _c: _("考核方案算考勤，还没有安排面授，可以开班以后再办"), "sessions", lambda: _("安排面授"),
        ),
    }  # fmt: skip


def _line(check: Check, words: _Words, key: str) -> Line:
    there, missing, route, link = words
    name = re.split("[?#]", route)[0]
    href = reverse(name if ":" in name else f"staff:{name}", args=[key]) + route[len(name) :]
    return Line((there if check.ok else missing)(check), href, link(), check.ok, check.must)


def checklist(training_class: TrainingClass) -> list[Line]:
    """Before the class is opened everything, what is missing first; afterwards what is still missing; of a closed one nothing."""
    state = TrainingClass.State(training_class.state)
    if state not in BEFORE | {TrainingClass.State.RUNNING}:
        return []
    known = {**_people(), **_courses(), **_plans()}
    lines = [
        _line(check, known[check.code], training_class.key)
        for check in readiness(training_class)
        if state in BEFORE or (not check.ok and check.code != "begun")
    ]
    return sorted(lines, key=lambda line: (line.ok, not line.must))
