"""Whose page is posting. Beats carry a token, not a cookie; this keeps other sites' scripts out all the same."""

from urllib.parse import urlsplit

__all__ = ["is_foreign"]

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_foreign(origin: str | None, host: str | None, own: str) -> bool:
    """Does this Origin header name another site? Programs that are no browsers send none.

    `own` is the configured origin. On the loopback any name and port of the machine itself will do, as long as the page
    came from the very address it posts to.
    """
    if origin is None or origin == own:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return True
    return not (parts.hostname in _LOOPBACK and parts.netloc == host)
