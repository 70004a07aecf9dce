"""从备份恢复出一个数据目录；从不覆盖已有的。"""

import argparse
import json
import os
import sys
import tarfile
import tempfile
from pathlib import Path

from yanxiu.config.commands.operate.backup import DATABASES, digest_of

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file, and --data-dir for where to."""
    parser.add_argument("file", type=Path, help="yanxiu backup 写出的文件")


def _problems(folder: Path) -> list[str]:
    """Everything the manifest promises is there, unchanged, and both databases are sound."""
    import pysqlite3  # slow import

    promised = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = [
        name for name, digest in promised.items() if not (folder / name).is_file() or digest_of(folder / name) != digest
    ]
    found += [name for name in DATABASES if name not in promised]
    for name in set(DATABASES) - set(found):
        connection = pysqlite3.connect(f"file:{folder / name}?mode=ro", uri=True)
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            found.append(name)
        connection.close()
    return found


def run(args: argparse.Namespace) -> int:
    """Unpacked beside the target, checked, then renamed: half a restore is never taken for a whole one."""
    from yanxiu.config import options  # thin entry point

    folder = Path(options.option("data_dir")).absolute()
    if folder.exists():
        print(f"{folder} 已存在，不覆盖；请指定一个还不存在的目录。", file=sys.stderr)
        return 2
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        here = Path(scratch) / "data"
        here.mkdir(mode=0o700)
        try:
            with tarfile.open(args.file) as tar:
                tar.extractall(here, filter="data")
            broken = _problems(here)
        except (tarfile.TarError, KeyError, ValueError) as problem:
            print(f"{args.file} 不是完整的备份：{problem}", file=sys.stderr)
            return 2
        if broken:
            print(f"备份已损坏，没有恢复：{'、'.join(broken)}", file=sys.stderr)
            return 1
        (here / "manifest.json").unlink()
        (here / "keys").chmod(0o700)
        os.sync()
        here.rename(folder)
    print(f"已恢复到 {folder}。")
    return 0
