"""把两个数据库、密钥和全部文件备份成一个文件，网站照常运行。"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yanxiu.config.archive.writing import Progress

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One file."""
    parser.add_argument("file", type=Path, help="备份文件（.tar）；已存在则拒绝")
    parser.add_argument(
        "--media", action=argparse.BooleanOptionalAction, default=True,
        help="连同课程的视频、文档等媒体文件（缺省）；--no-media 不含，另行复制 media/ 目录",
    )  # fmt: skip


@contextmanager
def _bar() -> "Iterator[Progress]":
    """On a terminal a bar; in a log nothing."""
    from rich.console import Console  # slow import
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # slow import

    columns = (TextColumn("备份"), BarColumn(), DownloadColumn(binary_units=True), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("")
        yield lambda whole, read: shown.update(task, total=whole, advance=read)


def run(args: argparse.Namespace) -> int:
    """Half a backup never bears the name of a whole one, whatever stops it."""
    from yanxiu.config import options  # thin entry point
    from yanxiu.config.archive.contents import DATABASES  # slow import
    from yanxiu.config.archive.writing import NoRoom, write_backup  # slow import

    folder = Path(options.option("data_dir")).absolute()
    missing = [name for name in DATABASES if not (folder / name).is_file()]
    if missing:
        print(f"{folder} 不是完整的数据目录，缺少 {'、'.join(missing)}。", file=sys.stderr)
        return 2
    if args.file.exists():
        print(f"{args.file} 已存在，不覆盖；请换一个文件名。", file=sys.stderr)
        return 2
    try:
        with _bar() as progress:
            made = write_backup(folder, args.file, media=args.media, progress=progress)
    except NoRoom as problem:
        print(f"{problem}没有备份。", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"备份没有完成，没有留下文件：{problem.strerror or problem}。", file=sys.stderr)
        return 2
    size = sum(member.size for member in made.files.values())
    media = "" if args.media else "，不含媒体文件"
    print(
        f"已备份到 {args.file}：{len(made.files)} 个文件，{size / 1048576:.1f} MB{media}。其中有密钥和个人信息，请妥善保管。"
    )
    return 0
