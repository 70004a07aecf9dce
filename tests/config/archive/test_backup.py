"""Backups: media in them, beats arriving meanwhile, killed half-way, no room; and what a restore refuses."""

import hashlib
import io
import json
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pysqlite3
import pytest
from factories.beats import NOW, beat, session

from yanxiu.config.archive.contents import MANIFEST
from yanxiu.config.archive.writing import NoRoom, write_backup
from yanxiu.config.commands.operate import backup, restore
from yanxiu.engines.sqlite.ledger import SqliteLedger

Run = Callable[..., int]


def _kept(folder: Path, kind: str, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = folder / kind / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A data directory as small as one may be."""
    folder = tmp_path / "site"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "master").write_bytes(b"k" * 32)
    database = pysqlite3.connect(folder / "yanxiu.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE class (id INTEGER PRIMARY KEY)")
    database.close()
    SqliteLedger(folder / "ledger.sqlite3").close()
    _kept(folder, "media", b"a lesson's video " * 100_000)
    _kept(folder, "attachments", b"%PDF-")
    (folder / "media" / ".new-half").write_bytes(b"an upload under way")
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def run_(command: object, file: Path, folder: Path, **more: object) -> int:
        monkeypatch.setenv("YANXIU_DATA_DIR", str(folder))
        return command.run(Namespace(file=file, **more))  # type: ignore[attr-defined,no-any-return]  # a command module

    return run_


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_media_come_back_and_the_file_lists_size_and_digest_of_each(site: Path, tmp_path: Path, run: Run) -> None:
    file, again = tmp_path / "b.tar", tmp_path / "again"
    assert run(backup, file, site, media=True) == 0
    with tarfile.open(file) as tar:
        *members, last = tar.getnames()
        listed = json.loads(tar.extractfile(MANIFEST).read())["files"]  # type: ignore[union-attr]  # a regular file
    assert last == MANIFEST
    assert sorted(listed) == sorted(members)
    assert {hashlib.sha256((site / name).read_bytes()).hexdigest() for name in listed if name.startswith("media/")} == {
        member["sha256"] for name, member in listed.items() if name.startswith("media/")
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert run(restore, file, again) == 0
    beside = {name for name in _names(site) if name.endswith(("-wal", "-shm", "-half"))}
    assert _names(again) == _names(site) - beside
    assert (again / "keys" / "master").read_bytes() == b"k" * 32
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_media_the_restore_says_so(
    site: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(backup, tmp_path / "b.tar", site, media=False) == 0
    assert run(restore, tmp_path / "b.tar", tmp_path / "again") == 0
    assert "不含媒体文件" in capsys.readouterr().out
    assert not (tmp_path / "again" / "media").exists()
    assert (tmp_path / "again" / "attachments").is_dir()


def test_beats_arrive_while_it_is_written_and_none_answered_before_is_missing(
    site: Path, tmp_path: Path, run: Run
) -> None:
    ledger, facts = SqliteLedger(site / "ledger.sqlite3"), session()[0]
    answered, enough = [ledger.append(facts, [beat(0)], NOW).durable_seq], threading.Event()

    def play() -> None:
        while not enough.is_set():
            answered.append(ledger.append(facts, [beat(answered[-1] + 1)], NOW).durable_seq)

    player = threading.Thread(target=play)
    player.start()
    try:
        for number in range(2):
            before = answered[-1]
            assert run(backup, tmp_path / f"{number}.tar", site, media=True) == 0
            assert run(restore, tmp_path / f"{number}.tar", tmp_path / f"again{number}") == 0
            copy = SqliteLedger(tmp_path / f"again{number}" / "ledger.sqlite3")
            assert list(copy.broken_links()) == []
            assert copy.append(facts, [], NOW).durable_seq >= before
            copy.close()
    finally:
        enough.set()
        player.join()
        ledger.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from yanxiu.config.archive.writing import write_backup
left = [int(sys.argv[3])]
def told(whole, read):
    left[0] -= read
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
write_backup(Path(sys.argv[1]), Path(sys.argv[2]), media=True, progress=told)
"""


@pytest.mark.parametrize("after", [0, 40_000, 1_000_000])
def test_one_killed_leaves_nothing_that_is_taken_for_whole_and_the_next_clears_it_away(
    site: Path, tmp_path: Path, run: Run, after: int
) -> None:
    to = tmp_path / "to"
    to.mkdir()
    command = [sys.executable, "-c", KILLED, str(site), str(to / "b.tar"), str(after)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    (half,) = to.iterdir()
    assert half.name.startswith(".yanxiu-backup-")
    for torn in half.glob("*.tar"):
        assert run(restore, torn, tmp_path / "again") == 2
    assert run(backup, to / "b.tar", site, media=True) == 0
    assert [path.name for path in to.iterdir()] == ["b.tar"]


def test_a_disk_that_fills_up_leaves_nothing(site: Path, tmp_path: Path) -> None:
    program = f"""
import resource, sys
from argparse import Namespace
from pathlib import Path
from yanxiu.config.commands.operate import backup
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, {resource.RLIM_INFINITY}))
sys.exit(backup.run(Namespace(file=Path(sys.argv[1]), media=True)))
"""
    to = tmp_path / "to"
    to.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program, str(to / "b.tar")], env={"YANXIU_DATA_DIR": str(site), "PATH": ""},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, "没有完成" in done.stderr) == (2, True), done.stderr
    assert list(to.iterdir()) == []


def test_too_little_room_is_said_before_anything_is_written(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Namespace(free=1_000_000))
    with pytest.raises(NoRoom, match="磁盘空间不足"):
        write_backup(site, tmp_path / "b.tar", media=True, progress=lambda _whole, _read: None)
    assert write_backup(site, tmp_path / "b.tar", media=False, progress=lambda _whole, _read: None).media is False


def test_a_file_cut_off_at_any_point_is_refused(site: Path, tmp_path: Path, run: Run) -> None:
    run(backup, tmp_path / "b.tar", site, media=False)
    whole = (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "b.tar") as tar:
        ends = [member.offset for member in tar.getmembers()]
    for at in (0, 100, *ends, ends[-1] + 700):
        (tmp_path / "cut.tar").write_bytes(whole[:at])
        assert run(restore, tmp_path / "cut.tar", tmp_path / "again") == 2
        assert not (tmp_path / "again").exists()


def test_rot_in_a_kept_file_is_named_even_where_it_was_there_before_the_backup(
    site: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    video = next(path for path in (site / "media").glob("*/*"))
    video.write_bytes(b"x" + video.read_bytes()[1:])
    run(backup, tmp_path / "b.tar", site, media=True)
    assert run(restore, tmp_path / "b.tar", tmp_path / "again") == 1
    assert video.name in capsys.readouterr().err


def test_what_the_manifest_does_not_promise_is_not_restored(site: Path, tmp_path: Path, run: Run) -> None:
    run(backup, tmp_path / "b.tar", site, media=False)
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        info = tarfile.TarInfo("keys/planted")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"key!"))
    assert run(restore, tmp_path / "b.tar", tmp_path / "again") == 1
    assert not (tmp_path / "again").exists()


def test_a_link_in_a_strangers_archive_leads_nowhere(site: Path, tmp_path: Path, run: Run) -> None:
    run(backup, tmp_path / "b.tar", site, media=False)
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        link = tarfile.TarInfo("attachments")
        link.type, link.linkname = tarfile.SYMTYPE, "keys"
        tar.addfile(link)
    assert run(restore, tmp_path / "b.tar", tmp_path / "again") == 2
    assert not (tmp_path / "again").exists()
