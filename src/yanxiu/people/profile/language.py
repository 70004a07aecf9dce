"""The language somebody has chosen for the pages: what is sent to them is in it too."""

from collections.abc import Iterable

from django.conf import settings

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer

__all__ = ["languages_of", "remember_language"]


def remember_language(actor: Viewer, language: str) -> None:
    """The last choice holds; anything that is not offered changes nothing."""
    if actor.is_signed_in and language in dict(settings.LANGUAGES):
        Account.objects.filter(pk=actor.account_id or 0).exclude(language=language).update(language=language)


def languages_of(person_ids: Iterable[int]) -> dict[int, str]:
    """By person id; nobody is in it who has never chosen."""
    chosen = Account.objects.filter(person_id__in=set(person_ids)).exclude(language="")
    return dict(chosen.values_list("person_id", "language"))
