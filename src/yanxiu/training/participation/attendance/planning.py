"""Planning a session in person: it becomes a course of this class alone, with one lesson as long as the session."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, local_text, require
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson
from yanxiu.training.participation.attendance.books.decisions import require_undecided
from yanxiu.training.participation.attendance.codes import EARLY
from yanxiu.training.participation.attendance.models import InPersonSession

__all__ = ["Plan", "cancel_session", "move_session", "plan_session", "stored_session"]

LONGEST = timedelta(hours=12)
MOST = 200  # sessions of a class
_State = InPersonSession.State


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned. `kind`: compulsory, elective or self_study, as for every course."""

    title: str
    lecturer: str
    place: str
    kind: str
    starts_at: datetime
    ends_at: datetime

    def cleaned(self) -> "Plan":
        """Words cleaned and there; Refused by field."""
        if self.kind not in CurriculumItem.Kind.values:
            raise Refused("bad_kind", _("课程性质只有必修、选修、自修三种。"), field="kind")
        return Plan(
            line(self.title, field="title", label=_("课程名称")),
            line(self.lecturer, field="lecturer", label=_("主讲"), limit=50),
            line(self.place, field="place", label=_("地点")), self.kind, self.starts_at, self.ends_at,
        )  # fmt: skip

    @property
    def duration_ms(self) -> int:
        return clock.to_ms(self.ends_at) - clock.to_ms(self.starts_at)


def _checked_times(cls: TrainingClass, plan: Plan, but: int = 0) -> None:
    if not timedelta(minutes=5) <= plan.ends_at - plan.starts_at <= LONGEST:
        raise Refused("bad_times", _("结束要晚于开始，一次面授 5 分钟到 12 小时。"), field="ends_at")
    opens, closes = window(cls.starts_on, cls.ends_on, cls.zone)
    if plan.starts_at < opens or (plan.ends_at > closes and cls.state != TrainingClass.State.MAKEUP):
        days = {"first": cls.starts_on, "last": cls.ends_on}
        raise Refused("bad_times", _("面授要在班级起止日期（%(first)s 至 %(last)s）之内。") % days, field="starts_at")
    beside = InPersonSession.objects.filter(
        training_class=cls, starts_at__lt=plan.ends_at, ends_at__gt=plan.starts_at
    ).exclude(state=_State.CANCELLED)
    if plan.kind == CurriculumItem.Kind.COMPULSORY:  # nobody can be at two; electives side by side are a choice
        beside = beside.filter(lesson__course__curriculumitem__kind=CurriculumItem.Kind.COMPULSORY)
    else:
        beside = beside.filter(lesson__title=plan.title)  # the same one sent twice
    other = beside.exclude(pk=but).select_related("lesson").first()
    if other is not None:
        words = {"title": other.lesson.title, "at": local_text(other.starts_at, cls.zone)}
        raise Refused("overlap", _("与《%(title)s》（%(at)s）时间重叠，请换一个时间。") % words, field="starts_at")


def _lecturer(name: str) -> Lecturer:
    return Lecturer.objects.filter(name=name).order_by("pk").first() or Lecturer.objects.create(name=name)


def _field() -> Field:
    return Field.objects.get_or_create(key="in-person", defaults={"name": "面授"})[0]


def _recorded(action: str, session: InPersonSession, actor: Viewer, before: str = "") -> InPersonSession:
    audit.record(
        action, "in_person_session", session.pk, actor_id=actor.person_id, class_id=session.training_class_id,
        from_state=before, to_state=session.state, starts_ms=clock.to_ms(session.starts_at),
        ends_ms=clock.to_ms(session.ends_at), lesson=session.lesson_id,
    )  # fmt: skip
    return session


@transaction.atomic
def plan_session(actor: Viewer, training_class: TrainingClass, plan: Plan) -> InPersonSession:
    """By a manager of the class. One in the past may be planned too: its sheet was kept on paper."""
    require(can_manage, actor, training_class)
    stored, plan = class_taking_facts(training_class.pk), plan.cleaned()
    _checked_times(stored, plan)
    if stored.sessions.count() >= MOST:
        raise Refused("too_many", _("一个班最多安排 %(most)d 次面授。") % {"most": MOST})
    course = Course.objects.create(field=_field(), lecturer=_lecturer(plan.lecturer), title=plan.title)
    lesson = Lesson.objects.create(
        course=course, num=1, title=plan.title, kind=Lesson.Kind.IN_PERSON, duration_ms=plan.duration_ms
    )
    num = (stored.curriculum.aggregate(last=Max("num"))["last"] or 0) + 1
    CurriculumItem.objects.create(training_class=stored, course=course, kind=plan.kind, num=num)
    session = InPersonSession.objects.create(
        training_class=stored, lesson=lesson, place=plan.place, starts_at=plan.starts_at, ends_at=plan.ends_at
    )
    return _recorded("plan_session", session, actor)


def stored_session(session: InPersonSession, *states: str) -> InPersonSession:
    """As it is now, locked, its class still taking facts; Refused where somebody has confirmed or cancelled it meanwhile."""
    stored = InPersonSession.objects.select_for_update().select_related("lesson__course").filter(pk=session.pk).first()
    if stored is None:
        raise NotVisible
    stored.training_class = class_taking_facts(stored.training_class_id)
    if stored.state not in (states or (_State.PLANNED,)):
        words = {"title": stored.lesson.title, "state": stored.get_state_display()}
        raise Refused("wrong_state", _("《%(title)s》现在是“%(state)s”，请刷新页面再看。") % words)
    require_undecided(stored)
    return stored


@transaction.atomic
def move_session(actor: Viewer, session: InPersonSession, plan: Plan) -> InPersonSession:
    """Another time, place, lecturer or title, as long as the sheet is not confirmed. Marks and check-ins of another time
    are taken off.
    """
    require(can_manage, actor, session.training_class)
    stored, plan = stored_session(session), plan.cleaned()
    _checked_times(stored.training_class, plan, but=stored.pk)
    course, lesson = stored.lesson.course, stored.lesson
    course.title, course.lecturer = plan.title, _lecturer(plan.lecturer)
    lesson.title, lesson.duration_ms = plan.title, plan.duration_ms
    if (stored.starts_at, stored.ends_at) != (plan.starts_at, plan.ends_at):
        stored.marks.update(state="", arrived_at=None, left_at=None)
        stored.marks.exclude(checked_in_at__gte=plan.starts_at - EARLY, checked_in_at__lt=plan.ends_at).update(
            checked_in_at=None
        )
    stored.place, stored.starts_at, stored.ends_at = plan.place, plan.starts_at, plan.ends_at
    course.save(update_fields=["title", "lecturer"])
    lesson.save(update_fields=["title", "duration_ms"])
    stored.save(update_fields=["place", "starts_at", "ends_at"])
    CurriculumItem.objects.filter(training_class=stored.training_class, course=course).update(kind=plan.kind)
    return _recorded("move_session", stored, actor, stored.state)


@transaction.atomic
def cancel_session(actor: Viewer, session: InPersonSession) -> InPersonSession:
    """It leaves the curriculum, so that nobody lacks it; its check-ins stay, and count for nothing."""
    require(can_manage, actor, session.training_class)
    stored = stored_session(session)
    item = CurriculumItem.objects.filter(training_class=stored.training_class, course=stored.lesson.course)
    if item.filter(choices__isnull=False).exists():
        raise Refused("chosen", _("已有学员选了这门课，不能取消；可以改时间或地点。"))
    item.delete()
    stored.state = _State.CANCELLED
    stored.save(update_fields=["state"])
    return _recorded("cancel_session", stored, actor, _State.PLANNED)
