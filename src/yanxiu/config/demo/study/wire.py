"""A browser's part of the wire, over keep-alive connections: signs in by link, opens sessions, posts beats."""

import http.client
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from yanxiu.config.demo.study.sitting import Beat

__all__ = ["Answered", "Browser", "Server", "body_of"]

HTTP_OK, HTTP_CREATED = 200, 201


class Answered(Exception):
    """The server said something else than the play expected: the play stops there."""


class Server:
    """Where the site is; one keep-alive connection a thread."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._local = threading.local()

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        """One request; the body has been read into `.data` of the answer's thread when this returns."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            response = self._once(connection, method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # an idle connection the server has closed: once more on a new one
            response = self._once(connection, method, path, body, headers)
        self._local.data = response.read()
        return response

    @staticmethod
    def _once(
        connection: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse()
        except OSError:
            connection.close()
            raise

    def data(self) -> bytes:
        """Body of this thread's last answer."""
        data: bytes = self._local.data
        return data

    def post_beats(self, token: str, beats: Sequence[Beat], opened: int) -> None:
        """POST /api/beats; asked whether somebody is there, everybody in the play says so at once."""
        self._post(body_of(token, beats))
        said = json.loads(self.data())
        if "challenge" in said:
            proof = {"id": said["challenge"]["id"], "t": said["now"] - opened * 1000}
            self._post(json.dumps({"token": token, "beats": [], "proofs": [proof]}).encode())

    def _post(self, body: bytes) -> None:
        """Anything but a 200 without refusals stops the play."""
        answer = self.ask("POST", "/api/beats", body, {"Content-Type": "application/json"})
        if answer.status != HTTP_OK or b'"refused":[]' not in self.data():
            raise Answered(f"/api/beats {answer.status} {self.data()[:400].decode(errors='replace')}")


@dataclass
class Browser:
    """One learner's browser: cookies, nothing else."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def _ask(self, method: str, path: str, body: bytes = b"", content: str = "application/json") -> int:
        headers = {"Content-Type": content, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if "csrf" in self.cookies:
            headers["X-CSRFToken"] = self.cookies["csrf"]
        answer = self.server.ask(method, path, body, headers)
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status

    def sign_in(self, path: str) -> None:
        """By a single-use link: the page is shown, its form is sent."""
        shown = self._ask("GET", path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.server.data())
        form = b"csrfmiddlewaretoken=" + (token.group(1) if token else b"")
        sent = self._ask("POST", path, form, "application/x-www-form-urlencoded")
        if shown != HTTP_OK or sent >= 400 or "session" not in self.cookies:
            raise Answered(f"sign-in by {path}: {shown}, {sent}")

    def open_session(self, enrolment: int, lesson: int) -> str:
        """POST /api/sessions; the token of the new session."""
        body = json.dumps({"enrolment": enrolment, "lesson": lesson}).encode()
        status = self._ask("POST", "/api/sessions", body)
        if status != HTTP_CREATED:
            raise Answered(f"/api/sessions {status} {self.server.data()[:400].decode(errors='replace')}")
        return str(json.loads(self.server.data())["token"])


def body_of(token: str, beats: Sequence[Beat]) -> bytes:
    """The JSON a browser sends for these beats, in milliseconds."""
    return msgspec.json.encode(
        {
            "token": token,
            "beats": [
                {
                    "seq": beat.seq,
                    "spans": [[beat.t0 * 1000, beat.t1 * 1000, beat.p0 * 1000, (beat.p0 + beat.t1 - beat.t0) * 1000]],
                    "why": beat.why,
                }
                for beat in beats
            ],
        }
    )
