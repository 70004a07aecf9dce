"""Links by e-mail, through a real SMTP server on this machine."""

import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django_tasks_db.models import DBTaskResult

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.people.models import MailLink, Person
from yanxiu.people.profile.asking import ask_for_mail, confirm_email
from yanxiu.people.profile.mail import forget_email, mail_link_purpose, take_mail_link
from yanxiu.people.profile.tasks import mail_confirmation, mail_entry
from yanxiu.people.queries import confirmed_emails, viewer_of_person

HOME = "198.51.100.7"
ADDRESS = "he.lixin@example.org"


class Letters:
    """What arrived."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []
        self.page = ""  # the newest as HTML

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        part, page = letter.get_body(("plain",)), letter.get_body(("html",))
        self.page = page.get_content() if page else ""
        self.read.append((envelope.rcpt_tos[0], part.get_content() if part else ""))
        return "250 OK"

    def token(self) -> str:
        found = re.search(r"/mail/([\w-]{40,})", self.read[-1][1])
        assert found
        return found[1]


@pytest.fixture
def letters(settings: Any) -> Iterator[Letters]:
    """A server on a port of its own, and Django's real SMTP backend pointed at it."""
    received = Letters()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(received, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield received
    server.stop()


def work() -> None:
    """What the task worker does with the queue."""
    for result in DBTaskResult.objects.filter(status="READY").order_by("enqueued_at"):
        task = {"mail_entry": mail_entry, "mail_confirmation": mail_confirmation}[result.task_path.rpartition(".")[2]]
        task.call(*result.args_kwargs["args"])
        result.delete()


@pytest.fixture
def owner(place: Any) -> Any:
    return viewer_of_person(place.person)


@pytest.fixture
def confirmed(owner: Any, letters: Letters) -> Any:
    confirm_email(owner, ADDRESS, HOME)
    work()
    assert take_mail_link(letters.token(), HOME) is None
    return owner


def test_an_address_counts_once_its_link_was_opened(owner: Any, letters: Letters) -> None:
    confirm_email(owner, f" {ADDRESS} ", HOME)
    work()
    assert letters.read[0][0] == ADDRESS
    assert confirmed_emails([owner.person_id]) == {}
    assert mail_link_purpose(letters.token()) == "confirm"
    assert take_mail_link(letters.token(), HOME) is None
    assert confirmed_emails([owner.person_id]) == {owner.person_id: ADDRESS}
    with pytest.raises(Refused):
        take_mail_link(letters.token(), HOME)


def test_no_letter_names_anybody_before_its_mailbox_is_known_to_be_theirs(
    owner: Any, letters: Letters, place: Any
) -> None:
    name = place.person.name
    confirm_email(owner, ADDRESS, HOME)
    work()
    assert (letters.read[0][1] + letters.page).count(name) == 0
    assert "您好" not in letters.page
    assert take_mail_link(letters.token(), HOME) is None
    ask_for_mail("10039800417", HOME)
    work()
    assert (name in letters.read[1][1], name in letters.page) == (True, True)


def test_no_address_and_no_token_lies_in_the_queue_or_the_table(owner: Any, letters: Letters) -> None:
    confirm_email(owner, ADDRESS, HOME)
    assert ADDRESS not in str(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    work()
    assert not MailLink.objects.filter(token_hash=letters.token()).exists()


def test_every_phone_queues_one_job_and_only_a_confirmed_address_gets_a_letter(
    confirmed: Any, letters: Letters
) -> None:
    letters.read.clear()
    for number, phone in enumerate(("10039800417", "19999999999", "x"), start=1):
        ask_for_mail(phone, HOME)
        assert DBTaskResult.objects.count() == number
    work()
    assert [to for to, _text in letters.read] == [ADDRESS]


def test_the_link_opens_the_account_once_for_an_hour(confirmed: Any, letters: Letters) -> None:
    ask_for_mail("10039800417", HOME)
    work()
    token = letters.token()
    assert [mail_link_purpose(token) for _preview in range(3)] == ["enter"] * 3
    account = take_mail_link(token, HOME)
    assert account is not None
    assert account.person_id == confirmed.person_id
    with pytest.raises(Refused):
        take_mail_link(token, HOME)
    ask_for_mail("10039800417", HOME)
    work()
    MailLink.objects.update(expires_at=clock.real_now())
    assert mail_link_purpose(letters.token()) == ""


def test_a_link_to_an_address_given_up_meanwhile_is_dead(confirmed: Any, letters: Letters) -> None:
    ask_for_mail("10039800417", HOME)
    work()
    forget_email(confirmed)
    with pytest.raises(Refused):
        take_mail_link(letters.token(), HOME)
    assert Person.objects.get(pk=confirmed.person_id).email == ""


def test_letters_are_limited(owner: Any) -> None:
    codes = []
    for ask in (lambda: confirm_email(owner, ADDRESS, HOME), lambda: ask_for_mail("10039800417", HOME)):
        for _time in range(6):
            try:
                ask()
            except Refused as refused:
                codes.append(refused.code)
    assert codes == ["locked", "locked"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "a@b..c",
        "a b@example.org",
        "王@example.org",
        "x" * 300 + "@example.org",
        "a@example.org\nBcc: b@c.d",
    ],
)
def test_what_is_no_address_is_refused(owner: Any, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        confirm_email(owner, typed, HOME)
    assert refused.value.field == "email"
