"""The staff's pages of examinations: scheduling, watching, the marking desk."""

import re

import pytest
from django.test import Client
from factories.exams import GUIDE, exam_ids, full_bank, make_exam
from factories.worlds import At, small_world

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.exams.actions import start_attempt, submit_attempt
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamDeferral, ExamSection, Question, QuestionBank

pytestmark = pytest.mark.django_db
BASE = "/staff/classes/small-2017"
FORM = {
    "title": "结业考试", "opens_at": "2017-07-15T08:00", "closes_at": "2017-07-15T18:00", "duration_minutes": "60",
    "max_attempts": "2", "pass_mark": "60", "partial": "half", "review": "after_close", "mode": "drawn", "is_shuffled": "1",
    "resit_attempts": "1",
}  # fmt: skip


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def test_a_blueprint_is_scheduled_in_the_class_zone(at: At) -> None:
    world = small_world(1)
    bank = full_bank(world)
    client = browser(world.manager)
    assert "全题型题库" in client.get(f"{BASE}/exams/new").content.decode()
    section = {"bank1": str(bank.pk), "kind1": "single", "count1": "4", "points1": "25"}
    answer = client.post(f"{BASE}/exams/new", FORM | section)
    exam = Exam.objects.get()
    assert answer.headers["Location"] == f"{BASE}/exams/{exam.uuid}?done=scheduled"
    assert exam.opens_at.isoformat() == "2017-07-15T00:00:00+00:00"
    assert (exam.partial, exam.review, exam.is_shuffled, exam.redraws) == ("half", "after_close", True, False)
    assert list(ExamSection.objects.values_list("kind", "count", "points")) == [("single", 4, 25)]
    assert "考试已安排" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count1": "5", "points1": "20"}, "题库中只有 4 道可用"),
        ({"points1": "24"}, "合计应为 100 分"),
        ({"opens_at": "soon"}, "请填写考试开始的日期和时间"),
        ({"duration_minutes": "-3"}, "考试时长应是不小于 0 的整数"),
        ({"title": " "}, "请填写考试名称"),
        ({"resit_opens_at": "2017-07-14T08:00", "resit_closes_at": "2017-07-16T08:00"}, "补考应在正考结束之后开始"),
        ({"bank1": ""}, "合计应为 100 分"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_and_what_was_typed_stays(
    at: At, change: dict[str, str], words: str
) -> None:
    world = small_world(1)
    bank = full_bank(world)
    section = {"bank1": str(bank.pk), "kind1": "single", "count1": "4", "points1": "25"}
    answer = browser(world.manager).post(f"{BASE}/exams/new", FORM | section | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="2017-07-15T18:00"' in page
    assert not Exam.objects.exists()


def test_ticked_questions_become_a_fixed_paper(at: At) -> None:
    world = small_world(1)
    bank = full_bank(world)
    one, two = Question.objects.filter(bank=bank, kind="single")[:2]
    client = browser(world.manager)
    page = client.get(f"{BASE}/exams/new?q={two.pk}&q={one.pk}&q=999999").content.decode()
    assert re.findall(r'name="worth(\d+)"', page) == [str(two.pk), str(one.pk)]
    client.post(f"{BASE}/exams/new", FORM | {"q": [two.pk, one.pk], f"worth{two.pk}": "60", f"worth{one.pk}": "40"})
    assert list(Exam.objects.get().paper.order_by("num").values_list("question", "points")) == [
        (two.pk, 60),
        (one.pk, 40),
    ]


def test_a_bank_of_another_region_does_not_exist(at: At) -> None:
    world = small_world(1)
    bank = full_bank(world)
    far = browser(world.other_manager)
    assert "全题型题库" not in far.get("/staff/classes/other-2017/banks").content.decode()
    assert far.get(f"/staff/classes/other-2017/banks/{bank.pk}").status_code == 404
    section = {"bank1": str(bank.pk), "kind1": "single", "count1": "4", "points1": "25"}
    assert far.post("/staff/classes/other-2017/exams/new", FORM | section).status_code == 404


def test_questions_of_every_kind_are_entered_and_changed(at: At) -> None:
    world = small_world(1)
    client = browser(world.manager)
    client.post(f"{BASE}/banks", {"name": "新题库"})
    bank = QuestionBank.objects.get()
    address = f"{BASE}/banks/{bank.pk}"
    for body in (
        {"kind": "single", "stem": "单选题干", "option": ["甲", "乙", "", ""], "right": "1", "tag": "党章"},
        {"kind": "multiple", "stem": "多选题干", "option": ["甲", "乙", "丙"], "right": ["0", "2"]},
        {"kind": "true_false", "stem": "判断题干", "option": ["正确", "错误"], "right": "0"},
        {"kind": "fill_in", "stem": "填空题干", "accepted": "民主集中制\r\n民主集中\r\n"},
        {"kind": "essay", "stem": "简答题干", "guide": "三点"},
    ):
        assert client.get(f"{address}/new?kind={body['kind']}").status_code == 200
        assert client.post(f"{address}/new", body).status_code == 302
    page = client.get(f"{address}?q=题干").content.decode()
    for words in ("B 乙", "A 甲、C 丙", "A 正确", "民主集中制 / 民主集中", "简答题干"):
        assert words in page
    only = client.get(f"{address}?kind=single&tag=党章").content.decode()
    assert ("单选题干" in only, "多选题干" in only) == (True, False)
    single = Question.objects.get(kind="single")
    assert 'value="乙"' in client.get(f"{address}/questions/{single.pk}").content.decode()
    wrong = client.post(f"{address}/questions/{single.pk}", {"stem": "改", "option": ["甲", "甲"], "right": "0"})
    assert (wrong.status_code, "有内容相同的选项" in wrong.content.decode()) == (422, True)
    client.post(f"{address}/questions/{single.pk}", {"stem": "改过", "option": ["甲", "丙"], "right": "0"})
    assert list(Question.objects.filter(kind="single").values_list("stem", "key", "version")) == [("改过", [0], 1)]


def test_who_has_handed_in_and_who_has_not(at: At) -> None:
    world = small_world(3)
    exam = make_exam(world)
    at("2017-07-15T08:00:00+08:00")
    sitting, done, absent = world.learners
    start_attempt(sitting.viewer, exam, sitting.enrolment)
    submit_attempt(done.viewer, start_attempt(done.viewer, exam, done.enrolment))
    client = browser(world.manager)

    def names(show: str) -> list[str]:
        page = client.get(f"{BASE}/exams/{exam.uuid}?show={show}").content.decode()
        return [n for n in ("学员1", "学员2", "学员3") if f'<td class="nw lead">{n}</td>' in page]

    assert [names(show) for show in ("", "started", "submitted", "none", "expired", "nonsense")] == [
        ["学员1", "学员2", "学员3"], ["学员1"], ["学员2"], ["学员3"], [], ["学员1", "学员2", "学员3"],
    ]  # fmt: skip
    numbers = re.findall(r"<dd>(\d+)</dd>", client.get(f"{BASE}/exams").content.decode())
    assert numbers == ["3", "1", "1", "1"]
    at("2017-07-15T09:00:00+08:00")
    assert names("expired") == ["学员1"]
    assert "已到时的答卷都已收回" in client.post(f"{BASE}/exams/{exam.uuid}/close", follow=True).content.decode()
    body = {"enrolment": absent.enrolment.pk, "until": "2017-07-20T08:00", "reason": "住院"}
    assert "缓考至 7月20日 08:00" in client.post(f"{BASE}/exams/{exam.uuid}/defer", body, follow=True).content.decode()
    assert ExamDeferral.objects.get().reason == "住院"
    foreign = {"enrolment": world.other_learner.enrolment.pk, "until": "2017-07-20T08:00"}
    assert client.post(f"{BASE}/exams/{exam.uuid}/defer", foreign).status_code == 404
    resit = {"resit_opens_at": "2017-07-18T08:00", "resit_closes_at": "2017-07-18T20:00", "resit_attempts": "1"}
    assert "补考时间已保存" in client.post(f"{BASE}/exams/{exam.uuid}/resit", resit, follow=True).content.decode()


def test_the_desk_hides_who_wrote_and_goes_on(at: At) -> None:
    world = small_world(2)
    ids = exam_ids(world)
    tutor = browser(world.tutor)
    desk = f"{BASE}/exams/{ids['exam']}/marking"
    assert "已批 0 份，共 1 份" in tutor.get(desk).content.decode()
    page = tutor.get(f"{desk}/{ids['essay']}/1").content.decode()
    assert "支部会与教研组会合开" in page
    assert GUIDE in page
    assert not [
        w
        for w in world.learners
        if w.person.name in page or str(w.enrolment.pk) in re.findall(r"enrolment\D*(\d+)", page)
    ]
    too_many = tutor.post(f"{desk}/{ids['essay']}/1", {"points": "31", "remark": "写得好"})
    assert (too_many.status_code, "写得好" in too_many.content.decode()) == (422, True)
    assert tutor.post(f"{desk}/{ids['essay']}/1", {"points": "28"}).headers["Location"] == desk
    assert ExamAnswer.objects.get(mark__isnull=False).mark == 28
    assert tutor.get(f"{desk}/{ids['essay']}/2").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow(at: At, count: int, django_assert_max_num_queries: object) -> None:
    world = small_world(count)
    exam = make_exam(world)
    for _more in range(count - 1):
        make_exam(world)
    at("2017-07-15T08:00:00+08:00")
    for learner in world.learners:
        start_attempt(learner.viewer, exam, learner.enrolment)
    client = browser(world.manager)
    for address in (f"{BASE}/exams", f"{BASE}/exams/{exam.uuid}", f"{BASE}/banks", f"{BASE}/exams/new"):
        client.get(address)
        with django_assert_max_num_queries(21):  # type: ignore[operator]  # pytest-django's fixture
            client.get(address)


def test_an_exam_scheduled_by_mistake_is_taken_back_until_somebody_begins_it(at: At) -> None:
    world = small_world(1)
    section = {"bank1": str(full_bank(world).pk), "kind1": "single", "count1": "4", "points1": "25"}
    client, learner = browser(world.manager), world.learners[0]
    for closes in ("2018-07-15T18:00", "2017-07-15T18:00"):
        client.post(f"{BASE}/exams/new", FORM | section | {"closes_at": closes})
    mistaken, right = Exam.objects.order_by("pk")
    page = client.get(f"{BASE}/exams/{mistaken.uuid}").content.decode()
    assert ("2018年7月15日 18:00" in page, "就结束，请核对" in page, "取消这场考试" in page) == (True, True, True)
    gone = client.post(f"{BASE}/exams/{mistaken.uuid}/cancel", follow=True)
    assert ("考试已取消" in gone.content.decode(), list(Exam.objects.all())) == (True, [right])
    entry = AuditEntry.objects.get(action="cancel_exam")
    assert (entry.object_id, entry.from_state, entry.to_state) == (mistaken.pk, "scheduled", "cancelled")
    assert client.post(f"{BASE}/exams/{mistaken.uuid}/cancel").status_code == 404
    at("2017-07-15T08:00:00+08:00")
    start_attempt(learner.viewer, right, learner.enrolment)
    late = client.post(f"{BASE}/exams/{right.uuid}/cancel")
    assert (late.status_code, "已经有学员开始作答" in late.content.decode(), Exam.objects.count()) == (422, True, 1)
