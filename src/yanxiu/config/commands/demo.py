"""演示：重演 2017 年示范班六周的学习，列出十五项数据，然后在本机打开网站。"""

import argparse
import gc
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

__all__ = ["add_arguments", "run"]

DONE = "demo.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It listens on loopback only; there is no option for that."""
    parser.add_argument("--no-serve", action="store_true", help="演完、核对、出报告，然后结束")
    parser.add_argument("--fresh", action="store_true", help="丢掉已有的演示数据，从头再演")
    parser.add_argument("--port", type=int, default=8000, help="端口（缺省 8000，只在本机）")


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


def _folder() -> Path:
    return Path(os.environ.get("YANXIU_DATA_DIR") or "var/demo").absolute()


def _start(folder: Path) -> None:
    """From here on this process works in that data directory."""
    os.environ["YANXIU_DATA_DIR"] = str(folder)
    from yanxiu.config.running.setup import prepare, start_django  # slow import

    start_django()
    prepare()


def _let_go() -> None:
    """No open file of the data directory is left: it can be renamed."""
    from django.db import connections  # slow import

    from yanxiu.study import ports  # slow import

    connections.close_all()
    ports.unplug()


def _play_afresh(console: Console, folder: Path) -> bool:
    """Into a folder of its own beside the old one; renamed only when it is whole."""
    building = folder.with_name(f".{folder.name}.{os.getpid()}")
    building.mkdir(mode=0o700, parents=True)
    try:
        _start(building)
        from yanxiu.config.demo.clock import PlayClock  # slow import
        from yanxiu.config.demo.compare import compared, show  # slow import
        from yanxiu.config.demo.directing import perform  # slow import

        clock = PlayClock(building / "clock")
        clock.rule_here()
        gc.set_threshold(20_000, 20, 50)  # the plan is a million objects that stay: no use looking at them all the time
        began = time.monotonic()
        differences = perform(console, clock)
        agree = show(console, compared())
        console.print(f"学时与独立推演逐人逐课核对：{differences} 处不同。用时 {time.monotonic() - began:.0f} 秒。")
        _let_go()
        (building / DONE).write_text(json.dumps({"agree": agree, "differences": differences}), encoding="utf-8")
        if folder.exists():
            old = building.with_suffix(".old")
            folder.rename(old)
            shutil.rmtree(old)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return agree and not differences


def _show_again(console: Console, folder: Path) -> bool:
    """The data are there: the figures are computed anew all the same."""
    _start(folder)
    from yanxiu.config.demo.compare import compared, show  # slow import

    console.print(f"已有演示数据：{folder}（--fresh 从头再演）")
    agree = show(console, compared())
    _let_go()
    return agree


def _serve(console: Console, folder: Path, port: int) -> int:
    from yanxiu.config.demo.cast import cast  # slow import
    from yanxiu.config.demo.clock import PlayClock  # slow import
    from yanxiu.config.demo.play import HOST, links_for  # slow import
    from yanxiu.config.running.processes import children  # slow import
    from yanxiu.config.running.supervisor import supervise  # slow import

    people = [(row.label, row.name, row.phone) for row in cast().staff]
    people += [("学员", cast().learners[0].name, cast().learners[0].phone)]
    people += [("学员（二班）", cast().second_class[0].name, cast().second_class[0].phone)]
    links = links_for(phone for _, _, phone in people)
    token_of = {phone: token for token, phone in links.items()}
    clock = PlayClock(folder / "clock")
    clock.resume()
    clock.rule_here()
    os.environ["YANXIU_DATA_DIR"] = str(folder)
    os.environ["YANXIU_ORIGIN"] = f"http://{HOST}:{port}"
    web, *others = children(HOST, port)
    web.extra = {"YANXIU_DEMO": "1", "YANXIU_DEMO_LINKS": json.dumps(links)}
    console.print("\n一次性登录链接（只在本机，本进程结束即失效）：")
    for label, name, phone in people:
        print(f"  {label}　{name}　http://{HOST}:{port}/demo/{token_of[phone]}")
    print(f"研修演示在 http://{HOST}:{port} 运行，按 Ctrl-C 停止。", flush=True)
    clock.run_on()
    return supervise([web, *others])


def run(args: argparse.Namespace) -> int:
    """0 when all fifteen agree (and, serving, until told to stop); 1 when one does not."""
    signal.signal(signal.SIGTERM, _stop)
    console, folder = Console(), _folder()
    whole = (folder / DONE).is_file()
    if folder.exists() and not whole and any(folder.iterdir()):
        print(f"{folder} 里有别的东西，不是演示数据；请换一个 --data-dir。", file=sys.stderr)
        return 2
    agree = _show_again(console, folder) if whole and not args.fresh else _play_afresh(console, folder)
    for name in ("report.pdf", "report.docx", "report.html"):
        print(f"报告：{folder / name}")
    if not agree:
        return 1
    return 0 if args.no_serve else _serve(console, folder, args.port)
