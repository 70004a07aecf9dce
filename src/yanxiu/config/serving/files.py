"""Collected static files, sent from the event loop: compressed where the browser takes it, kept for ever under hashed names."""

from collections.abc import MutableMapping

from django.conf import settings
from servestatic import ServeStaticASGI

from yanxiu.faces.frame.middleware import fixed_headers
from yanxiu.faces.intake.endpoint import Receive, Scope, Send

__all__ = ["StaticFiles"]


class StaticFiles:
    """What was collected when the process began; any other address is `otherwise`'s."""

    def __init__(self, otherwise: object) -> None:
        self._serve = ServeStaticASGI(
            otherwise, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=_add_headers
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(scope, receive, send)


def _add_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    for name, value in fixed_headers(secure=settings.SECURE).items():
        headers[name] = value
