"""Opening the window of choosing, and choosing."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require, require_own_registration
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.courses.models import CurriculumItem

__all__ = ["choose_electives", "set_elective_window"]


@transaction.atomic
def set_elective_window(
    actor: Viewer, training_class: TrainingClass, *, opens_on: date, closes_on: date, least: int, most: int,
    places: int | None = None,
) -> ElectiveWindow:  # fmt: skip
    """Open (or move) the window; choices made so far stay."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if not stored.starts_on <= opens_on <= closes_on <= stored.ends_on:
        raise Refused("bad_dates", _("选课日期要在班级起止日期之内，且开始不晚于结束。"), field="opens_on")
    offered = CurriculumItem.objects.filter(training_class=stored, kind=CurriculumItem.Kind.ELECTIVE).count()
    if not 0 <= least <= most <= offered or most == 0:
        message = _("选课门数不对：本班有 %(offered)d 门选修课，至少门数不能多于至多门数，至多门数不能多于全部。")
        raise Refused("bad_numbers", message % {"offered": offered}, field="most")
    if places is not None and places < 1:
        raise Refused("bad_numbers", _("每门课的名额至少为 1；不限名额请留空。"), field="places")
    values = {"opens_on": opens_on, "closes_on": closes_on, "least": least, "most": most, "places": places}
    made, _created = ElectiveWindow.objects.update_or_create(training_class=stored, defaults=values)
    audit.record(
        "set_elective_window", "elective_window", made.pk, actor_id=actor.person_id, class_id=stored.pk,
        opens_on=str(opens_on), closes_on=str(closes_on), least=least, most=most, places=places or 0,
    )  # fmt: skip
    return made


def _require_open(actor: Viewer, training_class: TrainingClass, chosen: ElectiveWindow) -> None:
    """Inside the window, or a manager choosing for somebody."""
    opens, closes = window(chosen.opens_on, chosen.closes_on, training_class.zone)
    if not opens <= clock.now() < closes:
        message = _("选课时间为 %(opens)s 至 %(closes)s 24:00，现在不能改；如需调整请联系班主任。")
        raise Refused("window_closed", message % {"opens": chosen.opens_on, "closes": chosen.closes_on})


def _require_places(items: Collection[CurriculumItem], enrolment: Enrolment, places: int | None) -> None:
    if places is None:
        return
    others = ElectiveChoice.objects.filter(item__in=items).exclude(enrolment=enrolment).values_list("item")
    taken = dict(others.annotate(count=Count("pk")).order_by())
    for item in items:
        if taken.get(item.pk, 0) >= places:
            message = _("《%(course)s》的 %(places)d 个名额已满，请换一门。")
            raise Refused("full", message % {"course": item.course.title, "places": places}, field="items")


def _require_count(count: int, chosen: ElectiveWindow) -> None:
    if chosen.least <= count <= chosen.most:
        return
    message = _("要选 %(least)d 到 %(most)d 门，现在勾了 %(count)d 门，没有保存。")
    if chosen.least == chosen.most:
        message = _("要选 %(most)d 门，现在勾了 %(count)d 门，没有保存。")
    values = {"least": chosen.least, "most": chosen.most, "count": count}
    raise Refused("bad_count", message % values, field="items")


@transaction.atomic
def choose_electives(actor: Viewer, enrolment: Enrolment, *, item_ids: Collection[int]) -> list[int]:
    """The learner's whole choice (curriculum item ids), replacing the one before; a manager may choose for them any time.

    Places are counted in this transaction, so that the last one goes to one person.
    """
    stored = Enrolment.objects.select_related("training_class").filter(pk=enrolment.pk).first()
    if stored is None:
        raise NotVisible
    training_class = class_taking_facts(stored.training_class_id)
    chosen = ElectiveWindow.objects.filter(training_class=training_class).first()
    if chosen is None:
        raise Refused("no_window", _("本班没有安排选课，全部选修课都可以学。"))
    if stored.person_id == actor.person_id:
        require_own_registration(actor, stored)
        _require_open(actor, training_class, chosen)
    else:
        require(can_manage, actor, training_class)
    wanted = set(item_ids)
    electives = CurriculumItem.objects.filter(
        training_class=training_class, kind=CurriculumItem.Kind.ELECTIVE, pk__in=wanted
    )
    items = list(electives.select_related("course"))
    if len(items) != len(wanted):
        raise Refused("no_such_course", _("选了本班没有的选修课，请刷新页面再选。"), field="items")
    _require_count(len(items), chosen)
    _require_places(items, stored, chosen.places)
    mine = ElectiveChoice.objects.filter(enrolment=stored)
    had = set(mine.values_list("item_id", flat=True))
    if had != wanted:
        mine.exclude(item_id__in=wanted).delete()
        ElectiveChoice.objects.bulk_create(
            ElectiveChoice(enrolment=stored, item_id=pk, chosen_at=clock.now()) for pk in sorted(wanted - had)
        )
        audit.record(
            "choose_electives", "enrolment", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
            items=sorted(wanted), before=sorted(had),
        )  # fmt: skip
    return sorted(wanted)
