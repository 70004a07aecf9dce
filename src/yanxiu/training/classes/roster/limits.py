"""How much is said about a roster."""

__all__ = ["ERRORS_SHOWN"]

ERRORS_SHOWN = 200
