"""The whole life of a class as its staff lives it: every page by a link, every step by a button, no address known."""

import io
import json
import re
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.hands import Hands
from factories.worlds import At, World, person, settle, small_world
from record.reporting import study

from yanxiu.people import actions as people
from yanxiu.people.models import Person
from yanxiu.people.queries import SYSTEM, viewer_of_person
from yanxiu.study.digest.actions import digest_once
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.models import Lesson

pytestmark = pytest.mark.django_db
OUTLINE = "公共素养｜钱学礼｜公共｜必修｜网络安全法｜视频｜55\n礼仪课｜孙明礼｜公共｜选修｜礼仪｜阅读｜10\n"
NAME = "公需科目班"


@pytest.fixture
def world(at: At, settings: Any) -> World:
    settings.STAFF_SECOND_FACTOR = "off"
    return small_world(2)


def _found(world: World) -> None:
    """The organiser: class, staff, seats, curriculum, an article, open for enrolment."""
    hands = Hands(world.organiser).follow("全部班级", "新建班级")
    hands.press(
        "建立班级（草稿）", program_name="书记培训", sponsor=str(world.institute.pk), organizer=str(world.institute.pk),
        region=str(world.city.pk), name=NAME, short_name="公需班", key="walk-2017", starts_on="2017-06-10",
        ends_on="2017-07-21", scheme="public-course@1", policy="enaea-2017@1",
    )  # fmt: skip
    for viewer, role in ((world.manager, "class_manager"), (world.tutor, "tutor")):
        phone = Person.objects.get(pk=viewer.person_id).phone
        hands.press("指定", phone=phone, role=role)
    for school in world.schools[:2]:
        hands.press("保存名额", unit=school.name, seats="2")
    hands.press("录入这些课程", outline=OUTLINE)
    assert "现有 2 门课程、2 讲" in hands.said
    hands.follow("上传视频和讲义", "礼仪").press("保存文章", html="<p>待人以礼。</p>")
    assert "文章已保存" in hands.said
    hands.follow("班级设置").press("改为“已批准”").press("改为“报名中”")


def _enrol(world: World) -> None:
    """The manager: template, roster with a mistake, links for those who have none; the organiser opens the class."""
    hands = Hands(world.manager).follow(NAME, "名册", "下载名册模板")
    with zipfile.ZipFile(io.BytesIO(hands.file)) as book:
        assert world.schools[0].name in book.read("xl/sharedStrings.xml").decode()
    rows = [f"{each.person.name},{each.person.phone},{world.schools[n].name}," for n, each in enumerate(world.learners)]
    rows += [f"新学员,10000000777,{world.schools[1].name},书记", "无号,12,某校,"]
    file = SimpleUploadedFile("名册.csv", "\n".join(["姓名,手机,单位,职务", *rows]).encode("utf-8-sig"))
    hands.press("核对名册", file=file).press("先导入 3 行")
    assert "已导入 3 人" in hands.said
    hands.follow("发邀请链接").press("给他们各发一条，下载 Excel")
    with zipfile.ZipFile(io.BytesIO(hands.file)) as book:
        links = re.findall(r"/invite/[\w-]{40,}", book.read("xl/sharedStrings.xml").decode())
    assert [Client().get(link).status_code for link in links] == [200, 200, 200]
    Hands(world.organiser).follow("全部班级", NAME, "班级设置").press("改为“学习中”")


def _plan(world: World) -> None:
    """Announcement, round, task, bank, an exam taken back and the right one."""
    hands = Hands(world.manager).follow(NAME, "公告").press("发布并通知全班", title="开班", body="按时学习。")
    hands.follow("班级公告")
    hands.follow("主题研讨").press(
        "开第 1 轮", theme="微党课", background="读", opens_on="2017-06-12", closes_on="2017-06-30"
    )
    hands.follow("研修成果", "写作任务").press("布置给全班", requirements="写一项做法。", min_characters="10")
    hands.follow("考试", "题库").press("新建题库", name="题库").follow("录入一题")
    hands.press("录入这一题", stem="根本组织原则是", option=["民主集中制", "合议制", "", "", "", ""], right="0")
    for closes in ("2018-07-20T18:00", "2017-07-20T18:00"):
        hands.follow("考试", "安排考试").press(
            "安排考试并让学员看到", title="结业考试", opens_at="2017-07-15T08:00", closes_at=closes, kind1="single",
            bank1=hands.page.xpath("//select[@name='bank1']/option[last()]/@value")[0], count1="1", points1="100",
        )  # fmt: skip
        if closes.startswith("2018"):
            hands.press("取消这场考试")
    hands.follow("考试")
    assert hands.said.count("结业考试") == 1


def _learn(world: World, at: At) -> None:
    """Two learners confirm, one of them does everything; both ask for something."""
    cls = TrainingClass.objects.get(key="walk-2017")
    at("2017-06-12T08:00:00+08:00")
    for each in world.learners:
        Hands(each.viewer).follow(NAME).press("确认参加，完成注册")
    first = world.learners[0]
    place = cls.enrolments.get(person=first.person)
    seen = SimpleNamespace(cls=cls, lessons=[Lesson.objects.get(title="网络安全法")])
    study(seen, SimpleNamespace(person=first.person, enrolment=place), 52, at, "2017-06-13T09:00:00+08:00")  # type: ignore[arg-type]  # what study reads of them
    digest_once()
    at("2017-06-14T08:00:00+08:00")
    hands = Hands(first.viewer).follow(NAME, "主题研讨", "微党课")
    hands.press("发布", body="微党课要从身边的事讲起，才听得进去。")
    hands.follow("研修成果").press("开始写研修成果").press(
        "提交给辅导教师", title="合开", body="支部会与教研组会合开。" * 3
    )
    Hands(world.learners[1].viewer).follow(NAME, "班级事务").press(
        "交给班主任", kind="leave", starts_on="2017-06-15", ends_on="2017-06-16", reason="开会"
    )
    staff = Hands(world.manager).follow(NAME, "主题研讨", "微党课", "回复、处理").press("发布回复", body="很好。")
    assert "回帖 1" in staff.said
    at("2017-07-15T09:00:00+08:00")
    assert "不能再回复" in staff.follow("微党课", "处理").said
    hands.follow("结业考试", "查看规则并开始").press("开始作答")
    right = hands.page.xpath("//label[contains(., '民主集中制')]//input/@value")[0]
    hands.press("检查并交卷", c1=right).press("交卷")


def _desks(world: World) -> None:
    tutor = Hands(world.tutor).follow(NAME, "研修成果", "合开").press("发布点评", comment="做法实在。")
    assert "85" in tutor.press("认定", score="85").follow("研修成果").said
    manager = Hands(world.manager).follow(NAME, "班级事务").press("同意")
    assert "已批复" in manager.said


def _close(world: World, at: At) -> None:
    """Results, figures with their evidence, report by two people, certificates, archive."""
    at("2017-07-24T09:00:00+08:00")
    manager = Hands(world.manager).follow(NAME, "考试", "看作答情况").press("发布成绩（发布后不能再改分）")
    manager.follow("班级数据", "试卷未提交者 1")
    assert world.learners[1].person.name in manager.said
    manager.follow("班级数据", "必修课总时长", "条证据", "导出全部 Excel")
    assert manager.file.startswith(b"PK")
    manager.follow("结班报告").press("建立草稿")
    narrative = manager.page.xpath("//textarea[@name='narrative']")[0].text.replace("请在这里写", "本班写好了")
    manager.press("保存并送核稿", narrative=narrative)
    organiser = Hands(world.organiser).follow("全部班级", NAME, "结班报告").press("冻结并签发")
    assert "已冻结" in organiser.said
    for kind, start in (("PDF", b"%PDF"), ("Word", b"PK"), ("核验数据", b"{")):
        assert organiser.follow(kind).file.startswith(start)
    assert len(json.loads(organiser.file)) > 2
    assert "全部相符" in organiser.follow("验证").said
    assert b"PUBLIC KEY" in organiser.follow("下载公钥").file
    manager.follow("结业证书").press("给全部合格学员发证书").follow("结业证书")
    assert "有效 1 份" in manager.said
    stranger = (
        Hands(None).follow("查验结业证书").press("查验", number="WALK-2017-00001", name=world.learners[0].person.name)
    )
    assert "证书有效" in stranger.said
    manager.press("撤销", reason="姓名有误")
    stranger.follow("再查一份").press("查验", number="WALK-2017-00001", name=world.learners[0].person.name)
    assert "证书已撤销" in stranger.said
    organiser.follow("班级设置").press("改为“已结班”").press("改为“已归档”")
    assert "已归档" in organiser.said


def _audit(world: World) -> None:
    auditor = person("管审计", 991)
    settle(auditor)
    people.grant_region_role(SYSTEM, person=auditor, role="audit_admin", region=world.province)
    hands = Hands(viewer_of_person(auditor)).follow("审计日志").press("查找", action="cancel_exam")
    assert hands.page.xpath("//td[@title='cancel_exam']/text()") == ["取消考试"]
    assert "已归档" in hands.follow("公需班", "全部记录").said


def test_a_class_from_the_first_page_to_the_archive(world: World, at: At) -> None:
    _found(world)
    _enrol(world)
    _plan(world)
    _learn(world, at)
    _desks(world)
    _close(world, at)
    _audit(world)
