"""What stands behind which port. The only importer of `engines`; needs no Django until the digest asks for windows."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from yanxiu.config import options
from yanxiu.core.time import clock
from yanxiu.engines.sqlite.file import check_version
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.record.documents.fonts import use_font_dirs
from yanxiu.record.reports import signing
from yanxiu.study import ports
from yanxiu.study.digest.ports import EnrolmentWindow, plug_windows

__all__ = ["plug_engines"]


def plug_engines() -> None:
    """Plug the ledger of this installation's data directory. Idempotent; opens nothing until the ledger is used.

    Raises NotStored, in Chinese, where this machine's SQLite is not safe: then nothing of Yanxiu may run.
    """
    check_version()
    path = options.data_dir() / "ledger.sqlite3"
    ports.plug(partial(SqliteLedger, path), name=str(path))
    plug_windows(_enrolment_windows)
    signing.plug(partial(options.secret, "signing"))
    use_font_dirs([Path(folder) for folder in options.option("font_dirs").split(":") if folder])


def _enrolment_windows(class_id: int) -> Sequence[EnrolmentWindow]:
    from yanxiu.training.classes.queries import counting_windows  # thin entry point

    return [
        EnrolmentWindow(
            window.enrolment_id,
            window.person_id,
            clock.to_ms(window.starts) if window.starts else None,
            clock.to_ms(window.ends) if window.ends else None,
        )
        for window in counting_windows(class_id)
    ]
