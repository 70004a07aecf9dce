"""What a class asks of a learner, in words: to-dos with the days left, and the one thing to do now with its button."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanxiu.core.time import clock
from yanxiu.faces.frame.learning.meetings import attended_text, session_note, session_tag, when_text
from yanxiu.faces.frame.learning.timeline import numeral
from yanxiu.faces.frame.learning.words import reason_words
from yanxiu.record.assessment.queries import Agenda, Due, NextLesson, Outlook, now_to_do, scheme
from yanxiu.training.classes.models import TrainingClass

__all__ = [
    "NextStep",
    "Todo",
    "address",
    "clock_text",
    "day_text",
    "left_text",
    "next_step",
    "todo",
    "until_text",
    "verdict_step",
]

TICK = timedelta(milliseconds=1)
PRESSING = timedelta(days=7)
MINUTE_MS = 60_000


def address(name: str, *args: object) -> str:
    """The address of a route, "" where an installation has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def day_text(at: datetime, zone: str) -> str:
    """7月9日, in the class's zone."""
    return format_date(at.astimezone(ZoneInfo(zone)), _("n月j日"))


def until_text(closes_at: datetime, zone: str) -> str:
    """The last moment: the day alone where the whole day belongs to it."""
    local = (closes_at - TICK).astimezone(ZoneInfo(zone))
    day = format_date(local, _("n月j日"))
    whole = (local.hour, local.minute) == (23, 59)
    return day if whole else f"{day} {closes_at.astimezone(ZoneInfo(zone)):%H:%M}"


def left_text(closes_at: datetime, zone: str) -> str:
    """剩 5 天 · 7月9日止; on the last day its hour."""
    here = ZoneInfo(zone)
    days = ((closes_at - TICK).astimezone(here).date() - clock.now().astimezone(here).date()).days
    if days > 0:
        words = ngettext("剩 %(days)d 天 · %(until)s止", "剩 %(days)d 天 · %(until)s止", days)
        return words % {"days": days, "until": until_text(closes_at, zone)}
    local = (closes_at - TICK).astimezone(here)
    hour = "24:00" if (local.hour, local.minute) == (23, 59) else f"{closes_at.astimezone(here):%H:%M}"
    return _("今天 %(hour)s 止") % {"hour": hour}


def clock_text(ms: int) -> str:
    """38:24, or 1:02:03."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@dataclass(frozen=True, slots=True)
class Todo:
    """`look`: class of the tag (now, due, ok, ""); `href` "" where there is no page for it yet."""

    due: Due
    title: str
    note: str
    href: str
    tag: str
    look: str

    @property
    def done(self) -> bool:
        return self.due.state == "done"


def _title(due: Due) -> str:
    if due.kind == "session":
        return _("面授：%(title)s") % {"title": due.title}
    if due.kind == "round":
        return _("第%(n)s轮研讨发帖") % {"n": numeral(due.number)}
    asked = {
        "outcome": _("提交研修成果"), "reflection": _("提交学习心得"), "thought_report": _("提交思想汇报"),
        "electives": _("选课"),
    }  # fmt: skip
    return asked.get(due.kind, due.title)


def _href(key: str, due: Due) -> str:
    if due.kind == "session":
        return address("learner:session", key, due.ref)
    if due.kind == "round":
        return address("learner:round", key, due.number)
    if due.kind == "exam":
        return address("learner:exam", key, due.ref) or address("learner:exams", key)
    if due.kind == "survey":
        return address("learner:survey", key, due.ref)
    places = {"thought_report": "learner:thoughts", "electives": "learner:affairs"}
    return address(places.get(due.kind, "learner:outcomes"), key)


def _exam_note(due: Due) -> str:
    used = {"minutes": due.number, "used": int(due.note), "most": due.need}
    sittings = {"resit": _("补考"), "deferred": _("缓考")}
    told = [sittings[due.sitting]] if due.sitting in sittings else []
    told.append(_("%(minutes)d 分钟") % used)
    if due.need:
        told.append(_("已作答 %(used)d 次，最多 %(most)d 次") % used)
    elif due.note != "0":
        told.append(_("已作答 %(used)d 次") % used)
    if due.in_marking:
        told.append(_("已交卷，批阅中"))
    elif due.state == "done" or due.have:
        told.append(_("最高 %(best)d 分") % {"best": due.have})
    return " · ".join(told)


def _note(due: Due) -> str:
    if due.kind == "round":
        have = {"have": due.have, "need": due.need}
        return f"{due.title} · " + _("已发 %(have)d 帖，要求 %(need)d 帖") % have
    if due.kind == "exam":
        return _exam_note(due)
    if due.kind == "electives":
        return _("已选 %(have)d 门，至少选 %(need)d 门；没有选的学了不计时") % {"have": due.have, "need": due.need}
    if due.kind == "survey":
        return _("答卷不记姓名，只交一次")
    told = {
        "draft": _("草稿《%(title)s》还没有提交"), "returned": _("《%(title)s》已退回，请修改后重新提交"),
        "withdrawn": _("《%(title)s》已撤回"), "submitted": _("《%(title)s》已提交"),
        "resubmitted": _("《%(title)s》已重新提交"), "accepted": _("《%(title)s》已认定"),
    }  # fmt: skip
    if due.have and due.have < due.need and due.note != "returned":
        return _("已交 %(have)d 篇，要求 %(need)d 篇") % {"have": due.have, "need": due.need}
    title = due.title or _("（还没有标题）")
    return told[due.note] % {"title": title} if due.note in told else _("还没有动笔")


def _tag(class_: TrainingClass, due: Due) -> tuple[str, str]:
    if due.kind == "session":
        return session_tag(class_, due)
    until = {"until": until_text(due.closes_at, class_.zone)}
    if due.state == "open":
        return left_text(due.closes_at, class_.zone), "now" if due.closes_at <= clock.now() + PRESSING else "due"
    words = {
        "running": (_("作答中 · %(until)s止") % until, "now"),
        "ahead": (_("%(day)s开放") % {"day": day_text(due.opens_at, class_.zone)}, ""),
        "missed": (_("已截止 %(until)s") % until, "now"),
    }
    return words.get(due.state, (_("已完成"), "ok"))


def todo(class_: TrainingClass, due: Due) -> Todo:
    """One line of 要做的事."""
    tag, look = _tag(class_, due)
    note = session_note(class_, due) if due.kind == "session" else _note(due)
    if due.lacking:
        missing = "".join(reason_words(scheme(class_.scheme_id), reason) for reason in due.lacking)
        note = _("还不能开始，先补齐：%(missing)s") % {"missing": missing}
    return Todo(due, _title(due), note, _href(class_.key, due), tag, look)


@dataclass(frozen=True, slots=True)
class NextStep:
    """`heading` goes after the learner's name in the page's h1; `percent` None where there is no bar."""

    heading: str
    lead: str
    title: str
    after: str
    button: str
    href: str
    icon: str
    percent: int | None = None
    field: str = ""
    closes_at: datetime | None = None

    @property
    def short(self) -> str:
        return self.title or self.heading


def _lesson_step(class_: TrainingClass, found: NextLesson, position_ms: int | None) -> NextStep:
    lesson = found.lesson
    left = max(0, lesson.duration_ms - found.credited_ms)
    kinds = {"compulsory": _("必修课"), "elective": _("选修课")}
    reached = {"kind": kinds.get(lesson.kind, ""), "minutes": f"{(found.kind_ms + left) // MINUTE_MS:,}"}
    at = {"at": clock_text(position_ms or 0), "length": clock_text(lesson.duration_ms), "left": -(-left // MINUTE_MS)}
    if position_ms:
        lead = _("上次学到 %(at)s，全长 %(length)s，还差约 %(left)d 分钟") % at
    elif found.is_started:
        lead = _("全长 %(length)s，还差约 %(left)d 分钟") % at
    else:
        lead = _("还没有开始 · 全长 %(length)s") % at
    return NextStep(
        heading=(_("接着学第 %(n)d 讲") if found.is_started else _("从第 %(n)d 讲学起")) % {"n": found.place},
        lead=lead,
        title=_("《%(title)s》") % {"title": lesson.lesson_title},
        after=_("学完这一讲，%(kind)s学时将达到 %(minutes)s 分钟。") % reached,
        button=_("继续学习") if found.is_started else _("开始学习"),
        href=address("learner:lesson", class_.key, lesson.lesson_id),
        icon="play",
        percent=int(found.credited_ms * 100 // lesson.duration_ms) if lesson.duration_ms else 0,
        field=lesson.course_title,
    )


def _due_step(class_: TrainingClass, due: Due) -> NextStep:
    line = todo(class_, due)
    words = {
        "session": (_("面授现在签到"), _("去签到"), "check"),
        "round": (_("该发第%(n)s轮的帖了") % {"n": numeral(due.number)}, _("去发帖"), "chat"),
        "outcome": (_("该交研修成果了"), _("去写成果"), "pen"),
        "reflection": (_("该交学习心得了"), _("去写学习心得"), "pen"),
        "thought_report": (_("该交思想汇报了"), _("去写思想汇报"), "pen"),
        "exam": (
            (_("考试正在计时"), _("回到试卷"), "doc")
            if due.state == "running"
            else (_("还不能考试"), _("看看还差什么"), "doc")
            if due.lacking
            else (_("可以考试了"), _("去考试"), "doc")
        ),
        "electives": (_("该选课了"), _("去选课"), "vote"),
        "survey": (_("请填问卷"), _("去填问卷"), "pen"),
    }
    heading, button, icon = words[due.kind]
    title = due.title if due.kind in {"round", "exam"} else line.title
    return NextStep(heading, line.tag, title, line.note, button, line.href, icon, closes_at=due.closes_at)


def _session_step(class_: TrainingClass, due: Due) -> NextStep:
    """The next session in person: when and where."""
    line = todo(class_, due)
    at = {"at": when_text(due.opens_at, class_.zone)}
    return NextStep(
        _("下一次面授：%(at)s") % at, _("地点：%(place)s") % {"place": due.place}, due.title, line.note, _("看时间地点和签到办法"),
        line.href, "clock",
    )  # fmt: skip


def _not_running(class_: TrainingClass, found: Agenda) -> NextStep | None:
    """What has become of the class, where it is not being studied now."""
    schedule = address("learner:schedule", class_.key)
    if found.phase == "ahead":
        opens = {"day": format_date(class_.starts_on, _("n月j日"))}
        return NextStep(
            _("%(day)s开班") % opens, _("还没有开班"), _("先看一看日程和考核方案"),
            _("开班以后，课程、研讨和考试会按日程开放。"), _("看全部日程"), schedule, "clock",
        )  # fmt: skip
    if found.phase == "closed":
        return NextStep(
            _("本班已经结束"), _("数据已冻结"), _("查看最终结果"),
            attended_text(found) + _("结果不再变动；合格的学员可以下载证书。"),
            _("看我的结果"), address("learner:result", class_.key), "cert",
        )  # fmt: skip
    if found.phase == "over":
        return NextStep(
            _("本班学习时间已过"), _("等待班主任冻结数据"), _("看一看目前的结果"),
            attended_text(found) + _("如有遗漏，请联系班主任开放补学。"), _("看我的结果"), address("learner:result", class_.key), "cert",
        )  # fmt: skip
    return None


def _waiting(class_: TrainingClass, found: Agenda) -> NextStep:
    """Nothing to be done at this moment: what comes next, what is waited for, what was missed."""
    ahead = next((due for due in found.dues if due.state == "ahead"), None)
    schedule = address("learner:schedule", class_.key)
    if ahead is not None:
        if ahead.kind == "session":
            return _session_step(class_, ahead)
        line = todo(class_, ahead)
        return NextStep(
            _("眼下没有要做的事"), line.tag, line.title, line.note, _("看全部日程"), schedule, "clock"
        )  # fmt: skip
    waiting = next((due for due in found.dues if due.state == "waiting"), None)
    if waiting is not None:
        line = todo(class_, waiting)
        return NextStep(_("等班主任确认考勤"), line.tag, line.title, line.note, _("看这次面授"), line.href, "clock")
    missed = [due for due in found.dues if due.state == "missed"]
    if missed:
        return NextStep(
            _("有 %(n)d 项已经错过") % {"n": len(missed)}, todo(class_, missed[0]).tag, todo(class_, missed[0]).title,
            _("看看还能不能合格、怎样补。"), _("看我的结果"), address("learner:result", class_.key), "warn",
        )  # fmt: skip
    return NextStep(
        _("要求的都做完了"), _("全部完成"), _("等待班主任冻结数据"), _("冻结以后在“证书与结果”里看最终结论。"),
        _("看我的结果"), address("learner:result", class_.key), "check",
    )  # fmt: skip


def verdict_step(step: NextStep, found: Agenda, out: Outlook, *, has_certificate: bool) -> NextStep:
    """The step of a closed class, once its verdict stands."""
    attended = attended_text(found)
    if out.verdict.grade == "fail":
        return replace(
            step, title=_("最终结果：不合格"), after=attended + _("看看差在哪里；如有差错，请联系班主任办理更正。")
        )
    certificate = (
        _("结业证书已经发放，可以下载。") if has_certificate else _("结业证书由班主任发放，发放以后会通知您。")
    )
    title = _("最终结果：优秀") if out.verdict.grade == "excellent" else _("最终结果：合格")
    button = _("去下载证书") if has_certificate else step.button
    return replace(step, heading=_("您已经合格"), title=title, after=attended + certificate, button=button)


def next_step(class_: TrainingClass, found: Agenda, position_ms: int | None = None) -> NextStep:
    """The one thing to do now. `position_ms`: where the lesson's video was left."""
    chosen = now_to_do(found)
    if isinstance(chosen, NextLesson):
        return _lesson_step(class_, chosen, position_ms)
    if chosen is not None:
        is_ahead = chosen.kind == "session" and chosen.state == "ahead"
        return _session_step(class_, chosen) if is_ahead else _due_step(class_, chosen)
    return _not_running(class_, found) or _waiting(class_, found)
