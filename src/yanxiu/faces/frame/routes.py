"""A route declares who may use it; there is no other way to add an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

__all__ = ["PASSWORDS", "WHOLE", "Route", "to_patterns"]

PASSWORDS = (("POST", "passwords"),)  # one is hashed
WHOLE = (("GET", "whole"), ("POST", "whole"))  # a whole class is read


@dataclass(frozen=True)
class Route:
    """One address.

    `audience`: "public" (anybody), "signed_in", "learner" (of the class), "staff" (of the class or its region), "machine".
    `permission`: key of the rule the view asks ("training.classes.view" …), "" where the audience is all there is to check.
    `methods`: allowed methods; the frame refuses the others with 405 before the view runs.
    `lanes`: (method, lane) of what takes long by nature, so that it does not hold up other pages: PASSWORDS, WHOLE
    (config.serving).
    `fresh`: a POST does something grave, so whoever signed in longer ago says again who they are (frame.entering.fresh).
    `open_at`: unfinished steps of a sign-in (frame.entering.steps) at which the route is open all the same.
    """

    pattern: str
    view: Callable[..., HttpResponseBase]
    name: str
    audience: str
    permission: str = ""
    methods: tuple[str, ...] = ("GET",)
    open_at: tuple[str, ...] = ()
    lanes: tuple[tuple[str, str], ...] = ()
    fresh: bool = False


def _guarded(route: Route) -> Callable[..., HttpResponseBase]:
    from yanxiu.faces.frame.guard import guard  # thin entry point: the urlconf loads before the models

    return guard(route)


def to_patterns(faces: Mapping[str, Sequence[Route]]) -> list[URLPattern | URLResolver]:
    """URL patterns with one namespace a face, each view wrapped by the guard of its route."""
    return [
        path("", include(([path(r.pattern, _guarded(r), name=r.name) for r in routes], face)))
        for face, routes in faces.items()
    ]
