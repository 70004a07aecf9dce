"""The oracle of presence challenges: one second after another, no interval in it. Shares no code with the product.

A person's seconds are walked in order. In each second it is known whether any challenged page reported study, whether the server
heard of one, and what was proved. From that alone it says which challenges were missed, and from when until when nothing counts;
then the oracle of credit takes those seconds away, and what a lesson has more than with every challenge answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.credit.oracle import Answers, Granted, Oracle, Tab

EVER = 10**15


@dataclass
class Life:
    """What happened to one person, in seconds. `asked`: second of issue -> last second to answer in; `proofs`: openings and
    answers, at the second they prove.
    """

    present: set[int] = field(default_factory=set)
    heard: set[int] = field(default_factory=set)
    proofs: set[int] = field(default_factory=set)
    asked: dict[int, int] = field(default_factory=dict)


def unproven(life: Life) -> list[tuple[int, int]]:
    """Stretches [from, until) in which nothing counts, one for each missed challenge."""
    last = max([*life.present, *life.proofs, *life.asked.values(), *life.heard], default=0) + 2
    first = min([*life.present, *life.proofs, *life.asked], default=0)
    proved, lost, found = -EVER, False, []  # last proof; is everything since then lost?
    question: int | None = None  # when the open one was put
    ignored = seen = beyond = 0  # questions in a row; seconds of study during the open one; … after the second one
    asked_in_touch = False
    for now in range(first, last + 1):
        if now in life.asked:
            question, seen, asked_in_touch = now, 0, False
        if now in life.proofs:
            found += [(proved, now)] if lost else []
            proved, lost, question, ignored, beyond = now, False, None, 0, 0
        if question is not None:
            end = life.asked[question]
            if question < now <= question + (end - question) // 2 and now in life.heard:
                asked_in_touch = True
            if now == end:
                ignored += 1
                lost = lost or (asked_in_touch and seen == end - question)
                if ignored == 2:
                    patience = end - question
                question = None
            elif now in life.present:
                seen += 1
        if ignored > 1 and now in life.present:
            beyond += 1
            lost = lost or beyond > patience
    return [*found, (proved, EVER)] if lost else found


def credited(tabs: list[Tab], taken: Sequence[tuple[int, int]], granted: Granted = ()) -> Answers:
    """Credit with these stretches taken away, no lesson above what it has with nothing taken."""
    whole, rest = Oracle(tabs), Oracle(tabs)
    whole.granted = rest.granted = granted
    rest.unproven = taken
    whole.run()
    rest.run()
    for lesson, instants in rest.earned.items():
        for _, day in sorted(instants)[len(whole.earned[lesson]) :]:
            rest.cells[*lesson, day] -= 1
            rest.lost[*lesson, day, "replay"] += 1
    return {cell: ms for cell, ms in rest.cells.items() if ms}, dict(rest.lost)
