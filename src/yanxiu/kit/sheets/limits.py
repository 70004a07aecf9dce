"""How much of an uploaded table is looked at. No Django here: the child process imports this."""

__all__ = [
    "ADDRESS_SPACE", "CPU_SECONDS", "ENTRIES", "FILE_BYTES", "HEADER_ROWS", "RATIO", "ROWS", "WALL_SECONDS",
]  # fmt: skip

FILE_BYTES = 5 * 1024 * 1024
ENTRIES = 200  # files inside an XLSX
RATIO = 100  # unpacked size to packed size
ROWS = 20_000  # data rows, the header not counted
HEADER_ROWS = 10  # the header is looked for in the first ten rows (titles may stand above it)
CPU_SECONDS = 10
WALL_SECONDS = 20
ADDRESS_SPACE = 768 * 1024 * 1024
