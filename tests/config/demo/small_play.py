"""A play of five learners in a process and data directory of its own; prints what came of it as JSON.

python small_play.py DIRECTORY
"""

import json
import os
import sys
from pathlib import Path


def main(folder: Path) -> None:
    os.environ["YANXIU_DATA_DIR"] = str(folder)
    from yanxiu.config.running.setup import prepare, start_django

    start_django()
    prepare()
    from yanxiu.config.demo.acting import Acting
    from yanxiu.config.demo.agenda import agenda
    from yanxiu.config.demo.cast import lessons
    from yanxiu.config.demo.clock import PlayClock
    from yanxiu.config.demo.closing import digest_all
    from yanxiu.config.demo.compare import oracle_differences
    from yanxiu.config.demo.directing import BEGIN
    from yanxiu.config.demo.play import Play, links_for, play, sign_in_all, web_server
    from yanxiu.config.demo.stage import found
    from yanxiu.config.demo.study.planner import Goal, make_plan
    from yanxiu.study.models import CreditCell, UncountedCell

    clocks = [PlayClock(folder / name) for name in ("clock", "clock-pages", "clock-intake")]
    for clock in clocks:
        clock.move(BEGIN)
    clocks[0].rule_here()
    stage = found(lambda: None)
    plan = make_plan(lessons(), Goal(5, 5 * 420 * 60, 5 * 60 * 60, seed=5))
    stage.persons = {num: stage.persons[num] for num in range(5)}
    acts = [act for act in agenda() if act.verb == "open_class" or (act.verb == "register" and act.who < 5)]
    links = links_for(str(person.phone) for person in stage.persons.values())
    the_play = Play(stage, Acting(stage), *clocks, acts)
    with web_server(links, clocks[1]) as pages, web_server({}, clocks[2]) as intake:
        sign_in_all(the_play, pages, links)
        play(the_play, plan.sessions, pages, intake)
    digest_all()
    answer = {
        "differences": oracle_differences(stage, plan.credit),
        "credited_seconds": sum(CreditCell.objects.values_list("credited_ms", flat=True)) / 1000,
        "planned_seconds": sum(sum(by_lesson.values()) for by_lesson in plan.credit.values()),
        "reasons": sorted(set(UncountedCell.objects.values_list("reason", flat=True))),
        "rates": sorted(set(CreditCell.objects.values_list("algorithm", flat=True))),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
