"""Which engine stands behind which port. The only importer of `engines`; needs no Django."""

from functools import partial

from yanxiu.config import options
from yanxiu.engines.sqlite.file import check_version
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study import ports

__all__ = ["plug_engines"]


def plug_engines() -> None:
    """Plug the ledger of this installation's data directory. Idempotent; opens nothing until the ledger is used.

    Raises NotStored, in Chinese, where this machine's SQLite is not safe: then nothing of Yanxiu may run.
    """
    check_version()
    path = options.data_dir() / "ledger.sqlite3"
    ports.plug(partial(SqliteLedger, path), name=str(path))
