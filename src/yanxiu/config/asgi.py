"""The one web process: /api/beats goes to the intake, static files from the event loop, everything else to Django's pages."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Awaitable

import django

from yanxiu.config import options
from yanxiu.config.running.lifeline import end_with_parent
from yanxiu.config.wiring import plug_engines
from yanxiu.faces.intake.endpoint import BeatsEndpoint, Receive, Scope, Send
from yanxiu.study import ports

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanxiu.config.settings")
django.setup(set_prefix=False)
plug_engines()

from yanxiu.config.serving.files import StaticFiles  # noqa: E402  (these need Django set up)
from yanxiu.config.serving.pages import Pages  # noqa: E402  (as above)
from yanxiu.config.urls import ROUTES  # noqa: E402  (as above)

# The event loop is busy whenever it matters; at the default of 5 ms the ledger's writer would wait that long each time it
# comes back from the disk.
SWITCH_SECONDS = 0.0005

log = logging.getLogger(__name__)
_pages = Pages(ROUTES)
_static = StaticFiles(_pages)
_beats = BeatsEndpoint(ports.ledger, options.secret("beats"), options.option("origin"), ports.credited_view)


def application(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
    """ASGI. No coroutine of its own: it hands on those of others."""
    if scope["type"] == "lifespan":
        return _live(receive, send)
    if scope["path"] == "/api/beats" and scope["type"] == "http":
        return _beats(scope, receive, send)
    if scope["path"].startswith("/static/") and scope["type"] == "http":
        return _static(scope, receive, send)
    return _pages(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Opens the ledger before the first request and closes it after the last.

    A ledger that cannot be opened does not keep the pages away: beats are answered with 503 until it can.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            end_with_parent()
            plug_engines()
            try:
                ports.ledger()
            except ports.NotStored:
                log.exception("the ledger cannot be opened; beats are answered with 503 until it can")
            sys.setswitchinterval(SWITCH_SECONDS)
            gc.collect()
            gc.freeze()  # what is loaded by now stays: no collection need look at it again
            gc.set_threshold(20_000, 20, 50)
            await send({"type": "lifespan.startup.complete"})
        else:
            await asyncio.to_thread(_pages.close)
            ports.unplug()
            await send({"type": "lifespan.shutdown.complete"})
            return
