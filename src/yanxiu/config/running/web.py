"""granian, as a child that leaves with its supervisor. Its worker, a process of its own, watches granian: config/asgi.py."""

from granian.cli import cli

from yanxiu.config.running.lifeline import end_with_supervisor

__all__: list[str] = []

if __name__ == "__main__":
    end_with_supervisor()
    cli(auto_envvar_prefix="GRANIAN")  # as granian's own command does
