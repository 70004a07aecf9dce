"""What stands behind which port. The only importer of `engines`; needs no Django until the digest asks for windows."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from yanxiu.config import options
from yanxiu.core.attendance.facts import AttendanceFact
from yanxiu.core.time import clock
from yanxiu.engines.mail.channel import MailChannel
from yanxiu.engines.sqlite.credited import SqliteCreditedView
from yanxiu.engines.sqlite.file import check_version
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.engines.webhook.channel import WebhookChannel
from yanxiu.record.documents.fonts import use_font_dirs
from yanxiu.record.reports import signing
from yanxiu.study import ports
from yanxiu.study.digest.ports import EnrolmentWindow, plug_correctors, plug_windows
from yanxiu.training.notices.ports import Channel, plug_channels
from yanxiu.training.participation.attendance.books.ports import plug_books

__all__ = ["plug_engines"]


def plug_engines() -> None:
    """Plug the ledger of this installation's data directory. Idempotent; opens nothing until the ledger is used.

    Raises NotStored, in Chinese, where this machine's SQLite is not safe: then nothing of Yanxiu may run.
    """
    check_version()
    path = options.data_dir() / "ledger.sqlite3"
    ports.plug(partial(SqliteLedger, path), name=str(path))
    view = options.data_dir() / "credited.sqlite3"
    ports.plug_view(SqliteCreditedView(view), name=str(view))
    plug_windows(_enrolment_windows)
    plug_correctors(_require_correctors)
    plug_books(_AttendanceBooks())
    signing.plug(partial(options.secret, "signing"))
    plug_channels(_channels())
    use_font_dirs([Path(folder) for folder in options.option("font_dirs").split(":") if folder])


def _channels() -> list[Channel]:
    """How notices leave the house: what the operator configured, and nothing else."""
    found: list[Channel] = []
    if options.option("email_url"):
        found.append(MailChannel())
    if address := options.option("webhook_url"):
        shape, key = options.option("webhook_shape"), options.option("webhook_key")
        found.append(WebhookChannel(address, shape=shape, key=key))
    return found


def _enrolment_windows(class_id: int, persons: Sequence[int] | None) -> Sequence[EnrolmentWindow]:
    from yanxiu.training.classes.queries import counting_windows  # thin entry point

    return [
        EnrolmentWindow(
            window.enrolment_id,
            window.person_id,
            clock.to_ms(window.starts) if window.starts else None,
            clock.to_ms(window.ends) if window.ends else None,
        )
        for window in counting_windows(class_id, persons)
    ]


def _require_correctors(person_id: int, second: int, class_id: int) -> None:
    from yanxiu.training.classes.rules import require_two_staff  # thin entry point

    require_two_staff(person_id, second, class_id)


class _AttendanceBooks:
    """Confirmed sheets go into the ledger of study."""

    def enter(self, actor_id: int, facts: Sequence[AttendanceFact], *, key: str) -> list[int]:
        from yanxiu.study.digest.attending import enter_attendance  # thin entry point

        return enter_attendance(actor_id, facts, key=key)

    def correct(self, fact: AttendanceFact, *, reverses: int, proposed_by: int, second: int, key: str) -> int:
        from yanxiu.study.digest.attending import correct_attendance  # thin entry point

        return correct_attendance(fact, reverses=reverses, proposed_by=proposed_by, second=second, key=key)
