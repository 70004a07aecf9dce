"""The result: what is missing and by when while the class runs, final after the freeze; the certificate of who passed."""

import pytest
from django.test import Client
from factories.passing import credit, freeze, passed_class
from factories.worlds import At, World, small_world

from yanxiu.config.messages import compile_messages
from yanxiu.config.options import data_dir
from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.record.certificates.actions import order_certificates, revoke_certificate
from yanxiu.record.certificates.models import Certificate
from yanxiu.training.classes.actions import change_state

pytestmark = pytest.mark.django_db

ADDRESS = "/my/classes/small-2017/result"


@pytest.fixture(autouse=True)
def _key() -> None:
    plug_engines()


def browser(world: World, learner: int = 0) -> Client:
    client = Client()
    client.force_login(Account.objects.get(person=world.learners[learner].person))
    return client


def page(world: World, learner: int = 0) -> str:
    answer = browser(world, learner).get(ADDRESS)
    assert answer.status_code == 200
    return str(answer.content.decode())


def has(text: str, *words: str) -> None:
    assert [word for word in words if word not in text] == []


def test_while_the_class_runs_it_is_only_how_things_stand(at: At) -> None:
    world = passed_class(at, 0, 1)
    world.cls.scheme_id = "points-100@1"
    world.cls.save()
    credit(world, world.learners[0], 300)
    for lesson in world.lessons[:2]:  # enough to study
        lesson.duration_ms *= 30
        lesson.save()
    at("2017-06-23T09:00:00+08:00")
    has(
        page(world), "目前", "还没有达到合格", "班级还在进行", "怎样达到合格", "交研修成果", "得 15 分", "7月21日止",
        "《结业考试》考到", "7月15日 18:00止", "再学", "分钟必修课", "综合考核方案（百分制）", "points-100@1", "preset",
        "总分 7.5 分，合格线 70 分。",
    )  # fmt: skip


def test_make_up_study_says_what_can_still_be_made_good(at: At) -> None:
    world = passed_class(at, 0, 1)
    at("2017-07-22T09:00:00+08:00")
    has(page(world), "本班还没有开放补学", "按现在还能做的事")
    change_state(world.manager, world.cls, "makeup")
    has(page(world), "本班正在补学", "研讨已经截止的不能再补")


def test_after_the_freeze_it_is_final(at: At) -> None:
    world = passed_class(at, 1, 1)
    freeze(world, at)
    has(page(world), "最终结果", "合格", "这个结论不再变动", "证书还没有发放", "已经算数的")
    failed = page(world, 1)
    has(failed, "最终结果", "不合格", "没有达到的", "必修课学习时长：0 分钟，要求 900 分钟，还差 900 分钟。")
    assert "证书" not in failed.split("</h1>")[1].split("</main>")[0]
    assert "怎样达到合格" not in failed


def test_who_passed_downloads_certificate_hours_and_badge_until_it_is_revoked(at: At) -> None:
    world = passed_class(at, 1, 1)
    freeze(world, at)
    order_certificates(world.manager, world.cls)
    has(page(world), "SMALL-2017-00001", "下载证书（PDF）", "学时证明", "电子徽章")
    mine = browser(world)
    kinds = {kind: mine.get(f"{ADDRESS}/{kind}") for kind in ("pdf", "hours", "badge", "other")}
    assert {kind: answer.status_code for kind, answer in kinds.items()} == {
        "pdf": 200, "hours": 200, "badge": 200, "other": 404,
    }  # fmt: skip
    assert kinds["pdf"].content.startswith(b"%PDF")
    assert kinds["badge"].content.count(b".") == 2
    assert kinds["pdf"].headers["Content-Disposition"] == 'attachment; filename="SMALL-2017-00001.pdf"'
    assert browser(world, 1).get(f"{ADDRESS}/pdf").status_code == 404
    revoke_certificate(world.manager, Certificate.objects.get(), reason="姓名有误")
    has(page(world), "结业证书已撤销", "姓名有误")
    assert mine.get(f"{ADDRESS}/pdf").status_code == 404


def test_in_english_reasons_and_steps_are_english_too(at: At, settings: object) -> None:
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]  # type: ignore[attr-defined]  # pytest-django's fixture
    world = small_world(1)
    client = browser(world)
    client.cookies["lang"] = "en"
    text = client.get(ADDRESS).content.decode()
    has(text, "Compulsory study: 0 minutes, 900 minutes required, 900 minutes short.", "A post in every round")
