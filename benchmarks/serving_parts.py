"""The other side of benchmarks/serving.py: our process with Django's own ASGI handler for the pages."""

from django.core.handlers.asgi import ASGIHandler

import yanxiu.config.asgi as ours

application = ours.application
ours._pages.close()
handler = ASGIHandler()
handler.close = lambda: None  # type: ignore[attr-defined]  # the lifespan closes lanes
ours._pages = handler  # type: ignore[assignment]  # on purpose another
