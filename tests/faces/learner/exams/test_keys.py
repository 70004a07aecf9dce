"""The key never leaves the server before it may: every response of a whole sitting is searched for it."""

import re

import pytest
from faces.learner.exams.sitter import JSON, Sitter
from factories.exams import ACCEPTED, GUIDE, make_drawn_exam, make_exam
from factories.worlds import At, small_world

from yanxiu.training.exams import queries
from yanxiu.training.exams.actions import Terms, mark_essay, release_exam
from yanxiu.training.exams.models import ExamAnswer, ExamQuestion, Question

pytestmark = pytest.mark.django_db
OPEN = "2017-07-15T08:00:00+08:00"
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


def whole_sitting(mine: Sitter) -> str:
    """Every address of the area, before, during and after; wrong answers, so that no right one is echoed."""
    mine.get()
    mine.get(mine.start_page)
    path = mine.start()
    seen = mine.seen(path)
    for num in range(1, len(seen) + 1):
        mine.save(path, num, seen=seen[f"seen{num}"], t="不知道")
        mine.save(path, num, seen=seen[f"seen{num}"], c=["0"])
    mine.post(path, {**mine.seen(path), "do": "save"})
    for end in ("", "?saved=1", "/state", "/confirm", "/review", "/receipt", "/receipt.txt"):
        mine.get(path + end)
    mine.post(f"{path}/submit")
    mine.post(f"{path}/submit", **JSON)
    for end in ("", "/state", "/confirm", "/review", "/receipt", "/receipt.txt"):
        mine.get(path + end)
        mine.get(path + end, **JSON)
    mine.get(mine.start_page)
    mine.get()
    mine.client.get(f"/my/classes/{mine.exam.training_class.key}")
    return path


def test_no_response_of_a_sitting_holds_an_accepted_text_or_the_markers_guide(at: At) -> None:
    world = small_world(1)
    exam = make_drawn_exam(world, terms=Terms(is_shuffled=True, review="after_marking"))
    at(OPEN)
    mine = Sitter(world.learners[0], exam)
    path = whole_sitting(mine)
    everything = "\n".join(mine.texts)
    assert len(mine.texts) > 60
    assert [secret for secret in (*ACCEPTED, GUIDE) if secret in everything] == []
    at("2017-07-16T08:00:00+08:00")
    for answer in ExamAnswer.objects.filter(question__question__kind="essay"):
        mark_essay(world.tutor, answer, points=3, remark="写出做法")
    assert ACCEPTED[0] not in mine.get(f"{path}/review").content.decode()
    release_exam(world.manager, exam)
    page = mine.get(f"{path}/review").content.decode()
    for words in (ACCEPTED[0], GUIDE, "写出做法", "正确答案"):
        assert words in page


def test_the_paper_would_read_the_same_with_any_other_key(at: At) -> None:
    """What a page does not depend on, nobody can read from it."""
    world = small_world(1)
    exam = make_exam(world)
    at(OPEN)
    mine = Sitter(world.learners[0], exam)
    path = mine.start()

    def pages() -> list[str]:
        return [CHANGING.sub("", mine.get(path + end).content.decode()) for end in ("", "/state", "/confirm")] + [
            CHANGING.sub("", mine.save(path, 1, seen="0:", c=["0"]).content.decode())
        ]

    mine.save(path, 1, seen="0:", c=["0"])
    before = pages()
    for question in Question.objects.all():
        last = len(question.options) - 1
        question.key = [0, last] if question.key == [last] else [last]
        question.save()
    assert pages() == before


def test_no_row_made_for_a_learner_can_carry_a_key(at: At) -> None:
    world = small_world(1)
    exam = make_drawn_exam(world)
    at(OPEN)
    attempt = Sitter(world.learners[0], exam)
    attempt.start()
    own = queries.attempt_for(world.learners[0].viewer, attempt.attempt().uuid)
    told = repr(queries.paper(world.learners[0].viewer, own))
    assert ExamQuestion.objects.filter(attempt=own).count() == 9
    assert not any(secret in told for secret in (*ACCEPTED, GUIDE))
