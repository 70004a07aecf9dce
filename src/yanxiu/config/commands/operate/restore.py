"""从备份恢复出一个数据目录；从不覆盖已有的。"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file, and --data-dir for where to."""
    parser.add_argument("file", type=Path, help="yanxiu backup 写出的文件")


def run(args: argparse.Namespace) -> int:
    """Unpacked beside the target, checked, then renamed: half a restore is never taken for a whole one."""
    from yanxiu.config import options  # thin entry point
    from yanxiu.config.archive.reading import NotWhole, unpack  # slow import

    folder = Path(options.option("data_dir")).absolute()
    if folder.exists():
        print(f"{folder} 已存在，不覆盖；请指定一个还不存在的目录。", file=sys.stderr)
        return 2
    if not args.file.is_file():
        print(f"没有这个文件：{args.file}", file=sys.stderr)
        return 2
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".yanxiu-restore-") as scratch:
        here = Path(scratch) / "data"
        here.mkdir(mode=0o700)
        try:
            manifest, broken = unpack(args.file, here)
        except NotWhole as problem:
            print(f"{args.file} 不是完整的备份：{problem}", file=sys.stderr)
            return 2
        except OSError as problem:
            print(f"没有恢复：{problem.strerror or problem}。", file=sys.stderr)
            return 2
        if broken:
            print(f"备份已损坏，没有恢复：{'、'.join(broken)}", file=sys.stderr)
            return 1
        (here / "keys").chmod(0o700)
        os.sync()
        here.rename(folder)
    print(f"已恢复到 {folder}：{len(manifest.files)} 个文件，大小和摘要全部相符，两个数据库完好。")
    if not manifest.media:
        print(f"这份备份不含媒体文件：请把 media 目录复制到 {folder / 'media'}。")
    return 0
