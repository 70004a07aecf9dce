"""The parent's side: starts the child, waits a limited time, puts refusals into words."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import yanxiu
from yanxiu.kit.errors import Refused
from yanxiu.training.courses.media.probing.limits import PAGES, WALL_SECONDS

__all__ = ["convert", "look"]

_SOURCE = Path(yanxiu.__file__).parents[1]


def _words(code: str) -> str:
    words = {
        "damaged": _("文件已损坏或不完整，读不出来；请重新导出后再上传。"),
        "no_picture": _("这个 MP4 里没有画面；请上传视频文件。"),
        "codec": _("视频编码不是 H.264（声音 AAC），不少浏览器放不了；请在剪辑软件里导出为“MP4（H.264）”后再上传。"),
        "pages": _("文档是空的，或者超过 %(most)d 页；请拆分后再上传。") % {"most": PAGES},
        "heavy": _("文件过于复杂，在限定的时间和内存内读不完；请重新导出后再上传。"),
    }
    return words.get(code, words["damaged"])


def _command(command: str, source: Path, target: Path) -> list[str]:
    return [sys.executable, "-m", "yanxiu.training.courses.media.probing.child", command, str(source), str(target)]


_ENVIRONMENT = {"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"}


def _answer(code: int, said: str) -> dict[str, Any]:
    if code != 0:
        raise Refused("media_heavy", _words("heavy"), field="file")
    answer: dict[str, Any] = json.loads(said)
    if "refused" in answer:
        raise Refused(f"media_{answer['refused']}", _words(answer["refused"]), field="file")
    return answer


def look(command: str, source: Path, target: Path) -> dict[str, Any]:
    """What the child says of a file: "video", "picture", "document", "pdf". What it makes lies at `target`. Refused with the reason."""
    try:
        done = subprocess.run(  # noqa: S603  (our own module; the paths are ours)
            _command(command, source, target), capture_output=True, timeout=WALL_SECONDS, check=False, text=True,
            env=_ENVIRONMENT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused("media_heavy", _words("heavy"), field="file") from None
    return _answer(done.returncode, done.stdout)


def convert(source: Path, target: Path, moved: Callable[[int], None]) -> dict[str, Any]:
    """The low variant of a video at `target`; `moved` is told each percent. Takes as long as it takes."""
    last = ""
    with subprocess.Popen(  # noqa: S603  (our own module; the paths are ours)
        _command("low", source, target), stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT
    ) as child:
        for line in child.stdout or ():
            if line.startswith("%"):
                moved(int(line[1:]))
            else:
                last = line
    return _answer(child.returncode, last)
