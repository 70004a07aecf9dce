"""The language of notices: the installation's, whatever the interface of the one who caused them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

__all__ = ["in_our_language"]

P = ParamSpec("P")
R = TypeVar("R")


def in_our_language(tell: Callable[P, R]) -> Callable[P, R]:
    """For functions that word notices: a class manager with the English interface writes to learners in Chinese."""

    @wraps(tell)
    def told(*arguments: P.args, **named: P.kwargs) -> R:
        with translation.override(settings.LANGUAGE_CODE):
            return tell(*arguments, **named)

    return told
