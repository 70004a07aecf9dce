"""What notices say: data, worded in the language of whoever reads them."""

import ast
import json
from collections.abc import Iterator

import pytest
from django.db.models import TextChoices
from django.utils import translation
from factories.saying import CHINESE, PLACEHOLDER, catalogue
from factories.worlds import At, small_world
from house.tree import modules, name, tree_of
from pytest_django import Settings

from yanxiu.config.messages import compile_messages
from yanxiu.config.options import data_dir
from yanxiu.people.models import Correction, RegionRole
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.queries import own_notices
from yanxiu.training.notices.inbox.words import Called, Words, as_data, in_chinese, label, say, worded
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.attendance.models import AttendanceState
from yanxiu.training.participation.models import LeaveRequest

NOOP = {"_", "gettext_noop"}


@pytest.fixture
def english(settings: Settings) -> None:
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]


def wording_modules() -> Iterator[tuple[str, ast.Module]]:
    """Modules that word notices."""
    for path in modules():
        tree = tree_of(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("notices.inbox.words"):
                yield name(path), tree


def marked(tree: ast.AST) -> set[str]:
    """Texts in `_("…")` and `gettext_noop("…")`."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NOOP
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip


def sayings(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]


def test_every_text_of_a_notice_is_marked_for_translation_translated_and_keeps_its_placeholders() -> None:
    wording = dict(wording_modules())
    assert len(wording) > 10
    for where, tree in wording.items():
        for call in sayings(tree):
            bare = {n.value for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            assert not {text for text in bare - marked(call.args[0]) if CHINESE.search(text)}, (where, bare)
        for text in marked(tree):
            english = catalogue().get(text, "")
            assert english, (where, text)
            assert not CHINESE.search(english.replace("“", "").replace("”", "")), (where, text)
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), (where, text)


def test_what_stands_in_the_places_is_what_the_text_asks_for() -> None:
    checked = 0
    for where, tree in wording_modules():
        for call in sayings(tree):
            texts = marked(call.args[0])
            if texts and all(keyword.arg for keyword in call.keywords):
                given = {str(keyword.arg) for keyword in call.keywords}
                assert all(set(PLACEHOLDER.findall(text)) == given for text in texts), (where, texts, given)
                checked += 1
    assert checked > 25


@pytest.mark.django_db
def test_a_notice_is_in_the_language_of_its_reader(english: None, at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    what = say("第 %(num)d 轮研讨还没有完成发帖", num=2)
    notify([learner.person.pk], "deadline", "a", Words(what, "自己写的话 100% %(x)s", "rounds/2"), world.cls)
    with translation.override("en"):
        (row,) = own_notices(learner.viewer).rows
        assert (CHINESE.search(row.title), "2" in row.title, row.body) == (None, True, "自己写的话 100% %(x)s")
    (row,) = own_notices(learner.viewer).rows
    assert row.title == Notice.objects.get().title == "第 2 轮研讨还没有完成发帖"


@pytest.mark.django_db
def test_a_notice_of_before_reads_as_it_was_written(english: None, at: At) -> None:
    world = small_world(1)
    person = world.learners[0].person
    Notice.objects.create(
        person=person, kind="decision", key="old", title="请假：已同意 100%", created_at="2017-06-01T00:00:00Z"
    )
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert own_notices(world.learners[0].viewer).rows[0].title == "请假：已同意 100%"


def test_sentences_stand_in_sentences_lists_are_joined_and_names_come_in_both_languages(english: None) -> None:
    leave = say("%(kind)s：%(verdict)s", kind=label(LeaveRequest.Kind.LEAVE.label), verdict=say("已同意"))
    several = [say("%(what)s %(count)d", what=say("举报待处理"), count=n) for n in (1, 2)]
    named = say("%(label)s里还没有您的记录", label=Called("登录", "Signing in"))
    assert [in_chinese(each) for each in (leave, several, named)] == [
        "请假：已同意", "举报待处理 1；举报待处理 2", "登录里还没有您的记录",
    ]  # fmt: skip
    with translation.override("en"):
        found = [worded(as_data(each)) for each in (leave, several, named)]
    assert not any(CHINESE.search(each) for each in found), found
    assert (found[1].count("; "), "Signing in" in found[2]) == (1, True)


def test_the_label_of_a_choice_is_its_source_text_whatever_the_language_of_who_causes_the_notice(english: None) -> None:
    with translation.override("en"):
        assert label(LeaveRequest.Kind.LEAVE.label).text == "请假"


@pytest.mark.parametrize(
    ("choices", "context"),
    [(AttendanceState, "attendance"), (Correction.Field, ""), (LeaveRequest.Kind, ""), (RegionRole.Role, "")],
)
def test_labels_in_notices_read_as_everywhere_else_also_where_a_text_says_two_things(
    english: None, choices: type[TextChoices], context: str
) -> None:
    kept = {choice: json.loads(json.dumps(as_data(label(choice.label, context)))) for choice in choices}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert {choice: worded(data) for choice, data in kept.items()} == {c: str(c.label) for c in choices}


@pytest.mark.parametrize("typed", ["", "%", "%s", "%(title)s", "100%(", "换\n行", "长" * 500])
@pytest.mark.django_db
def test_whatever_somebody_has_written_stays_text(at: At, typed: str) -> None:
    world = small_world(1)
    notify([world.learners[0].person.pk], "announcement", "k", Words(say("新公告：%(title)s", title=typed), typed))
    (row,) = own_notices(world.learners[0].viewer).rows
    assert row.title == f"新公告：{typed}"[:120]
    assert row.body == typed[:300]
