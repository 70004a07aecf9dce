"""Looking for somebody as the forms do: posted, and on to an address without the name."""

from typing import Any
from urllib.parse import unquote_plus, urlsplit

from django.test import Client

__all__ = ["look_for"]


def look_for(client: Client, address: str, name: str, **more: str) -> Any:
    """The list, once the form above it has been sent."""
    sent = client.post("/search", {"to": address, "q": name, **more})
    assert sent.status_code == 302
    found = urlsplit(sent["Location"])
    assert not name or name not in unquote_plus(sent["Location"])
    return client.get(f"{found.path}?{found.query}")
