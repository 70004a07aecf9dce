"""The one port through which notices leave the house: e-mail, SMS, 企业微信 are adapters plugged in by config.wiring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Channel", "Message", "NotDelivered", "channels", "plug_channels"]


@dataclass(frozen=True, slots=True)
class Message:
    """In the receiver's language. `id` is the same at every attempt, so that a gateway can drop a repetition; `link` is an
    absolute address or ""; `kind` says what sort of notice it is, `where` in which class.
    """

    id: str
    name: str
    phone: str
    email: str
    title: str
    text: str
    link: str
    language: str
    kind: str
    where: str
    is_quiet: bool


class NotDelivered(Exception):
    """`again`: True = certainly not sent, try later; False = certainly not sent, and never will be; None = nobody knows."""

    def __init__(self, why: str, *, again: bool | None) -> None:
        super().__init__(why)
        self.why = why
        self.again = again


class Channel(Protocol):
    """`name` is stored with each delivery ("email", "webhook"); `reaches` says whether there is an address to send to."""

    name: str

    def reaches(self, message: Message) -> bool: ...

    def send(self, message: Message) -> None:
        """Returns once the gateway has taken it over; raises NotDelivered."""


_plugged: list[Channel] = []


def plug_channels(found: Sequence[Channel]) -> None:
    """Replace the channels of this process."""
    _plugged[:] = found


def channels() -> tuple[Channel, ...]:
    """The channels of this installation; none where the operator configured none."""
    return tuple(_plugged)
