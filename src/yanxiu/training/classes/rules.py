"""Who may do what in a class, and whether the class still takes facts."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.core.time.windows import window
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import Person, Region
from yanxiu.people.queries import SIGNED_OUT, Viewer, has_role, viewer_of_person
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import roles_in, visible_classes

__all__ = [
    "can_enter",
    "can_manage",
    "can_organise",
    "can_organise_in",
    "can_send_invite",
    "can_study",
    "can_tutor",
    "can_view_data",
    "class_taking_facts",
    "is_closed",
    "local_text",
    "require",
    "require_class_window",
    "require_own_registration",
    "require_region",
    "require_registered",
    "require_two_staff",
]

Rule = Callable[[Viewer, TrainingClass], bool]

CLOSED_STATES = frozenset({TrainingClass.State.FROZEN, TrainingClass.State.REPORTED, TrainingClass.State.ARCHIVED})
STUDY_STATES = frozenset({TrainingClass.State.RUNNING, TrainingClass.State.MAKEUP})


def can_enter(viewer: Viewer, training_class: TrainingClass) -> bool:
    """Anybody with a part in the class, learners included. Named by the route that opens a session of study."""
    return bool(roles_in(viewer, training_class))


def can_study(viewer: Viewer, training_class: TrainingClass) -> bool:
    """The learners of the class themselves."""
    return "learner" in roles_in(viewer, training_class)


def can_view_data(viewer: Viewer, training_class: TrainingClass) -> bool:
    """Figures, evidence, other people's records: the staff of the class and of its region."""
    return bool(roles_in(viewer, training_class) & {"class_manager", "tutor", "auditor", "organiser"})


def can_manage(viewer: Viewer, training_class: TrainingClass) -> bool:
    """Change the class: its managers and the organisers of its region."""
    return bool(roles_in(viewer, training_class) & {"class_manager", "organiser"})


def can_organise(viewer: Viewer, training_class: TrainingClass) -> bool:
    """Change its dates and rules: whoever might have founded it."""
    return viewer.is_system or "organiser" in roles_in(viewer, training_class)


def can_tutor(viewer: Viewer, training_class: TrainingClass) -> bool:
    """Mark, return, feature, moderate, comment as an expert."""
    return bool(roles_in(viewer, training_class) & {"class_manager", "tutor"})


def can_send_invite(viewer: Viewer, training_class: TrainingClass, person: Person) -> bool:
    """Managers, to learners without a staff role in any class: a link is a way to set its receiver's password."""
    return can_manage(viewer, training_class) and not person.class_roles.exists()


def can_organise_in(viewer: Viewer, region: Region) -> bool:
    """Found programmes and classes in a region."""
    return viewer.is_system or has_role(viewer, "organiser", region.path)


def require(rule: Rule, viewer: Viewer, training_class: TrainingClass) -> None:
    """Passes, or refuses a viewer who sees the class, or raises NotVisible for one who does not."""
    if rule(viewer, training_class):
        return
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    raise Refused("not_allowed", _("您在本班的角色没有这项权限，请联系班主任或组织管理者。"))


def require_two_staff(person_id: int, second: int, class_id: int) -> None:
    """One who manages the class, and as a second person one of its staff: what a correction of study time takes."""
    training_class = TrainingClass.objects.filter(pk=class_id).first()
    if training_class is None:
        raise NotVisible
    people = {person.pk: viewer_of_person(person) for person in Person.objects.filter(pk__in=[person_id, second])}
    require(can_manage, people.get(person_id, SIGNED_OUT), training_class)
    if not can_view_data(people.get(second, SIGNED_OUT), training_class):
        raise Refused("second_person", _("复核人须是本班的工作人员。"), field="second")


def require_region(viewer: Viewer, region: Region | None = None) -> None:
    """An organiser, of this region where one is given."""
    is_organiser = viewer.is_system or any(fact.role == "organiser" for fact in viewer.region_roles)
    if not is_organiser or (region is not None and not can_organise_in(viewer, region)):
        raise Refused("not_allowed", _("只有该地区的组织管理者可以进行这项操作。"))


def is_closed(training_class: TrainingClass) -> bool:
    """Frozen or later: facts are immutable; only moderation and withdrawal remain, and they show as drift."""
    return training_class.state in CLOSED_STATES


def class_taking_facts(class_id: int, *, studying: bool = False) -> TrainingClass:
    """The class as stored now, locked for this transaction; refuses a frozen one, or one that is not being studied."""
    training_class = TrainingClass.objects.select_for_update().get(pk=class_id)
    if is_closed(training_class):
        raise Refused("class_frozen", _("本班数据已冻结，不能再增加或修改记录；如有差错，请联系班主任办理更正。"))
    if studying and training_class.state not in STUDY_STATES:
        raise Refused("class_not_running", _("本班尚未开始学习，请等待班主任开班。"))
    return training_class


def require_class_window(training_class: TrainingClass, at: datetime, enrolment: Enrolment | None = None) -> None:
    """Inside the class's days, its whole last day included; make-up study (补学) lifts the end, an extension granted to
    this learner (延期) moves it.
    """
    last_day = training_class.ends_on
    if enrolment is not None and enrolment.extended_to is not None:
        last_day = max(last_day, enrolment.extended_to)
    opens, closes = window(training_class.starts_on, last_day, training_class.zone)
    if at < opens:
        message = _("本班 %(day)s 开班，开班以后的学习和提交才算数。") % {"day": training_class.starts_on}
        raise Refused("class_not_started", message)
    if at >= closes and training_class.state != TrainingClass.State.MAKEUP:
        message = _("本班已于 %(day)s 24:00 结束，不再接收提交；如需补交，请联系班主任开放补学。")
        raise Refused("class_window_closed", message % {"day": last_day})


def require_own_registration(viewer: Viewer, enrolment: Enrolment) -> Enrolment:
    """The enrolment as stored now, if it is the viewer's own and registered; NotVisible for anybody else's."""
    return require_registered(viewer, Enrolment.objects.filter(pk=enrolment.pk).first())


def require_registered(viewer: Viewer, stored: Enrolment | None) -> Enrolment:
    """`require_own_registration` of an enrolment that has just been read."""
    if stored is None or viewer.person_id is None or stored.person_id != viewer.person_id:
        raise NotVisible
    if stored.state != Enrolment.State.REGISTERED:
        raise Refused("not_registered", _("您还没有在本班注册（或已退班），请先完成注册或联系班主任。"))
    return stored


def local_text(at: datetime, zone: str) -> str:
    """An instant in a class's zone, as shown in messages."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
