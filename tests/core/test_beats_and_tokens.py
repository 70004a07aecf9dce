"""The limits of a beat and the signature of a session."""

from dataclasses import replace

import pytest

from yanxiu.core import tokens
from yanxiu.core.beats import LATE_MS, Beat, MediaSpan, SessionFacts, check, clamped

OPENED = 1_498_093_200_000
FACTS = SessionFacts(
    "s", 1, 2, 3, 4, 5, "video", 600_000, "standard@1", 1.5, 15_000, "Asia/Shanghai", OPENED, OPENED + 10**8
)
KEY = b"k" * 32


def why(*spans: tuple[int, int, int, int], received: int = OPENED + 60_000, facts: SessionFacts = FACTS) -> str | None:
    return check(facts, Beat(0, tuple(MediaSpan(*span) for span in spans)), received)


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ((0, 15_000, 0, 15_000), None),
        ((0, 20_000, 0, 20_000), None),
        ((0, 20_001, 0, 20_001), "span_too_long"),
        ((0, 10_000, 0, 15_600), None),  # 1.5 x 10 s x 1.02 + 300 ms
        ((0, 10_000, 0, 15_601), "too_fast"),
        ((5, 5, 0, 0), "malformed"),
        ((-1, 5, 0, 0), "malformed"),
        ((0, 5, 9, 8), "malformed"),
        ((0, 5, -1, -1), "malformed"),
        ((0, True, 0, 0), "malformed"),
        ((47_000, 62_000, 0, 15_000), None),
        ((47_001, 62_001, 0, 15_000), "future"),
    ],
)
def test_a_span_within_the_limits_passes_and_beyond_is_named(span: tuple[int, int, int, int], code: str | None) -> None:
    assert why(span) == code


def test_spans_of_a_beat_are_in_order_and_apart() -> None:
    assert why((0, 10, 0, 10), (10, 20, 0, 10)) is None
    assert why((10, 20, 0, 10), (0, 10, 0, 10)) == "malformed"
    assert why((0, 10, 0, 10), (9, 20, 0, 10)) == "malformed"


def test_a_beat_is_taken_72_hours_late_and_no_later() -> None:
    assert why((0, 1000, 0, 1000), received=OPENED + 1000 + LATE_MS) is None
    assert why((0, 1000, 0, 1000), received=OPENED + 1001 + LATE_MS) == "too_late"


def test_a_reading_has_no_positions() -> None:
    reading = replace(FACTS, kind="reading")
    assert why((0, 1000, -1, -1), facts=reading) is None
    assert why((0, 1000, 0, 0), facts=reading) == "malformed"


def test_positions_stay_inside_the_lesson() -> None:
    assert clamped(MediaSpan(0, 9, 599_990, 600_005), FACTS) == MediaSpan(0, 9, 599_990, 600_000)
    assert clamped(MediaSpan(0, 9, 700_000, 700_005), FACTS) == MediaSpan(0, 9, 600_000, 600_000)


def test_a_token_gives_back_its_facts() -> None:
    assert tokens.read(tokens.mint(FACTS, KEY), KEY) == FACTS


@pytest.mark.parametrize("token", ["", ".", "a.b", "甲.乙", "x" * 5000 + ".y", "e30.e30"])
def test_what_is_not_a_token_is_refused(token: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read(token, KEY)


def test_an_altered_token_or_another_key_is_refused() -> None:
    token = tokens.mint(FACTS, KEY)
    forged = tokens.mint(replace(FACTS, person_id=9), b"x" * 32).partition(".")[0] + "." + token.partition(".")[2]
    for text, key in ((token, b"x" * 32), (forged, KEY), (token[:-2], KEY)):
        with pytest.raises(tokens.BadToken):
            tokens.read(text, key)
