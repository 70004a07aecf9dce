"""A browser's own description of itself, in the words of somebody who wants to know which of their devices that was."""

import re

__all__ = ["device_words"]

# The first that matches; WeChat, 360 and Edge all call themselves Chrome as well.
_BROWSERS = (
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("QIHU|360SE|360EE", "360"), ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei"), ("MiuiBrowser", "Xiaomi"), ("UCBrowser", "UC"), ("Firefox", "Firefox"),
    ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
    ("Windows", "Windows"), ("Macintosh|Mac OS X", "Mac"), ("Linux|X11", "Linux"),
)  # fmt: skip


def _first(described: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((words for pattern, words in table if re.search(pattern, described)), "")


def device_words(described: str) -> str:
    """In words like "Windows · Edge"; empty where nothing is recognised. The description itself is not kept."""
    text = described[:400]
    return " · ".join(words for words in (_first(text, _SYSTEMS), _first(text, _BROWSERS)) if words)
