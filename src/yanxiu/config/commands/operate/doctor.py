"""体检：这套系统装了什么、已确认的记录是否真的落盘。"""

import argparse
import json
import os
import platform
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["add_arguments", "examine", "run"]

PACKAGES = ("Django", "granian", "pysqlite3", "typst", "python-docx", "pypdf", "cryptography", "argon2-cffi")
JOURNALED = {"journal_mode": "wal", "synchronous": 2}  # 2 = FULL
AFFECTED = ((3, 7, 0), (3, 51, 2))  # WAL-reset corruption, docs/decisions/0002


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for programs."""
    parser.add_argument("--json", action="store_true", help="按 docs/schemas/doctor.json 输出 JSON")


def _sqlite_safe(version: tuple[int, ...]) -> bool:
    return not AFFECTED[0] <= version <= AFFECTED[1]


def _django_database() -> dict[str, Any]:
    """Settings read back from the very connection the product writes through."""
    from django.db import connection  # slow import

    with connection.cursor() as cursor:
        read = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size"):
            cursor.execute(f"PRAGMA {name}")
            read[name] = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check")
        read["quick_check"] = cursor.fetchone()[0]
    return read


def _ledger() -> dict[str, Any]:
    """The engine's own read-back, where it offers one, and the head of the chain."""
    from yanxiu.study.ports import ledger  # slow import

    store = ledger()
    position, chain = store.head()
    durability = getattr(store, "durability", None)
    return {"position": position, "chain": chain, **(durability() if durability else {})}


def _fonts() -> dict[str, Any]:
    from yanxiu.config import options  # thin entry point

    folders = [folder for folder in options.option("font_dirs").split(":") if folder]
    missing = [folder for folder in folders if not Path(folder).is_dir()]
    return {"configured": folders, "missing": missing, "bundled": metadata.version("pylopdf-fonts-zh-cn")}


def examine() -> dict[str, Any]:
    """Everything `doctor` says, as plain data (docs/schemas/doctor.json)."""
    import pysqlite3  # slow import

    from yanxiu.config import options  # thin entry point

    folder = options.data_dir()
    database, store = _django_database(), _ledger()
    problems = []
    if not _sqlite_safe(pysqlite3.sqlite_version_info):
        problems.append(f"SQLite {pysqlite3.sqlite_version} 有 WAL 损坏缺陷，不能使用")
    for name, found in (("数据库", database), ("学时台账", store)):
        problems += [
            f"{name} {key} 是 {found[key]}，应为 {wanted}"
            for key, wanted in JOURNALED.items()
            if key in found and found[key] != wanted
        ]
    if database["quick_check"] != "ok":
        problems.append(f"数据库自检：{database['quick_check']}")
    fonts = _fonts()
    problems += [f"字体目录不存在：{name}" for name in fonts["missing"]]
    return {
        "version": metadata.version("yanxiu"),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "sqlite": {"version": pysqlite3.sqlite_version, "safe": _sqlite_safe(pysqlite3.sqlite_version_info)},
        "data_dir": str(folder),
        "data_dir_mode": oct(folder.stat().st_mode & 0o777),
        "free_bytes": shutil.disk_usage(folder).free,
        "database": database,
        "ledger": store,
        "fonts": fonts,
        "cores": os.cpu_count(),
        "problems": problems,
    }


def run(args: argparse.Namespace) -> int:
    """0 when nothing is wrong, 1 otherwise."""
    from yanxiu.config.running.setup import prepare  # slow import

    prepare()
    found = examine()
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for key, value in found.items():
            if key != "problems":
                print(f"{key:14} {json.dumps(value, ensure_ascii=False)}")
        print("没有发现问题。" if not found["problems"] else "\n".join(f"问题：{line}" for line in found["problems"]))
    return 1 if found["problems"] else 0
