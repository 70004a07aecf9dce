"""What a disk holds after a power cut, worked out from a record of system calls (strace), without root and without a
file system of our own.

The model is harsher than a real disk: nothing is on it before its sync has returned. Of what was written since, each sector of
512 bytes may or may not have arrived; of what happened to names since the folder was synced, any beginning. A sync that fails
forgets, as Linux does: the pages count as clean, and only what is written again later can still arrive.
"""

import ast
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE, SECTOR = 4096, 512
CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
_UNDER = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: .*)?$", re.DOTALL)
_BEGUN = re.compile(r"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_FD = re.compile(r"^\d+<([^>]*)>(?:\(deleted\))?")


@dataclass(frozen=True)
class Call:
    name: str
    arguments: str
    result: int  # of a call that has only begun: 0


def recorded(program: Path, target: Path, log: Path, *inject: str) -> list[Call]:
    """Run the program under strace, with faults, and read what it asked of the kernel."""
    command = [
        "strace", "-f", "-y", "-xx", "-s", "1000000", "--seccomp-bpf", "-o", str(log), "-e", f"trace={CALLS}",
        *(part for each in inject for part in ("-e", f"inject={each}")), sys.executable, str(program), str(target),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": f"{Path(__file__).parents[2]}:src", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return list(_calls(log.read_text(encoding="ascii").splitlines()))


def _calls(lines: Sequence[str]) -> Iterator[Call]:
    """In the order in which they ended."""
    begun: dict[str, str] = {}
    for each in lines:
        line = each
        if found := _BEGUN.match(line):
            begun[found[1]] = line.removesuffix(" <unfinished ...>")
            continue
        if found := _ENDED.match(line):
            line = begun.pop(found[1]) + found[3]
        if found := _UNDER.match(line):
            yield Call(found[2], found[3], int(found[4]))


def _text(quoted: str) -> bytes:
    found: bytes = ast.literal_eval("b" + quoted)
    return found


@dataclass
class File:
    cache: bytearray = field(default_factory=bytearray)  # as the program sees it
    disk: bytearray = field(default_factory=bytearray)
    dirty: set[int] = field(default_factory=set)
    resized: bool = False

    def write(self, data: bytes, at: int) -> None:
        self._resize(self.cache, max(len(self.cache), at + len(data)))
        self.cache[at : at + len(data)] = data
        self.dirty |= set(range(at // PAGE, (at + len(data) - 1) // PAGE + 1))

    def truncate(self, size: int) -> None:
        self._resize(self.cache, size)
        self.resized = True

    def sync(self, *, well: bool) -> None:
        if well:
            for page in self.dirty:
                self._arrive(self.disk, page * PAGE, PAGE)
            if self.resized:
                self._resize(self.disk, len(self.cache))
            self.resized = False
        self.dirty.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        left = bytearray(self.disk)
        for page in sorted(self.dirty):
            if chance.random() < 0.5:
                for at in range(page * PAGE, (page + 1) * PAGE, SECTOR):
                    if chance.random() < 0.8:
                        self._arrive(left, at, SECTOR)
        if self.resized and chance.random() < 0.5:
            self._resize(left, len(self.cache))
        return bytes(left)

    def _arrive(self, to: bytearray, at: int, size: int) -> None:
        piece = self.cache[at : at + size]
        if piece:
            self._resize(to, max(len(to), at + len(piece)))
            to[at : at + len(piece)] = piece

    @staticmethod
    def _resize(what: bytearray, size: int) -> None:
        del what[size:]
        what.extend(bytes(size - len(what)))


class Disk:
    """One folder. `without_syncs` of files whose name ends so are taken for done, and are not."""

    def __init__(self, folder: Path, without_syncs: str = "\0") -> None:
        self._folder, self._deaf = str(folder), without_syncs
        self._names: dict[str, File] = {}  # as the program sees them
        self._durable: dict[str, File] = {}
        self._since: list[tuple[str, File | None]] = []  # changes of names since the folder was synced
        self.said: list[str] = []
        self.failed = 0  # calls that were answered with an error

    def play(self, call: Call) -> None:
        if call.name in {"rename", "unlink", "openat"}:
            self._play_name(call)
            return
        found = _FD.match(call.arguments)
        name = _text(f'"{found[1]}"').decode() if found else ""
        if call.name == "write" and call.arguments.startswith("1<"):
            self.said += _text(call.arguments.partition(", ")[2].rpartition(", ")[0]).decode().splitlines()
        elif name == self._folder and call.name in {"fsync", "fdatasync"}:
            if call.result == 0:
                self._durable = dict(self._names)
                self._since.clear()
        elif file := self._file(name):
            self._play_file(call, file, name)

    def _file(self, name: str) -> File | None:
        return self._names.get(name) if self._is_here(name) else None

    def _is_here(self, name: str) -> bool:
        return str(Path(name).parent) == self._folder and not name.endswith("-shm")  # the WAL's index is made anew

    def _play_file(self, call: Call, file: File, name: str) -> None:
        self.failed += call.result < 0
        if call.name == "pwrite64" and call.result > 0:
            _, data, _, at = re.split(r", (?=[\"\d])", call.arguments)
            file.write(_text(data)[: call.result], int(at))
        elif call.name == "ftruncate" and call.result == 0:
            file.truncate(int(call.arguments.rpartition(", ")[2]))
        elif call.name in {"fsync", "fdatasync"} and not name.endswith(self._deaf):
            file.sync(well=call.result == 0)

    def _play_name(self, call: Call) -> None:
        if call.result < 0:
            return
        names = [_text(each).decode() for each in re.findall(r'"[^"]*"', call.arguments)]
        if not self._is_here(names[0]):
            return
        if call.name == "openat":
            if "O_CREAT" in call.arguments and names[0] not in self._names:
                self._name(names[0], File())
            return
        file = self._names[names[0]]
        self._name(names[0], None)
        if call.name == "rename":
            self._name(names[1], file)

    def _name(self, name: str, file: File | None) -> None:
        self._since.append((name, file))
        self._names.pop(name, None)
        if file is not None:
            self._names[name] = file

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Names and contents, as the machine may find them when the power is back."""
        names: dict[str, File | None] = self._durable | dict(self._since[: chance.randint(0, len(self._since))])
        return {Path(name).name: file.after_cut(chance) for name, file in names.items() if file is not None}
