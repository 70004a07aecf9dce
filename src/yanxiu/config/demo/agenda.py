"""Everything the class does besides studying, as dated acts: pure, seeded, in the numbers the 2017 report implies."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from yanxiu.config.demo.cast import texts
from yanxiu.config.demo.prose.writing import longer, outcome, practice

__all__ = ["Act", "agenda", "exam_scores"]

ZONE = "+08:00"
SEED = 20170610
TUTOR = -1
COMMENTED, SUBMITTED, SAT, REPLIES, TUTOR_REPLIES = 46, 95, 90, 124, 9
SCORE_SUM = 6590  # of the best attempts: floor(6590 / 90) = 73


@dataclass(frozen=True, order=True)
class Act:
    """At this instant (epoch seconds), `who` (learner number, TUTOR = the tutor) does `verb`; `key` names what it made."""

    at: int
    verb: str
    who: int
    key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _in(rng: random.Random, first: str, last: str) -> int:
    """Some instant by daylight of some day from `first` to `last`."""
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    day = date.fromisoformat(first) + timedelta(days=rng.randrange(days + 1))
    return _epoch(f"{day}T07:30:00{ZONE}") + rng.randrange(14 * 3600)


def _words(rng: random.Random, kind: str, count: int) -> str:
    lines: Sequence[str] = texts()["sentences"][kind]
    return "".join(rng.sample(lines, min(count, len(lines))))


def _registrations(rng: random.Random) -> list[Act]:
    """The main class on the eve of its first day, the second one before its own."""
    first, second = _epoch(f"2017-06-09T08:00:00{ZONE}"), _epoch(f"2017-06-29T08:00:00{ZONE}")
    acts = [Act(first + rng.randrange(15 * 3600), "register", num) for num in range(100)]
    acts += [Act(second + rng.randrange(30 * 3600), "register", num) for num in range(100, 112)]
    return [
        *acts,
        Act(_epoch(f"2017-06-10T00:00:00{ZONE}"), "open_class", TUTOR, "", {"class": "smx-2017"}),
        Act(_epoch(f"2017-07-01T00:00:00{ZONE}"), "open_class", TUTOR, "", {"class": "smx-2017-b"}),
    ]


def _round(rng: random.Random, number: int, plan: Mapping[str, Any], replies: int) -> list[Act]:
    """So many posters, some of them twice; one removed post; a draft; replies, one of them removed; the tutor joins in."""
    opens, closes = plan["opens"], plan["closes"]
    order = rng.sample(range(100), 100)
    posters, others = order[: plan["posters"]], order[plan["posters"] :]
    early = (date.fromisoformat(closes) - timedelta(days=3)).isoformat()
    acts = [
        Act(
            _in(rng, opens, early),
            "post",
            who,
            f"r{number}-{who}",
            {"round": number, "body": _words(rng, "post", 1) + practice(who, opens)},
        )
        for who in posters[1:]
    ]
    # the post the report quotes
    quoted = {"round": number, "body": f"{plan['quoted']}。{_words(rng, 'post', 1)}", "also": plan["quote"]}
    acts.append(Act(_in(rng, opens, early), "post", posters[0], f"r{number}-{posters[0]}", quoted))
    again = (date.fromisoformat(closes) - timedelta(days=1)).isoformat()
    acts += [
        Act(
            _in(rng, again, closes),
            "post",
            who,
            f"r{number}-{who}-2",
            {"round": number, "body": _words(rng, "post", 1)},
        )
        for who in posters[:4]
    ]
    off_topic = Act(_in(rng, opens, early), "post", others[0], f"r{number}-off", {"round": number, "body": "签到。"})
    acts += [
        off_topic,
        Act(off_topic.at + 5400, "remove_post", TUTOR, off_topic.key, {"reason": "与主题无关"}),
        Act(_in(rng, opens, closes), "post_draft", others[1], "", {"round": number, "body": _words(rng, "post", 1)}),
        # past midnight of the last day: refused, and that is the fact
        Act(_epoch(f"{closes}T23:59:59{ZONE}") + 301, "late_post", others[2], "", {"round": number, "body": "补发。"}),
    ]
    for i in range(replies + TUTOR_REPLIES + 1):
        by_tutor = replies <= i < replies + TUTOR_REPLIES
        target = f"r{number}-{rng.choice(posters)}"
        body = _words(rng, "tutor_reply" if by_tutor else "reply", 1)
        at, key = _in(rng, again, closes), f"r{number}-reply-{i}"
        acts.append(Act(at, "reply", TUTOR if by_tutor else rng.choice(order), key, {"to": target, "body": body}))
    acts.append(Act(acts[-1].at + 1200, "remove_post", TUTOR, acts[-1].key, {"reason": "重复发言"}))
    return acts


def _outcomes(rng: random.Random) -> list[Act]:
    """95 submitted (one returned and submitted again, some accepted), one withdrawn, three left as drafts, one nothing."""
    order = rng.sample(range(100), 100)
    copied, copier = order[50], order[51]  # two pieces alike: what the check for similarity is for
    acts: list[Act] = []
    for place, who in enumerate(order[:99]):
        at = _in(rng, "2017-07-03", "2017-07-15")
        data = outcome(copied if who == copier else who)
        acts.append(Act(at, "outcome_draft", who, f"o{who}", data))
        if place <= SUBMITTED:
            acts.append(Act(at + rng.randrange(600, 5_000), "outcome_submit", who, f"o{who}"))
        if 1 <= place <= 30:
            acts.append(
                Act(
                    _in(rng, "2017-07-18", "2017-07-20"), "outcome_accept", TUTOR, f"o{who}", {"score": 70 + place % 26}
                )
            )
    again, gone = order[0], order[SUBMITTED]
    acts += [
        Act(_epoch(f"2017-07-17T10:00:00{ZONE}"), "outcome_return", TUTOR, f"o{again}", {"reason": "请补充实施效果。"}),
        Act(
            _epoch(f"2017-07-18T20:30:00{ZONE}"),
            "outcome_resubmit",
            again,
            f"o{again}",
            {"body": longer(again)},
        ),
        Act(_epoch(f"2017-07-18T09:10:00{ZONE}"), "outcome_withdraw", gone, f"o{gone}"),
    ]
    return acts + _comments(rng, order)


def _comments(rng: random.Random, order: Sequence[int]) -> list[Act]:
    """46 authors hear from others, some more than once; others speak only to themselves; one comment is taken down."""
    first, last = "2017-07-17", "2017-07-20"
    commented, rest = order[1 : COMMENTED + 1], order[COMMENTED + 1 : SUBMITTED]
    pairs = [(author, rng.choice([who for who in order if who != author])) for author in commented]
    pairs += [(author, TUTOR) for author in rng.sample(commented, 12)]
    pairs += [(author, rng.choice([who for who in order if who != author])) for author in rng.choices(commented, k=19)]
    acts = [
        Act(
            _in(rng, first, last), "comment", who, f"c{i}", {"outcome": f"o{author}", "body": _words(rng, "comment", 1)}
        )
        for i, (author, who) in enumerate(pairs)
    ]
    own = texts()["sentences"]["self_comment"]
    acts += [Act(_in(rng, first, last), "comment", who, "", {"outcome": f"o{who}", "body": own}) for who in rest[:6]]
    rude = Act(
        _epoch(f"2017-07-18T21:00:00{ZONE}"),
        "comment",
        order[5],
        "c-rude",
        {"outcome": f"o{rest[7]}", "body": "抄的吧"},
    )
    return [*acts, rude, Act(rude.at + 3000, "remove_comment", TUTOR, rude.key, {"reason": "用语不当"})]


def exam_scores(rng: random.Random) -> list[int]:
    """The best score of each of the 90 who sat, in tens, summing to SCORE_SUM."""
    scores = [rng.choice([60, 60, 70, 70, 80, 80, 90]) for _ in range(SAT)]
    while (off := SCORE_SUM - sum(scores)) != 0:
        i = rng.randrange(SAT)
        step = 10 if off > 0 else -10
        if 40 <= scores[i] + step <= 100:
            scores[i] += step
    return scores


def _exam(rng: random.Random) -> list[Act]:
    """90 hand in, 14 of them twice (the better one counts); two start and never hand in; eight never come."""
    order = rng.sample(range(100), 100)
    acts: list[Act] = []
    for place, (who, score) in enumerate(zip(order, exam_scores(rng), strict=False)):
        first = score if place >= 14 or place % 2 else max(20, score - 10 * rng.randrange(1, 4))
        acts.append(Act(_in(rng, "2017-07-15", "2017-07-17"), "sit_exam", who, "", {"score": first, "hand_in": True}))
        if place < 14:
            second = score if first != score else max(20, score - 20)
            acts.append(
                Act(_in(rng, "2017-07-18", "2017-07-20"), "sit_exam", who, "", {"score": second, "hand_in": True})
            )
    return acts + [
        Act(_in(rng, "2017-07-15", "2017-07-19"), "sit_exam", who, "", {"score": 30, "hand_in": False})
        for who in order[SAT : SAT + 2]
    ]


def _notices(rng: random.Random) -> list[Act]:
    acts = [
        Act(_epoch(row["at"]), "announce", TUTOR, f"a{i}", {"title": row["title"], "then": "publish"})
        for i, row in enumerate(texts()["announcement"])
    ]
    return [
        *acts,
        Act(
            _epoch(f"2017-06-16T09:00:00{ZONE}"),
            "announce",
            TUTOR,
            "wrong",
            {"title": "研讨时间更正", "then": "withdraw"},
        ),
        Act(
            _in(rng, "2017-07-20", "2017-07-20"),
            "announce",
            TUTOR,
            "draft",
            {"title": "结业座谈（草稿）", "then": "draft"},
        ),
    ]


def agenda() -> list[Act]:
    """All acts of the six weeks, in order of time."""
    rng = random.Random(SEED)  # noqa: S311  (a play)
    rounds: Sequence[Mapping[str, Any]] = texts()["round"]
    parts: list[Callable[[random.Random], list[Act]]] = [_registrations, _outcomes, _exam, _notices]
    acts = [act for part in parts for act in part(rng)]
    for number, plan in enumerate(rounds, start=1):
        acts += _round(rng, number, plan, REPLIES * number // 2 - REPLIES * (number - 1) // 2)
    acts += [
        Act(_in(rng, "2017-07-08", "2017-07-19"), "thought", who, "", {"body": _words(rng, "thought", 4) * 4})
        for who in rng.sample(range(100), 92)
    ]
    return sorted(acts, key=lambda act: act.at)
