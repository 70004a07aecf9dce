"""One performance: plan, found, play, close, report; progress is shown, nothing is taken on trust."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from yanxiu.config.demo.acting import Acting
from yanxiu.config.demo.agenda import agenda
from yanxiu.config.demo.cast import cast
from yanxiu.config.demo.clock import PlayClock
from yanxiu.config.demo.closing import close_class, digest_all, report_signed, write_files
from yanxiu.config.demo.compare import oracle_differences
from yanxiu.config.demo.play import Play, links_for, play, sign_in_all, web_server
from yanxiu.config.demo.stage import found
from yanxiu.config.demo.study.plans import plans
from yanxiu.config.demo.study.sitting import posts
from yanxiu.config.options import data_dir

__all__ = ["perform"]

BEGIN = 1_496_884_800  # 2017-06-08T09:20:00+08:00
NOW = 1_500_883_200  # 2017-07-24T16:00:00+08:00, when the visitor comes


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
        planning, founding = (
            bars.add_task("排演学习计划", total=1),
            bars.add_task("建班、报名", total=len(cast().learners) + len(cast().second_class)),
        )
        tasks: dict[str, TaskID] = {}
        clock.move(BEGIN)
        opening, arriving = PlayClock(data_dir() / "clock-pages"), PlayClock(data_dir() / "clock-intake")
        for each in (opening, arriving):
            each.move(BEGIN)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
            planned = beside.submit(plans)
            stage = found(lambda: bars.advance(founding))
            acting = Acting(stage)
            acting.prepare_activities()
            links = links_for(str(person.phone) for person in stage.persons.values())
            acts = agenda()
            the_play = Play(
                stage, acting, clock, opening, arriving, acts, lambda kind, more: bars.advance(tasks[kind], more)
            )
            tasks["sign_in"] = bars.add_task("学员登录", total=len(stage.persons))
            with web_server(links, opening) as pages, web_server({}, arriving) as intake:
                sign_in_all(the_play, pages, links)
                main, second = planned.result()
                bars.advance(planning)
                sessions = [*main.sessions, *second.sessions]
                tasks["session"] = bars.add_task("打开课程", total=len(sessions))
                tasks["post"] = bars.add_task("上报学习", total=sum(len(posts(session)) for session in sessions))
                tasks["act"] = bars.add_task("研讨考试等", total=len(acts))
                play(the_play, sessions, pages, intake)
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
