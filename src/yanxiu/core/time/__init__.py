"""Server time: the clock, half-open intervals of whole milliseconds, windows of local days."""
