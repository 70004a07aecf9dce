"""Sessions in words, and ending them."""

import pytest

from yanxiu.people.sessions.devices import device_words

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile MicroMessenger/8.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; ALN-AL00 HuaweiBrowser/15.0) AppleWebKit/537.36 Chrome/114 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("described", "words"),
    [(EDGE, "Windows · Edge"), (WECHAT, "iPhone · 微信"), (PHONE, "Android · Huawei"), ("curl/8", ""), ("", ""), ("x" * 90_000, "")],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_would(described: str, words: str) -> None:
    assert device_words(described) == words
