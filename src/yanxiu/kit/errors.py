"""What an action says when it will not do a thing."""

from dataclasses import dataclass

__all__ = ["NotVisible", "Refused"]


@dataclass(eq=False)
class Refused(Exception):
    """A refusal the person can act on.

    `code` is a stable identifier for tests and logs; `message` is Chinese (a gettext source text), says what is wrong and
    what to do; `field` and `row` place it in a form or a file (row 1 is the header line). Nothing was written.
    """

    code: str
    message: str
    field: str = ""
    row: int | None = None

    def __str__(self) -> str:
        place = f"第 {self.row} 行：" if self.row is not None else ""
        return f"{place}{self.message}"


class NotVisible(Exception):
    """The thing does not exist for this viewer; faces answer 404, never 403, so that nothing is revealed."""
