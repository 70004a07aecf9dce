"""A letter by e-mail: the same words as plain text and as HTML, one button to the place it is about, and why it came.

Whatever a title or an address holds, nothing of it becomes a header of its own.
"""

from dataclasses import dataclass
from email.header import Header

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

from yanxiu.core.text import clean_line

__all__ = ["Letter", "as_mail"]

_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Letter:
    """In one language, that of the moment. `greeting`: "" where nobody is named; `eyebrow`: what sort of letter this is; `why`: who
    gets it, and how to stop it.
    """

    to: str
    greeting: str
    title: str
    link: str
    button: str
    text: str = ""
    eyebrow: str = ""
    why: tuple[str, ...] = ()
    choices: str = ""  # where it can be switched off
    choices_words: str = ""


def _plain(letter: Letter) -> str:
    foot = [*letter.why, f"{letter.choices_words}: {letter.choices}" if letter.choices else ""]
    parts = [
        letter.greeting,
        letter.title,
        letter.text,
        letter.link,
        "-- \n" + "\n".join(part for part in foot if part),
    ]
    return "\n\n".join(part for part in parts if part.strip("- \n")) + "\n"


def _subject(title: str) -> str:
    """One line, not too long. Encoded here with its first line short enough: Django would leave that line empty, which some
    readers show as a space.
    """
    line = clean_line(title)
    line = line if len(line) <= _SUBJECT else line[: _SUBJECT - 1] + "…"
    return line if line.isascii() else Header(line, "utf-8", header_name="Subject").encode(linesep="")


def as_mail(letter: Letter, *, id_: str = "") -> EmailMultiAlternatives:
    """Ready to be sent. With `id_` its Message-ID is the same at every attempt."""
    mail = EmailMultiAlternatives(_subject(letter.title), _plain(letter), to=[letter.to])
    language = "en" if (get_language() or "").startswith("en") else "zh-CN"
    mail.attach_alternative(render_to_string("kit/letter.html", {"letter": letter, "language": language}), "text/html")
    mail.extra_headers["Auto-Submitted"] = "auto-generated"  # so that an out-of-office note does not answer it
    if id_:
        mail.extra_headers["Message-ID"] = f"<{id_}@{mail.from_email.rpartition('@')[2].rstrip('>')}>"
    return mail
