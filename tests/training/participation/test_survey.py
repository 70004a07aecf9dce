"""结业问卷: answered once, counted without names."""

from collections.abc import Callable
from datetime import date

import pytest
from factories.worlds import At, World, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.participation.models import Survey, SurveyAnswer, SurveyReceipt
from yanxiu.training.participation.questions import Question
from yanxiu.training.participation.survey import FEWEST, answer_survey, publish_survey, survey_results

pytestmark = pytest.mark.django_db
QUESTIONS = [Question("scale", "课程有帮助"), Question("choice", "方式", ("网络", "面授")), Question("text", "建议")]
GIVEN = {"q1": "4", "q2": "1", "q3": "多讲案例"}


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def published(world: World) -> Survey:
    return publish_survey(
        world.manager,
        world.cls,
        title="结业问卷",
        opens_on=date(2017, 6, 10),
        closes_on=date(2017, 6, 12),
        questions=QUESTIONS,
    )


def test_an_answer_is_taken_once_inside_the_window(at: At) -> None:
    world = small_world(1)
    learner, survey = world.learners[0], published(world)
    at("2017-06-12T23:59:59+08:00")
    answer_survey(learner.viewer, survey, learner.enrolment, given=GIVEN)
    answer_survey(learner.viewer, survey, learner.enrolment, given=GIVEN | {"q1": "1"})
    assert list(SurveyAnswer.objects.values_list("answers", flat=True)) == [[4, 1, "多讲案例"]]
    at("2017-06-13T00:00:00+08:00")
    assert code_of(lambda: answer_survey(learner.viewer, survey, learner.enrolment, given=GIVEN)) == "window_closed"
    with pytest.raises(NotVisible):
        answer_survey(world.other_learner.viewer, survey, world.other_learner.enrolment, given=GIVEN)


def test_results_are_counts_and_only_from_five_answers_on(at: At) -> None:
    world = small_world(6)
    survey = published(world)
    for n, learner in enumerate(world.learners[:FEWEST]):
        assert survey_results(world.auditor, survey).questions == ()
        answer_survey(learner.viewer, survey, learner.enrolment, given={"q1": str(n + 1), "q2": str(n % 2), "q3": ""})
    results = survey_results(world.manager, survey)
    assert (results.learners, results.answered) == (6, 5)
    scale, choice, text = results.questions
    assert (scale.mean, scale.counts[0], choice.counts, text.texts) == (
        "3.00",
        ("5", 1),
        (("网络", 3), ("面授", 2)),
        (),
    )
    with pytest.raises(Refused):
        survey_results(world.learners[0].viewer, survey)


def test_no_row_joins_a_person_to_an_answer(at: At) -> None:
    names = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert names == {"id", "survey", "answers"}
    assert {field.name for field in SurveyReceipt._meta.get_fields()} == {"id", "survey", "enrolment"}


@pytest.mark.parametrize("change", [{"q1": "6"}, {"q1": "0"}, {"q1": ""}, {"q1": "٣"}, {"q2": "2"}, {"q2": "-1"}])
def test_an_answer_that_is_none_is_refused_by_its_number(at: At, change: dict[str, str]) -> None:
    world = small_world(1)
    learner, survey = world.learners[0], published(world)
    assert (
        code_of(lambda: answer_survey(learner.viewer, survey, learner.enrolment, given=GIVEN | change)) == "unanswered"
    )
    assert (SurveyAnswer.objects.count(), SurveyReceipt.objects.count()) == (0, 0)


def test_a_survey_without_sense_is_not_published(at: At) -> None:
    world = small_world(0)
    days = {"opens_on": date(2017, 6, 10), "closes_on": date(2017, 6, 12)}
    publish = lambda questions: publish_survey(world.manager, world.cls, title="问卷", questions=questions, **days)  # noqa: E731  (a verb, said often)
    for questions in (
        [],
        [Question("choice", "方式", ("网络",))],
        [Question("stars", "几星")],
        [Question("text", " ")],
    ):
        assert code_of(lambda questions=questions: publish(questions)) in {"bad_questions", "empty"}
    assert (
        code_of(lambda: publish_survey(world.tutor, world.cls, title="问卷", questions=QUESTIONS, **days))
        == "not_allowed"
    )
    assert Survey.objects.count() == 0
