"""Which faces a PDF is set in: the official ones where an installation has them, else the Noto faces that come with us."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as noto

__all__ = ["Faces", "faces", "font_paths", "use_font_dirs"]

# First present family wins; FandolFang calls itself "FandolFang R".
_WANTED = {
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang R", "FandolFang"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FandolKai"),
    "hei": ("SimHei", "黑体", "FandolHei"),
    "xbs": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "FandolSong"),
    "song": ("SimSun", "宋体", "FandolSong"),
}
_NAMES = {"fang": "仿宋", "kai": "楷体", "hei": "黑体", "xbs": "小标宋", "song": "宋体"}
_FALLBACK = {"hei": "Noto Sans SC"}
_directories: list[Path] = []


class Faces(dict[str, list[str]]):
    """Role (fang kai hei xbs song) → families to try; `notice` says in Chinese what is missing, "" if nothing is."""

    notice: str = ""
    emboldened: bool = False  # the title has no 小标宋: its strokes are thickened a little


def use_font_dirs(directories: Sequence[Path]) -> None:
    """Config names the installation's font folders here, once a process."""
    _directories[:] = [path for path in directories if path.is_dir()]
    faces.cache_clear()


def font_paths() -> list[Path]:
    """Folders Typst looks for fonts in, besides the system's."""
    return [Path(noto.serif_path()).parent, *_directories]


@cache
def faces() -> Faces:
    """The faces of this installation, looked up once."""
    import typst  # slow import: config.wiring loads this module in every process, most of which print nothing

    present = set(typst.Fonts(include_system_fonts=True, font_paths=font_paths()).families())
    found, missing = Faces(), []
    for role, wanted in _WANTED.items():
        fallback = _FALLBACK.get(role, "Noto Serif SC")
        family = next((name for name in wanted if name in present), "")
        # Noto stands behind every face: it has the rare characters of names that 仿宋_GB2312 lacks.
        found[role] = [family, fallback] if family else [fallback]
        if not family and role != "song":
            missing.append(_NAMES[role])
    found.emboldened = found["xbs"] == ["Noto Serif SC"]
    if missing:
        found.notice = f"本机没有{'、'.join(missing)}字体，PDF 以思源宋体、思源黑体代替；把字体放进 YANXIU_FONT_DIRS 所列目录即可。"
    return found
