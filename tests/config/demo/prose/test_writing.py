"""The play's people write each their own piece, the same every time."""

from yanxiu.config.demo.prose.writing import longer, outcome, practice


def test_a_hundred_learners_write_a_hundred_pieces_and_the_same_ones_every_time() -> None:
    pieces = [outcome(who) for who in range(100)]
    assert pieces == [outcome(who) for who in range(100)]
    assert len({piece["body"] for piece in pieces}) == 100
    assert [piece for piece in pieces if "{" in piece["body"]] == []


def test_what_is_handed_in_again_begins_with_what_was_there() -> None:
    assert longer(7).startswith(outcome(7)["body"])
    assert len(longer(7)) > len(outcome(7)["body"])


def test_posts_of_two_occasions_differ() -> None:
    assert practice(1, "2017-06-22") != practice(1, "2017-07-01")
