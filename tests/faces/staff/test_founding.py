"""An organiser founds a class in the browser and brings it to the day people can study in it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories.worlds import At, World, make_learner, person, small_world
from pytest_django import DjangoAssertNumQueries

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer, viewer_of_person
from yanxiu.record.assessment.catalogue import scheme_ids
from yanxiu.record.assessment.setting.readiness import readiness
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
    for to in ("approved", "enrolling"):
        assert press("setup_state", to=to) == 302
    assert press("setup_state", to="running") == 422  # nobody could pass it, and nobody is in it
    page = organiser.get(reverse("staff:setup", args=[cls.key])).content.decode()
    assert ("现有 2 门课程、3 讲" in page, world.schools[0].name in page) == (True, True)
    assert "考核方案要求 900 分钟，教学计划只有 85 分钟，照此没有人能合格" in page
    assert ("还有 2 件必须办的事" in page, "名册是空的" in page) == (True, True)
    assert press("setup_curriculum", outline="补课｜钱学礼｜党的建设｜必修｜长课｜视频｜815") == 302
    enrol_learner(world.organiser, cls, person=person("何立新", 555, world.schools[0]), nominating_org=world.schools[0])
    page = organiser.get(reverse("staff:setup", args=[cls.key])).content.decode()
    assert ("没有人能合格" in page, "必须办的都办好了" in page, "4 讲里有 4 讲还没有课件" in page) == (
        False,
        True,
        True,
    )
    assert press("setup_state", to="running") == 302
    cls.refresh_from_db()
    assert cls.state == "running"
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


def test_every_line_of_the_checklist_leads_to_a_page_that_puts_it_right(at: At) -> None:
    world = small_world(0)
    organiser = browser(world.organiser)
    assert organiser.post(reverse("staff:new_class"), asked(world) | {"scheme": "party-school-13@1"}).status_code == 302
    page = organiser.get(reverse("staff:setup", args=["second-2017"])).content.decode()
    card = page[page.index('id="ready"') : page.index("状态与规则")]
    links = re.findall(r'<a class="btn s" href="([^"]+)"', card)
    assert len(links) == card.count('class="tag') > 6
    for link in links:
        assert organiser.get(link).status_code == 200
        place = link.partition("#")[2]
        assert not place or f'id="{place}"' in page
    for words in ("还没有班主任", "名册是空的", "教学计划是空的", "算平时作业", "算期中考试", "离开班日期还有 83 天"):
        assert words in card
    assert card.count(">必须</span>") == 5


def test_a_scheme_of_another_time_or_without_records_cannot_open_a_class(at: At) -> None:
    world = small_world(1)
    at("2026-06-10T08:00:00+08:00")
    change = {"scheme": "nwafu-2020@1", "starts_on": "2026-09-01", "ends_on": "2026-10-15"}
    organiser = browser(world.organiser)
    assert organiser.post(reverse("staff:new_class"), asked(world) | change).status_code == 302
    organiser.post(
        reverse("staff:setup_curriculum", args=["second-2017"]),
        {"outline": "补课｜钱学礼｜党的建设｜必修｜长课｜视频｜815"},
    )
    page = organiser.get(reverse("staff:setup", args=["second-2017"])).content.decode()
    assert ("“读书报告”的截止时间早于本班开班" in page, "改选考核方案" in page) == (True, True)


def test_the_checklist_asks_the_same_of_the_database_whatever_the_roster(
    at: At, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world = small_world(1)
    with django_assert_num_queries(11):
        readiness(world.cls)
    for number in (501, 502):
        make_learner(world.cls, world.schools[0], f"后来的{number}", number)
    with django_assert_num_queries(11):
        readiness(world.cls)


def test_each_scheme_says_what_it_demands_where_it_is_chosen(at: At) -> None:
    world = small_world(0)
    page = browser(world.organiser).get(reverse("staff:new_class")).content.decode()
    for words in (
        "总分达到 60 分，并且下面的条件都达到，才合格", "必修课学习时长：至少 900 分钟（按 45 分钟一学时是 20 学时）",
        "每轮研讨发帖：每一轮都要完成（按本班实际安排）", "思想汇报：至少 2 篇（每篇 1,500 到 2,500 字）",
        "缺勤：最多 1 次，超过就不合格", "作业：最多 20 分（取最高的一次成绩 × 20%）", "考勤：最多 20 分（全部完成得 20 分，按次数折算）",
        "必修课学时：最多 40 分（每 1,600 分钟 40 分）", "先达到“必修学时”，才能参加考试", "通过课程：至少 3 门",
        "优秀：合格的人里85 分以上，不超过注册人数的 10%，由班主任提名", "必修课程：每一门都要学完",
        "本系统还不能记录“读书报告”，选用这个方案的班不能开班",
    ):  # fmt: skip
        assert words in page
    assert page.count('type="radio" name="scheme"') == len(scheme_ids())
