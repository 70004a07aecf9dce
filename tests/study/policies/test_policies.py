"""Presets, and the policy a class follows."""

from collections.abc import Callable
from datetime import datetime

import pytest

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SYSTEM
from yanxiu.study.models import ClassPolicy
from yanxiu.study.policies.actions import set_class_policy
from yanxiu.study.policies.queries import policies, policy, policy_of_class


def test_the_presets_say_what_the_documents_say() -> None:
    old, new = policy("enaea-2017@1"), policy("standard@1")
    assert set(policies()) == {"enaea-2017@1", "standard@1"}
    assert (old.max_rate, old.cadence_ms, old.challenges, old.first_view_seek) == (1.0, 30_000, False, False)
    assert (new.max_rate, new.cadence_ms, new.challenges, new.challenge_every_ms) == (
        1.5,
        15_000,
        True,
        (480_000, 1_200_000),
    )
    for each in (old, new):
        assert (each.contact_grace_ms, each.late_ms, each.complete_ratio) == (20 * 60_000, 72 * 3_600_000, 0.98)
        assert (each.replay_tops_up, each.daily_cap_ms, each.night) == (True, None, None)


@pytest.mark.django_db
def test_a_policy_counts_from_now_on_and_never_backwards(at: Callable[[str], None]) -> None:
    at("2017-06-10T08:00:00+08:00")
    before = clock.now()
    at("2017-06-11T08:00:00+08:00")
    set_class_policy(SYSTEM, class_id=1, policy_id="enaea-2017@1")
    assert policy_of_class(1).id == "enaea-2017@1"
    assert (policy_of_class(1, before).id, policy_of_class(2).id) == ("standard@1", "standard@1")
    at("2017-06-12T08:00:00+08:00")
    set_class_policy(SYSTEM, class_id=1, policy_id="standard@1")
    assert policy_of_class(1, datetime.fromisoformat("2017-06-12T07:59:59+08:00")).id == "enaea-2017@1"
    changes = AuditEntry.objects.filter(action="set_class_policy", class_id=1).order_by("position")
    assert [(c.details["before"], c.details["policy"]) for c in changes] == [
        ("standard@1", "enaea-2017@1"),
        ("enaea-2017@1", "standard@1"),
    ]


@pytest.mark.django_db
def test_an_unknown_policy_is_refused_and_nothing_written() -> None:
    with pytest.raises(Refused) as refusal:
        set_class_policy(SYSTEM, class_id=1, policy_id="standard@9")
    assert (refusal.value.code, refusal.value.field) == ("unknown_policy", "policy_id")
    assert (ClassPolicy.objects.count(), AuditEntry.objects.count()) == (0, 0)
