"""Notices as JSON to one address of the operator's: an SMS gateway, or a robot of 企业微信."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from typing import Any

from yanxiu.training.notices.ports import Message, NotDelivered

__all__ = ["WebhookChannel"]

_TRY_AGAIN = frozenset({429, 503})


class WebhookChannel:
    """`shape`: "plain" → {id, name, phone, title, text, link}; "wecom" → a text message of a 企业微信 group robot, which
    mentions the receiver by phone. Signed in `X-Yanxiu-Signature` (hex HMAC-SHA256 of the body) where there is a key.
    """

    name = "webhook"

    def __init__(self, address: str, *, shape: str = "plain", key: str = "") -> None:
        if not address.startswith(("https://", "http://")):
            raise ValueError(f"not an http(s) address: {address}")
        self.address, self.shape, self.key = address, shape, key.encode()

    def reaches(self, message: Message) -> bool:
        return bool(message.phone)

    def _body(self, message: Message) -> bytes:
        content: dict[str, Any] = {
            "id": message.id, "name": message.name, "phone": message.phone, "title": message.title,
            "text": message.text, "link": message.link,
        }  # fmt: skip
        if self.shape == "wecom":
            words = "\n".join(part for part in (message.title, message.text, message.link) if part)
            content = {"msgtype": "text", "text": {"content": words, "mentioned_mobile_list": [message.phone]}}
        return json.dumps(content, ensure_ascii=False).encode()

    def send(self, message: Message) -> None:
        """Taken over when the gateway answers 2xx. A refusal (4xx) is final, 429 and 503 are tried again."""
        body = self._body(message)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.key:
            headers["X-Yanxiu-Signature"] = hmac.new(self.key, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.address, body, headers, method="POST")  # noqa: S310  (checked in __init__)
        try:
            with urllib.request.urlopen(request, timeout=20):  # noqa: S310  (checked in __init__)
                return
        except urllib.error.HTTPError as answer:
            again = True if answer.code in _TRY_AGAIN else None if answer.code >= 500 else False
            raise NotDelivered(f"网关回答 {answer.code}", again=again) from answer
        except urllib.error.URLError as failed:
            again = True if isinstance(failed.reason, ConnectionRefusedError) else None
            raise NotDelivered(f"连不上网关：{failed.reason}", again=again) from failed
        except OSError as failed:
            raise NotDelivered(f"发送途中出错：{failed}", again=None) from failed
