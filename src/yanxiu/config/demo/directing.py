"""One performance: plan, found, play, close, report; progress is shown, nothing is taken on trust."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.agenda import agenda
from yanxiu.config.demo.cast import cast, lessons
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.closing import close_class, digest_all, report_signed, write_files
from yanxiu.config.demo.compare import oracle_differences, reference
from yanxiu.config.demo.play import Play, links_for, play, sign_in_all, web_server
from yanxiu.config.demo.stage import SECOND_FIELDS, found
from yanxiu.config.demo.study.planner import Goal, Plan, make_plan
from yanxiu.config.demo.study.sitting import posts
from yanxiu.config.options import data_dir

__all__ = ["perform", "plans"]

BEGIN = 1_496_884_800  # 2017-06-08T09:20:00+08:00
NOW = 1_500_883_200  # 2017-07-24T16:00:00+08:00, when the visitor comes


def plans() -> tuple[Plan, Plan]:
    """Study of the main class, to the second of the 2017 totals, and of the second one."""
    printed = reference()["class"]
    main = Goal(100, printed["compulsory_minutes"] * 60 + 31, printed["elective_minutes"] * 60 + 17)
    second = Goal(12, 12 * 150 * 60, 12 * 40 * 60, seed=2018, cadence=15, first_learner=100, first_day=27, days=19)
    rows = lessons()
    return make_plan(rows, main), make_plan([row for row in rows if row.field in SECOND_FIELDS], second)


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        yield progress


def perform(console: Console, clock: PlayClock) -> int:
    """Django is set up, the data directory is empty; at the end everything of six weeks is in it.

    The number of lessons of learners in which credit and oracle differ.
    """
    with _bars(console) as bars:
        task = bars.add_task("排演学习计划", total=1)
        main, second = plans()
        bars.advance(task)
        sessions = [*main.sessions, *second.sessions]
        acts = agenda()
        task = bars.add_task("建班、报名", total=len(cast().learners) + len(cast().second_class))
        clock.move(BEGIN)
        stage = found(lambda: bars.advance(task))
        acting = Acting(stage)
        acting.prepare_activities()
        totals = {
            "sign_in": ("学员登录", len(stage.persons)),
            "session": ("打开课程", len(sessions)),
            "post": ("上报学习", sum(len(posts(session)) for session in sessions)),
            "act": ("研讨考试等", len(acts)),
        }
        tasks: dict[str, TaskID] = {key: bars.add_task(label, total=n) for key, (label, n) in totals.items()}
        links = links_for(str(person.phone) for person in stage.persons.values())
        opening, arriving = PlayClock(data_dir() / "clock-pages"), PlayClock(data_dir() / "clock-intake")
        for each in (opening, arriving):
            each.move(BEGIN)
        the_play = Play(stage, acting, clock, opening, arriving, sessions, acts, lambda kind: bars.advance(tasks[kind]))
        with web_server(links, opening) as pages, web_server({}, arriving) as intake:
            sign_in_all(the_play, pages, links)
            play(the_play, intake)
        task = bars.add_task("汇总、报告", total=3)
        digest_all()
        differences = oracle_differences(stage, {**main.credit, **second.credit})
        bars.advance(task)
        close_class(stage, clock)
        report = report_signed(stage, acting, clock)
        bars.advance(task)
        write_files(report, data_dir())
        bars.advance(task)
        clock.move(NOW)
        return differences
