"""Writes that fail in the operating system, not in SQLite's own accounting: the file may grow no further."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import resource, sys
from pathlib import Path
from factories.beats import NOW, beat, session
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study.ports import NotStored

ledger = SqliteLedger(Path(sys.argv[1]))
facts, _ = session()
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))
stored = -1
try:
    while True:
        stored = ledger.append(facts, [beat(stored + 1)], NOW).durable_seq
except NotStored:
    pass
before = ledger.head()
for _ in range(3):
    try:
        ledger.append(facts, [beat(seq) for seq in range(stored + 1, stored + 500)], NOW)
    except NotStored:
        continue
    raise SystemExit("acknowledged what does not fit")
assert ledger.head() == before
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
assert ledger.append(facts, [beat(stored + 1), beat(stored + 2)], NOW).durable_seq == stored + 2
assert not list(ledger.broken_links())
ledger.close()
again = SqliteLedger(Path(sys.argv[1]))
assert again.append(facts, [], NOW).durable_seq == stored + 2
assert not list(again.broken_links())
again.close()
print("stored", stored)
"""


def test_a_disk_that_takes_no_more_loses_nothing_and_recovers(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": f"{Path(__file__).parents[2]}:src"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "ledger.sqlite3")],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout.split()[1]) > 10
