"""The notice, its answers, and that every version asks anew."""

from typing import Any

import pytest

from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account, NoticeAnswer
from yanxiu.people.privacy import texts
from yanxiu.people.privacy.consent import answer_notice, answers_of
from yanxiu.people.queries import viewer_of_person


def test_the_notice_speaks_of_purposes_study_time_and_retention_in_both_languages() -> None:
    sections = texts.current_notice().sections
    for end, words in (("zh", ("用来", "学时", "保存")), ("en", ("serve", "study", "kept"))):
        whole = " ".join(section[f"title_{end}"] + section[f"text_{end}"] for section in sections)
        assert all(word in whole for word in words)
    assert all(set(section) == {"title_zh", "title_en", "text_zh", "text_en"} for section in sections)


def test_files_are_numbered_as_the_versions_in_them() -> None:
    import tomllib

    for path in texts.FOLDER.glob("*.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))["version"] == int(path.stem)


def test_the_answer_is_kept_with_version_digest_and_time(place: Any, at: Any) -> None:
    at("2017-06-10T08:00:00+08:00")
    viewer, notice = viewer_of_person(place.person), texts.current_notice()
    answer_notice(viewer, version=notice.version, agreed=True)
    answer_notice(viewer, version=notice.version, agreed=False)
    kept = NoticeAnswer.objects.order_by("pk").values_list("version", "digest", "agreed", "at")
    assert [(version, digest, agreed, at.isoformat()) for version, digest, agreed, at in kept] == [
        (notice.version, notice.digest, True, "2017-06-10T00:00:00+00:00"),
        (notice.version, notice.digest, False, "2017-06-10T00:00:00+00:00"),
    ]
    assert Account.objects.get(person=place.person).notice_version == 0
    assert [entry.to_state for entry in AuditEntry.objects.filter(action="answer_notice")] == ["agreed", "declined"]
    assert answers_of(viewer)[0].agreed is False


def test_a_version_that_is_not_in_force_cannot_be_agreed_to(place: Any) -> None:
    for version in (0, 2, 999):
        with pytest.raises(Refused):
            answer_notice(viewer_of_person(place.person), version=version, agreed=True)
