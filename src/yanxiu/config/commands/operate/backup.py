"""备份：网站照常运行，两个数据库和密钥收进一个文件。"""

import argparse
import hashlib
import json
import os
import sys
import tarfile
import tempfile
from pathlib import Path

__all__ = ["DATABASES", "add_arguments", "digest_of", "run"]

DATABASES = ("yanxiu.sqlite3", "ledger.sqlite3")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file."""
    parser.add_argument("file", type=Path, help="备份文件（.tar）；已存在则拒绝")


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent state, writers are not stopped."""
    import pysqlite3  # slow import

    original = pysqlite3.connect(f"file:{source}?mode=ro", uri=True)
    copy = pysqlite3.connect(str(target))
    try:
        original.backup(copy)
    finally:
        copy.close()
        original.close()


def _attachments(folder: Path) -> list[Path]:
    """Files beside pieces of writing, copied after the database that names them; one half-written has a dot before its name."""
    return [path for path in sorted((folder / "attachments").glob("*/*")) if not path.name.startswith(".")]


def run(args: argparse.Namespace) -> int:
    """The ledger is copied after the Django database: it may then hold more beats than were digested, never fewer."""
    from yanxiu.config import options  # thin entry point

    folder = Path(options.option("data_dir")).absolute()
    missing = [name for name in DATABASES if not (folder / name).is_file()]
    if missing:
        print(f"{folder} 不是完整的数据目录，缺少 {'、'.join(missing)}。", file=sys.stderr)
        return 2
    if args.file.exists():
        print(f"{args.file} 已存在，不覆盖；请换一个文件名。", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(dir=args.file.absolute().parent) as scratch:
        here = Path(scratch)
        for name in DATABASES:
            _copy(folder / name, here / name)
        keys = [key for key in sorted((folder / "keys").iterdir()) if key.is_file()]
        files = {name: here / name for name in DATABASES} | {f"keys/{key.name}": key for key in keys}
        files |= {str(path.relative_to(folder)): path for path in _attachments(folder)}
        manifest = here / "manifest.json"
        manifest.write_text(json.dumps({name: digest_of(path) for name, path in files.items()}, indent=2))
        whole = here / "backup.tar"
        with tarfile.open(whole, "w") as tar:
            for name, path in {**files, "manifest.json": manifest}.items():
                tar.add(path, arcname=name)
        whole.chmod(0o600)
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        whole.rename(args.file)
    print(f"已备份到 {args.file}（含密钥，请妥善保管）。")
    return 0
