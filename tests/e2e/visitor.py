"""Somebody with cookies and gzip, on one connection: what the server sends as it sends it, and a sign-in without a browser."""

import gzip
import re
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

__all__ = ["PASSWORD", "PHONES", "Got", "Visitor"]

PASSWORD = "liudong-4-kandao-haiou"
PHONES = {"manager": "10000000004", "organiser": "10000000001", "learner": "10000000100", "learner2": "10000000101"}


class Got(NamedTuple):
    status: int
    headers: dict[str, str]
    sent: int  # bytes of the body on the wire
    text: str


class Visitor:
    def __init__(self, site: str) -> None:
        self._connection = HTTPConnection(urlsplit(site).netloc.replace("localhost", "127.0.0.1"), timeout=60)
        self._host = urlsplit(site).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, address: str, form: dict[str, str] | None = None) -> Got:
        headers = {
            "Host": self._host,
            "Accept-Encoding": "gzip, br",
            "Cookie": "; ".join(map("=".join, self.cookies.items())),
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request("GET" if form is None else "POST", address, form and urlencode(form), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        told = {name.lower(): value for name, value in answer.getheaders()}
        plain = gzip.decompress(body) if told.get("content-encoding") == "gzip" else body
        return Got(answer.status, told, len(body), plain.decode("utf-8", "replace"))

    def signed_in(self, phone: str) -> "Visitor":
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self.ask("/sign-in").text)
        assert token
        form = {"phone": phone, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        assert self.ask("/sign-in", form).status == 302
        return self

    def close(self) -> None:
        self._connection.close()
