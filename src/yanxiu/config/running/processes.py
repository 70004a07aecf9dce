"""The processes of a running site, as commands."""

import sys

from yanxiu.config.running.supervisor import Child

__all__ = ["children", "web_child"]


def web_child(host: str, port: int) -> Child:
    """The one granian process: the ASGI callable hands /api/beats to the intake before Django sees it."""
    return Child(
        "web",
        [
            sys.executable, "-m", "yanxiu.config.running.web", "--interface", "asgi", "--host", host, "--port", str(port), "--workers", "1",
            "--no-ws", "--log-level", "warning", "yanxiu.config.asgi:application",
        ],
    )  # fmt: skip


def children(host: str, port: int) -> list[Child]:
    """Every process of a running site."""
    yanxiu = [sys.executable, "-m", "yanxiu"]
    inner = [Child(name, [*yanxiu, name]) for name in ("digest", "worker", "chores")]
    return [web_child(host, port), *inner]
