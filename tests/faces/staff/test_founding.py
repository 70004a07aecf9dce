"""An organiser founds a class in the browser and brings it to the day people can study in it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories.worlds import At, World, person, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer, viewer_of_person
from yanxiu.study.policies.queries import policy_of_class
from yanxiu.training.classes.actions import enrol_learner
from yanxiu.training.classes.models import TrainingClass, TrainingProgram
from yanxiu.training.courses.models import Course, Lesson
from yanxiu.training.courses.queries import class_lessons

pytestmark = pytest.mark.django_db
OUTLINE = """课程\t主讲\t栏目\t性质\t讲次名称\t类型\t分钟
党章十讲\t钱学礼\t党的建设\t必修\t总纲\t视频\t45
党章十讲\t钱学礼\t党的建设\t必修\t党员\t视频\t40
校园安全｜冯静之｜学校管理｜选修｜案例｜阅读｜20
"""


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def asked(world: World) -> dict[str, str]:
    return {
        "program_name": "书记培训", "sponsor": str(world.institute.pk), "organizer": str(world.institute.pk),
        "region": str(world.city.pk), "name": "第二期示范班", "short_name": "二期", "key": "second-2017",
        "session_no": "2", "starts_on": "2017-09-01", "ends_on": "2017-10-15", "scheme": "seed-2017@1",
        "policy": "enaea-2017@1",
    }  # fmt: skip


def test_from_nothing_to_a_class_that_is_being_studied(at: At) -> None:
    world = small_world(1)
    organiser = browser(world.organiser)
    assert "新建班级" in organiser.get(reverse("staff:classes")).content.decode()
    made = organiser.post(reverse("staff:new_class"), asked(world))
    assert made.headers["Location"] == reverse("staff:setup", args=["second-2017"])
    cls = TrainingClass.objects.get(key="second-2017")
    assert (cls.state, cls.session_no, policy_of_class(cls.pk).id) == ("draft", 2, "enaea-2017@1")

    def press(name: str, **values: str) -> int:
        return int(organiser.post(reverse(f"staff:{name}", args=[cls.key]), values).status_code)

    phone = Account.objects.get(pk=world.tutor.account_id).phone
    assert press("setup_staff", phone=phone, role="class_manager") == 302
    assert press("setup_quota", unit=world.schools[0].name, seats="30") == 302
    assert press("setup_curriculum", outline=OUTLINE) == 302
    assert [(row.course_title, row.kind, row.media, row.duration_ms // 60_000) for row in class_lessons(cls.pk)] == [
        ("党章十讲", "compulsory", "video", 45), ("党章十讲", "compulsory", "video", 40),
        ("校园安全", "elective", "reading", 20),
    ]  # fmt: skip
    for to in ("approved", "enrolling", "running"):
        assert press("setup_state", to=to) == 302
    cls.refresh_from_db()
    assert cls.state == "running"
    page = organiser.get(reverse("staff:setup", args=[cls.key])).content.decode()
    assert ("现有 2 门课程、3 讲" in page, world.schools[0].name in page) == (True, True)
    assert "考核方案要求 900 分钟，教学计划只有 85 分钟，照此没有人能合格。" in page
    organiser.post(
        reverse("staff:setup_curriculum", args=[cls.key]), {"outline": "补课｜钱学礼｜党的建设｜必修｜长课｜视频｜815"}
    )
    assert "没有人能合格" not in organiser.get(reverse("staff:setup", args=[cls.key])).content.decode()
    assert ("最高 1 倍速" in page, cls.scheme_id in page, "enaea-2017@1" in page) == (
        True,
        False,
        False,
    )  # names, not ids
    assert browser(world.tutor).get(reverse("staff:setup", args=[cls.key])).status_code == 200  # now its class manager


def test_only_organisers_found_classes_and_only_in_their_regions(at: At) -> None:
    world = small_world(1)
    for viewer in (world.manager, world.auditor, world.learners[0].viewer, world.stranger):
        assert browser(viewer).get(reverse("staff:new_class")).status_code == 403
    far = browser(world.other_organiser).post(reverse("staff:new_class"), asked(world))
    assert far.status_code == 422
    assert not TrainingClass.objects.filter(key="second-2017").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"ends_on": "2017-08-01"},
        {"key": "small-2017"},
        {"key": "坏 标识"},
        {"scheme": "none@1"},
        {"policy": "x"},
        {"program_name": ""},
        {"name": "长" * 121},
    ],
)
def test_a_class_that_cannot_be_is_refused_and_leaves_no_programme_behind(at: At, change: dict[str, str]) -> None:
    world = small_world(0)
    before = TrainingProgram.objects.count()
    answer = browser(world.organiser).post(reverse("staff:new_class"), asked(world) | change)
    assert (answer.status_code, TrainingProgram.objects.count()) == (422, before)


def test_a_list_where_nothing_was_chosen_is_named(at: At) -> None:
    world = small_world(0)
    answer = browser(world.organiser).post(reverse("staff:new_class"), asked(world) | {"organizer": ""})
    assert (answer.status_code, "承办单位：请在列表中选择。" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请先粘贴"),
        ("党章｜钱学礼｜党的建设｜必修｜总纲｜视频", "要有 7 列"),
        (OUTLINE + "甲｜乙｜丙｜必选｜丁｜视频｜30", "第 5 行"),
        (OUTLINE + "甲｜乙｜丙｜必修｜丁｜音频｜30", "应为视频或阅读"),
        (OUTLINE + "甲｜乙｜丙｜必修｜丁｜视频｜半小时", "1 到 1440"),
        (OUTLINE + "党章十讲｜钱学礼｜党的建设｜选修｜附则｜视频｜30", "另一种性质"),
        ("党章学习｜钱学礼｜党的建设｜必修｜总纲｜视频｜45", "已在本班教学计划中"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_no_other_is_taken(at: At, text: str, said: str) -> None:
    world = small_world(0)
    before = (Course.objects.count(), Lesson.objects.count())
    answer = browser(world.organiser).post(reverse("staff:setup_curriculum", args=[world.cls.key]), {"outline": text})
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert not re.search(r"第 \d+ 行：第", page)  # once is enough
    assert (Course.objects.count(), Lesson.objects.count()) == before


def test_what_was_typed_wrongly_stays_on_the_page(at: At) -> None:
    world = small_world(0)
    organiser = browser(world.organiser)
    unknown = organiser.post(
        reverse("staff:setup_staff", args=[world.cls.key]), {"phone": "10099999999", "role": "tutor"}
    )
    assert (unknown.status_code, "10099999999" in unknown.content.decode()) == (422, True)
    unit = organiser.post(reverse("staff:setup_quota", args=[world.cls.key]), {"unit": "无名小学", "seats": "3"})
    assert (unit.status_code, "无名小学" in unit.content.decode()) == (422, True)
    foreign = world.other_class.roles.first()
    assert foreign is not None
    gone = organiser.post(reverse("staff:setup_staff", args=[world.cls.key]), {"remove": str(foreign.pk)})
    assert gone.status_code == 404
    bad = organiser.post(reverse("staff:setup_state", args=[world.cls.key]), {"to": "archived"})
    assert bad.status_code == 422


def test_a_nominated_learner_confirms_the_place_on_the_first_page(at: At) -> None:
    world = small_world(1)
    somebody = person("何立新", 555, world.schools[0])
    place = enrol_learner(world.manager, world.cls, person=somebody, nominating_org=world.schools[0])
    learner = browser(viewer_of_person(somebody))
    home = reverse("learner:home", args=[world.cls.key])
    assert "确认参加，完成注册" in learner.get(home).content.decode()
    assert learner.post(reverse("learner:register", args=[world.cls.key])).headers["Location"] == home
    place.refresh_from_db()
    assert place.state == "registered"
    assert "确认参加，完成注册" not in learner.get(home).content.decode()
    assert learner.post(reverse("learner:register", args=[world.cls.key])).status_code == 302  # twice changes nothing


def test_the_manager_registers_withdraws_and_readmits_on_the_roster(at: At) -> None:
    world = small_world(1)
    place, manager = world.learners[0].enrolment, browser(world.manager)
    address = reverse("staff:roster_learner", args=[world.cls.key, place.pk])
    assert manager.post(address, {"then": "withdraw"}).status_code == 422  # a reason is asked for
    states = []
    for then in ("withdraw", "readmit", "register"):
        assert manager.post(address, {"then": then, "reason": "工作调动"}).status_code == 302
        place.refresh_from_db()
        states.append(place.state)
    assert states == ["withdrawn", "nominated", "registered"]
    assert manager.post(address, {"then": "promote"}).status_code == 422
    foreign = reverse("staff:roster_learner", args=[world.cls.key, world.other_learner.enrolment.pk])
    assert manager.post(foreign, {"then": "register"}).status_code == 404
