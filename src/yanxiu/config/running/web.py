"""granian, as a child that leaves with its supervisor. Its worker, a process of its own, watches granian: config/asgi.py."""

from granian.cli import entrypoint

from yanxiu.config.running.lifeline import end_with_supervisor

__all__: list[str] = []

if __name__ == "__main__":
    end_with_supervisor()
    entrypoint()
