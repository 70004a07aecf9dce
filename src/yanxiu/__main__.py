"""`python -m yanxiu …` is the `yanxiu` command."""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; the exit code is the answer."""
    from yanxiu.config.cli import run  # thin entry point: importing yanxiu.__main__ costs nothing

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
