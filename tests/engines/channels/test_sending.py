"""Notices leave through a real SMTP server and a real HTTP gateway, each at most once."""

import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from factories.saying import CHINESE
from factories.worlds import At, World, small_world
from pytest_django import Settings

from yanxiu.config.messages import compile_messages
from yanxiu.config.options import data_dir
from yanxiu.engines.mail.channel import MailChannel
from yanxiu.engines.webhook.channel import WebhookChannel
from yanxiu.people.models import Account
from yanxiu.training.notices.inbox.actions import mute_channel, notify
from yanxiu.training.notices.inbox.sending import send_due
from yanxiu.training.notices.inbox.words import Words, say
from yanxiu.training.notices.models import Delivery, Notice
from yanxiu.training.notices.ports import Channel, plug_channels

pytestmark = pytest.mark.django_db
WORDS = Words("第 1 轮研讨还没有完成发帖", "今天 24:00 截止。", "rounds/1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """What the mail server took over; it refuses one receiver."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody@"):
            return f"550 no such user <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield box
    server.stop()


@pytest.fixture
def english(settings: Settings) -> None:
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]


class Gateway:
    """An HTTP gateway that answers the statuses it is told, one after another, then 200; at 0 it answers no HTTP."""

    def __init__(self) -> None:
        self.bodies: list[tuple[bytes, str]] = []
        self.statuses: list[int] = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.bodies.append((body, self.headers.get("X-Yanxiu-Signature", "")))
                status = gateway.statuses.pop(0) if gateway.statuses else 200
                if not status:
                    self.wfile.write(b"what is this?\r\n\r\n")
                    return
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/send"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def plugged() -> Iterator[Any]:
    def plug(*channels: Channel) -> None:
        plug_channels(channels)

    yield plug
    plug_channels([])


def told(world: World) -> None:
    assert notify([learner.person.pk for learner in world.learners], "deadline", "round:1", WORDS, world.cls)


def send(emails: dict[int, str] | None = None) -> int:
    known = emails or {}
    return send_due(lambda ids: {pk: known[pk] for pk in ids if pk in known}, lambda _notice: "https://yanxiu.test/x")


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_letter_goes_to_those_with_a_confirmed_address_and_only_once(
    at: At, mailbox: Mailbox, plugged: Any, caplog: pytest.LogCaptureFixture
) -> None:
    world = small_world(3)
    plugged(MailChannel())
    told(world)
    ids = [learner.person.pk for learner in world.learners]
    assert send({ids[0]: "he@school.test", ids[1]: "nobody@school.test"}) == 3
    assert (send({ids[0]: "he@school.test"}), len(mailbox.letters)) == (0, 1)
    assert states() == ["sent", "failed", "failed"]  # taken over, refused by the server, no address
    why = Delivery.objects.order_by("pk")[1].why
    assert ("550" in why, "@" in why + caplog.text) == (True, False)  # nobody's address in the log
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("he@school.test", WORDS.title)
    assert letter["Message-ID"].startswith("<notice-")
    assert letter.get_content_type() == "multipart/alternative"
    for part in ("plain", "html"):  # the same words in both, and why it came
        content = letter.get_body((part,)).get_content()
        for words in (
            WORDS.body,
            "https://yanxiu.test/x",
            "/me/notices",
            "21:30",
            "截止提醒",
            world.learners[0].person.name,
        ):
            assert words in content, (part, words)
    assert not re.search(r"src=|url\(|<link|@import", letter.get_body(("html",)).get_content())  # nothing is fetched


def test_each_letter_is_in_the_language_its_reader_has_chosen(
    at: At, mailbox: Mailbox, english: None, plugged: Any
) -> None:
    world = small_world(2)
    plugged(MailChannel())
    one, two = world.learners
    assert (
        Client().post("/preferences", {"language": "en"}).status_code == 302
    )  # of nobody: remembered in a cookie only
    client = Client()
    client.force_login(Account.objects.get(person=one.person))
    assert [client.post("/preferences", {"language": code}).status_code for code in ("en", "klingon")] == [302, 302]
    assert list(Account.objects.exclude(language="").values_list("person_id", "language")) == [(one.person.pk, "en")]
    words = Words(
        say("第 %(num)d 轮研讨还没有完成发帖", num=1), say("今天（%(month)d月%(day)d日）24:00 截止。", month=6, day=30)
    )
    notify([one.person.pk, two.person.pk], "deadline", "round:1", words, world.cls)
    assert send({one.person.pk: "one@school.test", two.person.pk: "two@school.test"}) == 2
    to = {letter["To"]: letter for letter in mailbox.letters}
    body = to["one@school.test"].get_body(("plain",)).get_content().replace(one.person.name, "")
    assert not CHINESE.search(to["one@school.test"]["Subject"] + body.replace(world.cls.short_name, ""))
    assert 'lang="en"' in to["one@school.test"].get_body(("html",)).get_content()
    assert to["two@school.test"]["Subject"] == "第 1 轮研讨还没有完成发帖"


@pytest.mark.parametrize(
    "title", ["题\r\nBcc: evil@school.test", "a\nSubject: b", "长" * 120, "\x00\u202e<b>&", "=?utf-8?q?x?=", " "]
)
def test_no_title_becomes_a_header_or_markup(at: At, mailbox: Mailbox, plugged: Any, title: str) -> None:
    world = small_world(1)
    plugged(MailChannel())
    person = world.learners[0].person
    notify([person.pk], "security", "x", Words(say("新公告：%(title)s", title=title), title * 3))
    assert (send({person.pk: "he@school.test"}), states()) == (1, ["sent"])
    (letter,) = mailbox.letters
    assert letter.keys().count("Subject") == 1
    assert letter["Bcc"] is None
    assert len(letter["Subject"]) <= 120
    assert "<b>" not in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("o'neill+yanxiu@school.test", "sent"), ('"he lixin"@school.test', "sent"), ("he@xn--fsqu00a.test", "sent"),
        ("he@例子.test", "sent"), ("he@school.test\r\nBcc: evil@school.test", "failed"),
        ("he@school.test, evil@school.test", "failed"),
    ],
)  # fmt: skip
def test_an_odd_address_gets_its_letter_or_nobody_does(
    at: At, mailbox: Mailbox, plugged: Any, address: str, state: str
) -> None:
    world = small_world(1)
    plugged(MailChannel())
    person = world.learners[0].person
    notify([person.pk], "security", "x", WORDS)
    assert (send({person.pk: address}), states()) == (1, [state])
    assert len(mailbox.letters) == (state == "sent")
    assert not any("evil" in str(letter["To"]) for letter in mailbox.letters)


def test_a_server_that_is_down_is_tried_again_later_then_given_up(at: At, settings: Settings, plugged: Any) -> None:
    world = small_world(1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port(), False
    plugged(MailChannel())
    at("2017-06-20T09:00:00+08:00")
    told(world)
    email = {world.learners[0].person.pk: "he@school.test"}
    tried = []
    for minute in range(0, 240, 1):
        at(f"2017-06-20T{9 + minute // 60:02d}:{minute % 60:02d}:00+08:00")
        if send(email):
            tried.append(minute)
    assert tried == [0, 1, 6, 36, 156]
    assert states() == ["failed"]


def test_a_gateway_gets_signed_json_and_is_believed(at: At, gateway: Gateway, plugged: Any) -> None:
    world = small_world(1)
    plugged(WebhookChannel(gateway.address, key="abc"))
    told(world)
    assert send() == 1
    ((body, signature),) = gateway.bodies
    assert signature == hmac.new(b"abc", body, hashlib.sha256).hexdigest()
    content = json.loads(body)
    assert (content["phone"], content["title"]) == (world.learners[0].person.phone, WORDS.title)
    assert states() == ["sent"]


@pytest.mark.parametrize(("status", "state"), [(503, "waiting"), (429, "waiting"), (400, "failed"), (500, "unsure")])
def test_each_answer_of_a_gateway_means_what_it_means(
    at: At, gateway: Gateway, plugged: Any, status: int, state: str
) -> None:
    world = small_world(1)
    gateway.statuses = [status]
    plugged(WebhookChannel(gateway.address, shape="wecom"))
    told(world)
    send()
    assert states() == [state]
    at("2017-06-11T08:00:00+08:00")
    send()
    assert len(gateway.bodies) == (2 if state == "waiting" else 1)
    assert json.loads(gateway.bodies[0][0])["text"]["mentioned_mobile_list"] == [world.learners[0].person.phone]


def test_a_sender_that_died_half_way_never_sends_again(at: At, gateway: Gateway, plugged: Any) -> None:
    world = small_world(1)
    plugged(WebhookChannel(gateway.address))
    told(world)
    # what a process leaves behind that was killed between claiming and noting the answer
    Delivery.objects.update(state="claimed", claimed_at="2017-06-10T00:00:00Z")
    at("2017-06-10T08:05:00+08:00")
    assert send() == 0
    at("2017-06-10T08:11:00+08:00")
    assert (send(), states(), gateway.bodies) == (0, ["unsure"], [])


def test_nothing_leaves_in_the_quiet_hours_and_a_muted_channel_stays_silent(
    at: At, gateway: Gateway, plugged: Any
) -> None:
    world = small_world(2)
    plugged(WebhookChannel(gateway.address))
    mute_channel(world.learners[0].viewer, channel="webhook", muted=True)
    at("2017-06-20T22:00:00+08:00")
    told(world)
    assert send() == 0
    at("2017-06-21T07:29:00+08:00")
    assert send() == 0
    at("2017-06-21T07:30:00+08:00")
    assert (send(), len(gateway.bodies)) == (1, 1)


def test_a_matter_of_security_does_not_wait_for_the_morning(at: At, gateway: Gateway, plugged: Any) -> None:
    world = small_world(1)
    plugged(WebhookChannel(gateway.address))
    at("2017-06-20T23:00:00+08:00")
    notify([world.learners[0].person.pk], "security", "phone:1", Words("您的手机号已更换"))
    assert (send(), states()) == (1, ["sent"])


def test_what_nobody_foresaw_is_one_unsure_delivery_and_keeps_no_other_waiting(
    at: At, gateway: Gateway, plugged: Any
) -> None:
    world = small_world(3)
    plugged(WebhookChannel(gateway.address, shape="json", key=""))
    told(world)
    gateway.statuses = [0]
    assert (send(), states()) == (3, ["unsure", "sent", "sent"])
    unworded = Delivery.objects.get(state="unsure").notice
    assert notify([unworded.person_id], "deadline", "round:2", WORDS, world.cls)
    assert notify([world.learners[1].person.pk], "deadline", "round:2", WORDS, world.cls)
    Notice.objects.filter(key="round:2", person_id=unworded.person_id).update(kind="of another version")
    assert (send(), states()[3:]) == (2, ["unsure", "sent"])
