"""Doing what the agenda says, through the real actions, each as the person who does it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from yanxiu.config.demo.agenda import TUTOR, Act
from yanxiu.config.demo.cast import texts
from yanxiu.config.demo.stage import MAIN, Stage
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.actions import change_state, register_learner
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.exams import actions as exams
from yanxiu.training.notices import actions as notices
from yanxiu.training.outcomes import actions as outcomes

__all__ = ["Acting"]

TRIALS = 2


class Acting:
    """Remembers what each act made, so that later acts can find it by key."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.made: dict[str, Any] = {}
        self.main: TrainingClass = stage.classes[MAIN]
        self.doing: Mapping[str, Callable[[Viewer, Act], Any]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }

    def prepare_activities(self) -> None:
        """The rounds and the examination, by the class manager."""
        manager = self.stage.staff["class_manager"]
        for num, plan in enumerate(texts()["round"], start=1):
            self.made[f"round{num}"] = discussion.open_round(
                manager, self.main, num=num, theme=plan["theme"], background=plan["background"],
                opens_on=date.fromisoformat(plan["opens"]), closes_on=date.fromisoformat(plan["closes"]),
                required_posts=1,
            )  # fmt: skip
        bank = exams.create_bank(self.stage.staff["organiser"], name="党务知识题库")
        paper = [
            (
                exams.add_question(
                    self.stage.staff["organiser"], bank, kind=row["kind"], stem=row["stem"], options=row["options"],
                    key=row["key"],
                ),
                10,
            )
            for row in texts()["question"]
        ]  # fmt: skip
        self.made["paper"] = [question for question, _ in paper]
        self.made["exam"] = exams.schedule_exam(
            manager, self.main, title="党务知识在线考试", opens_at=datetime.fromisoformat("2017-07-15T00:00:00+08:00"),
            closes_at=datetime.fromisoformat("2017-07-21T00:00:00+08:00"), duration_minutes=60, max_attempts=TRIALS,
            questions=paper,
        )  # fmt: skip

    def do(self, act: Act) -> None:
        """One act by its person; what it made is kept under its key."""
        who = self.stage.staff["tutor"] if act.who == TUTOR else self.stage.viewers[act.who]
        made = self.doing[act.verb](who, act)
        if act.key and made is not None:
            self.made[act.key] = made

    def _do_register(self, who: Viewer, act: Act) -> None:
        register_learner(who, self.stage.enrolments[act.who])

    def _do_open_class(self, _who: Viewer, act: Act) -> None:
        key = act.data["class"]
        self.stage.classes[key] = change_state(self.stage.staff["organiser"], self.stage.classes[key], "running")

    def _do_post(self, who: Viewer, act: Act) -> Any:
        post = discussion.publish_post(who, self.made[f"round{act.data['round']}"], body=act.data["body"])
        if "also" in act.data:
            self.made[act.data["also"]] = post
        return post

    def _do_post_draft(self, who: Viewer, act: Act) -> None:
        discussion.save_draft(who, self.made[f"round{act.data['round']}"], body=act.data["body"])

    def _do_late_post(self, who: Viewer, act: Act) -> None:
        try:
            discussion.publish_post(who, self.made[f"round{act.data['round']}"], body=act.data["body"])
        except Refused:
            return
        raise RuntimeError("a post five minutes after the round was taken")

    def _do_remove_post(self, who: Viewer, act: Act) -> Any:
        return discussion.remove_post(who, self.made[act.key], reason=act.data["reason"])

    def _do_reply(self, who: Viewer, act: Act) -> Any:
        return discussion.reply(who, self.made[act.data["to"]], body=act.data["body"])

    def _do_outcome_draft(self, who: Viewer, act: Act) -> Any:
        return outcomes.save_outcome_draft(
            who, self.stage.enrolments[act.who], title=act.data["title"], body=act.data["body"]
        )

    def _do_outcome_submit(self, who: Viewer, act: Act) -> Any:
        return outcomes.submit_outcome(who, self.made[act.key])

    def _do_outcome_return(self, who: Viewer, act: Act) -> Any:
        return outcomes.return_outcome(who, self.made[act.key], reason=act.data["reason"])

    def _do_outcome_resubmit(self, who: Viewer, act: Act) -> Any:
        return outcomes.resubmit_outcome(who, self.made[act.key], body=act.data["body"])

    def _do_outcome_accept(self, who: Viewer, act: Act) -> Any:
        return outcomes.accept_outcome(who, self.made[act.key], score=act.data["score"])

    def _do_outcome_withdraw(self, who: Viewer, act: Act) -> Any:
        return outcomes.withdraw_outcome(who, self.made[act.key])

    def _do_comment(self, who: Viewer, act: Act) -> Any:
        return outcomes.comment_outcome(who, self.made[act.data["outcome"]], body=act.data["body"])

    def _do_remove_comment(self, who: Viewer, act: Act) -> Any:
        return outcomes.remove_comment(who, self.made[act.key], reason=act.data["reason"])

    def _do_thought(self, who: Viewer, act: Act) -> None:
        outcomes.submit_thought_report(who, self.stage.enrolments[act.who], title="思想汇报", body=act.data["body"])

    def _do_sit_exam(self, who: Viewer, act: Act) -> None:
        """Right answers to the first questions, wrong ones to the rest, ten points each; saved as the page saves them: what
        was answered so far goes out together, once half-way and once at the end.
        """
        attempt = exams.start_attempt(who, self.made["exam"], self.stage.enrolments[act.who])
        right = act.data["score"] // 10
        given = []
        for num, question in enumerate(self.made["paper"], start=1):
            wrong = [next(i for i in range(len(question.options)) if [i] != question.key)]
            given.append(exams.Given(num, question.key if num <= right else wrong))
        half = len(given) // 2
        for part in (given[:half], given[half:]):
            if any(saved.fate != "saved" for saved in exams.save_answers(who, attempt, part)):
                raise RuntimeError("an answer of the play was not saved")
        if act.data["hand_in"]:
            exams.submit_attempt(who, attempt)

    def _do_announce(self, who: Viewer, act: Act) -> None:
        manager = self.stage.staff["class_manager"]
        body = f"各位学员：{act.data['title']}。请按要求完成，有问题请在班级群联系班主任。"
        draft = notices.draft_announcement(manager, self.main, title=act.data["title"], body=body)
        if act.data["then"] in {"publish", "withdraw"}:
            draft = notices.publish_announcement(manager, draft)
        if act.data["then"] == "withdraw":
            notices.withdraw_announcement(manager, draft)
