"""运行网站：网页、学时汇总、后台任务和定时事务四个进程。"""

import argparse
import ipaddress
import os
import sys
from urllib.parse import urlsplit

from yanxiu.config import options
from yanxiu.config.running.processes import children
from yanxiu.config.running.supervisor import supervise

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Address only; everything else is an option (docs/operate/options.md)."""
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（缺省只在本机）")
    parser.add_argument("--port", type=int, default=8000, help="监听端口（缺省 8000）")


def _refuse_plain_http(host: str) -> None:
    loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    secure = urlsplit(options.option("origin")).scheme == "https"
    if not loopback and not secure and options.option("allow_plain_http") != "1":
        raise SystemExit(
            _say(
                "拒绝在本机以外用明文 http 服务：请把 YANXIU_ORIGIN 设为 https 地址，或设 YANXIU_ALLOW_PLAIN_HTTP=1 自担风险。"
            )
        )


def _say(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


def run(args: argparse.Namespace) -> int:
    """Prepares the data directory, then watches its children until SIGTERM or SIGINT."""
    try:
        _refuse_plain_http(args.host)
    except ValueError:
        return _say(f"监听地址不是 IP：{args.host}")
    from yanxiu.config.running.setup import prepare, start_django  # slow import

    start_django()
    prepare()
    os.environ["YANXIU_DATA_DIR"] = str(options.data_dir())
    print(f"研修已在 http://{args.host}:{args.port} 运行，数据目录 {options.data_dir()}，按 Ctrl-C 停止。", flush=True)
    return supervise(children(args.host, args.port))
