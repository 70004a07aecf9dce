"""A learner sits an exam over HTTP: start, save, second window, hand in, receipt, late."""

import re

import pytest
from faces.learner.exams.sitter import JSON, Sitter
from factories.exams import make_drawn_exam, make_exam
from factories.worlds import At, World, small_world

from yanxiu.kit.models import AuditEntry
from yanxiu.training.exams.actions import Terms
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt

pytestmark = pytest.mark.django_db
OPEN = "2017-07-15T08:00:00+08:00"


def sitter(at: At, exam: Exam, world: World) -> Sitter:
    at(OPEN)
    return Sitter(world.learners[0], exam)


def test_rules_stand_before_the_button_and_nothing_starts_by_looking(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    assert "查看规则并开始" in mine.get().content.decode()
    page = mine.get(mine.start_page).content.decode()
    for words in (
        "60 分钟，从按下“开始作答”起算",
        "最多作答 2 次",
        "这一次不计成绩",
        "开始作答（计时 60 分钟）",
        "没有安排补考",
    ):
        assert words in page
    assert not ExamAttempt.objects.exists()
    path = mine.start()
    assert mine.start() == path  # pressed again: the same attempt
    assert "剩余时间" in mine.get(path).content.decode()
    assert "继续作答" in mine.get(mine.start_page).content.decode()


def test_the_form_without_script_saves_everything_and_leads_to_the_receipt(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    body = {**mine.seen(path), "c1": "1", "c2": ["0", "2"]}
    saved = mine.post(path, {**body, "do": "save"})
    assert saved.headers["Location"].endswith("?saved=1")
    page = mine.get(f"{path}?saved=1").content.decode()
    assert "全部答案已保存" in page
    assert page.count(" checked") == 3
    checked = mine.post(path, {**mine.seen(path), "c1": "1", "c2": ["0", "2"], "do": "check"})
    assert checked.headers["Location"].endswith("/confirm")
    confirm = mine.get(f"{path}/confirm").content.decode()
    assert "还有 1 题没有答" in confirm
    assert f'{path}#q3"' in confirm
    at("2017-07-15T08:10:05+08:00")
    assert [mine.post(f"{path}/submit").headers["Location"] for _ in range(2)] == [f"{mine.base}{path}/receipt"] * 2
    receipt = mine.get(f"{path}/receipt").content.decode()
    attempt = mine.attempt()
    for words in ("2017年7月15日 08:10:05", "已答 2 题，共 3 题", "80 分", attempt.digest):
        assert words in receipt
    file = mine.get(f"{path}/receipt.txt")
    assert "attachment" in file.headers["Content-Disposition"]
    assert attempt.digest in file.content.decode()
    assert mine.get(path).status_code == 302
    assert AuditEntry.objects.filter(action="submit_attempt").count() == 1


def test_each_answer_is_saved_as_it_changes_and_another_device_finds_it(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    seen = mine.seen(path)
    at("2017-07-15T08:20:00+08:00")
    told = mine.save(path, 2, seen=seen["seen2"], c=["0", "2"]).json()
    assert told["left_ms"] == 40 * 60_000
    assert [(a["fate"], a["choice"], a["at"]) for a in told["answers"]] == [("saved", [0, 2], "08:20:00")]
    other = Sitter(world.learners[0], mine.exam)
    assert other.start() == path
    page = other.get(path).content.decode()
    assert re.findall(r'name="c2" value="(\d)" checked', page) == ["0", "2"]


def test_the_newest_answer_of_two_windows_wins_and_both_are_told(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    seen = mine.seen(path)["seen1"]  # both windows opened now
    at("2017-07-15T08:05:00+08:00")
    first = mine.save(path, 1, seen=seen, c=["0"]).json()["answers"][0]
    at("2017-07-15T08:06:00+08:00")
    second = mine.save(path, 1, seen=seen, c=["1"]).json()["answers"][0]
    assert (first["fate"], second["fate"]) == ("saved", "replaced")
    # the first window was offline since 08:05:30 with yet another answer: older than what stands now
    at("2017-07-15T08:07:00+08:00")
    late = mine.save(path, 1, seen=first["seen"], c=["2"], age=90_000).json()["answers"][0]
    assert (late["fate"], late["choice"]) == ("kept", [1])
    told = mine.get(f"{path}/state").json()
    assert [a["choice"] for a in told["answers"]] == [[1], [], []]
    assert told["answers"][0]["seen"] == second["seen"]


def test_an_old_page_posted_again_undoes_nothing(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    stale = mine.seen(path)
    mine.save(path, 1, seen=stale["seen1"], c=["1"])
    mine.post(path, {**stale, "c3": "0", "do": "save"})  # question 1 still reads empty in this window
    assert dict(ExamAnswer.objects.values_list("question__num", "choice")) == {1: [1], 3: [0]}


def test_no_field_and_no_header_of_the_client_moves_the_deadline(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    before = mine.attempt().deadline_at
    hostile = {
        "deadline_at": "2030-01-01", "started_at": "2017-07-15T07:59:00Z", "left_ms": "99999999", "duration_minutes": "600",
        "age1": "-999999999", "now": "0", "seen1": mine.seen(path)["seen1"], "c1": "1",
    }  # fmt: skip
    headers = {"HTTP_DATE": "Sat, 15 Jul 2017 00:00:00 GMT", "HTTP_X_CLIENT_TIME": "0", **JSON}
    assert mine.post(path, hostile, **headers).status_code == 200
    assert mine.post(f"{mine.start_page}/start", hostile, **headers).status_code == 302
    assert mine.attempt().deadline_at == before
    at("2017-07-15T09:00:00+08:00")
    assert mine.post(path, hostile, **headers).json()["code"] == "attempt_over"
    late = mine.post(f"{path}/submit", hostile, **headers)
    assert (late.status_code, late.json()["code"]) == (422, "attempt_over")
    assert "09:00" in late.json()["message"]
    assert mine.attempt().score is None


def test_late_is_said_in_words_and_the_attempt_is_spent(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    at("2017-07-15T09:00:01+08:00")
    assert "已于 2017-07-15 09:00 到时" in mine.post(f"{path}/submit").content.decode()
    assert mine.get(path).headers["Location"] == mine.base + mine.start_page
    page = mine.get(mine.start_page).content.decode()
    assert "超时未交" in page
    assert "开始作答" in page  # the second attempt


def test_an_exam_may_hand_in_what_was_saved_at_the_deadline(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world, terms=Terms(expired_counts=True)), world)
    path = mine.start()
    mine.save(path, 1, seen=mine.seen(path)["seen1"], c=["1"])
    at("2017-07-15T09:30:00+08:00")
    told = mine.save(path, 2, seen="0:", c=["0", "2"])
    assert told.json()["code"] == "already_submitted"
    receipt = mine.get(f"{path}/receipt").content.decode()
    for words in ("系统按您保存的答案自动交卷", "09:00:00", "50 分"):
        assert words in receipt


def test_answers_to_what_is_not_asked_and_huge_ones_are_refused(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_drawn_exam(world), world)
    path = mine.start()
    seen = mine.seen(path)
    essay = max(int(name.removeprefix("seen")) for name in seen)
    assert mine.save(path, essay + 1, seen="0:", t="x").json()["code"] == "no_such_question"
    rows = [
        mine.save(path, essay, seen=seen[f"seen{essay}"], t="长" * 5_001).json()["answers"][0],
        mine.save(path, essay, seen=seen[f"seen{essay}"], c=["0"]).json()["answers"][0],
        mine.save(path, 1, seen=seen["seen1"], c=["7"]).json()["answers"][0],
        mine.save(path, 1, seen=seen["seen1"], c=["0", "1"]).json()["answers"][0],
        mine.save(path, 1, seen=seen["seen1"], c=["zero"]).json()["answers"][0],
    ]
    assert {row["fate"] for row in rows} == {"refused"}
    assert "5000" in rows[0]["message"]
    page = mine.post(path, {**seen, f"t{essay}": "长" * 5_001, "c1": "1", "do": "check"})
    assert page.status_code == 422
    assert "长" * 5_001 in page.content.decode()  # what was typed is not lost
    assert ExamAnswer.objects.count() == 1  # and the other answer was saved


def test_after_handing_in_nothing_is_saved(at: At) -> None:
    world = small_world(1)
    mine = sitter(at, make_exam(world), world)
    path = mine.start()
    seen = mine.seen(path)
    mine.post(f"{path}/submit")
    assert mine.save(path, 1, seen=seen["seen1"], c=["1"]).json()["code"] == "already_submitted"
    assert mine.post(path, {**seen, "c1": "1", "do": "save"}).headers["Location"].endswith("/receipt")
    assert not ExamAnswer.objects.exists()


def test_somebody_elses_attempt_does_not_exist(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world)
    path = sitter(at, exam, world).start()
    other = Sitter(world.learners[1], exam)
    assert {other.get(path + end).status_code for end in ("", "/state", "/confirm", "/receipt", "/review")} == {404}
    assert {other.post(path + end).status_code for end in ("", "/submit")} == {404}
    wrong_exam = make_exam(world)
    mine = Sitter(world.learners[0], exam)
    assert mine.get(path.replace(str(exam.uuid), str(wrong_exam.uuid))).status_code == 404


@pytest.mark.parametrize("exams", [1, 3])
def test_the_number_of_statements_does_not_grow(at: At, exams: int, django_assert_max_num_queries: object) -> None:
    world = small_world(1)
    made = [make_exam(world) for _ in range(exams)]
    mine = sitter(at, made[0], world)
    path = mine.start()
    for address, most in (("", 16), (mine.start_page, 18), (path, 16)):
        mine.get(address)
        with django_assert_max_num_queries(most):  # type: ignore[operator]  # pytest-django's fixture
            mine.get(address)
