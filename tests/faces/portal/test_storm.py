"""Everybody at once, on a real database file (a process of its own); and the same pages under https."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from yanxiu.config.running.tables import make_tables
from django.db import connections
from django.test import Client
from yanxiu.people import actions
from yanxiu.people.models import Account, SignInFailure
from yanxiu.people.queries import SYSTEM

PASSWORD = "liudong-4-kandao-haiou"
make_tables(connections["default"])
phones = [f"102{number:08d}" for number in range(50)]
for phone in phones:
    actions.create_account(actions.create_person(SYSTEM, name="甲", phone=phone), PASSWORD)

def enter(phone, password):
    client = Client(REMOTE_ADDR="198.51.100.7")
    try:
        first = client.post("/sign-in", {"phone": phone, "password": password}).status_code
        return first, client.get("/first/notice").status_code
    finally:
        connections.close_all()

with ThreadPoolExecutor(50) as pool:
    assert list(pool.map(lambda phone: enter(phone, PASSWORD), phones)) == [(302, 200)] * 50
    guesses = list(pool.map(lambda n: enter(phones[0], f"guess{n}")[0], range(50)))
assert sorted(guesses) == [422] * 5 + [429] * 45, guesses
assert SignInFailure.objects.count() == 5

_invite, token = actions.issue_invite(SYSTEM, person=Account.objects.get(phone=phones[1]).person)

def consume(_number):
    try:
        return Client().post(f"/invite/{token}").status_code
    finally:
        connections.close_all()

with ThreadPoolExecutor(20) as pool:
    answers = list(pool.map(consume, range(20)))
assert sorted(answers) == [302] + [422] * 19, answers
print("all in")
"""


HTTPS = """
import django
django.setup()
from django.db import connections
from django.test import Client
from yanxiu.config.running.tables import make_tables
make_tables(connections["default"])
from yanxiu.people import actions
from yanxiu.people.queries import SYSTEM
PASSWORD = "liudong-4-kandao-haiou"
actions.create_account(actions.create_person(SYSTEM, name="甲", phone="10200000000"), PASSWORD)
client = Client(headers={"host": "yanxiu.example"})
form = client.get("/sign-in", secure=True)
assert "max-age" in form.headers["Strict-Transport-Security"]
answer = client.post("/sign-in", {"phone": "10200000000", "password": PASSWORD}, secure=True, headers={"referer": "https://yanxiu.example/sign-in"})
cookies = {**form.cookies, **answer.cookies}
assert set(cookies) == {"__Host-session", "__Host-csrf"}, cookies
assert all(c["secure"] and c["path"] == "/" and not c["domain"] and c["samesite"] == "Lax" for c in cookies.values()), cookies
assert client.get("/first/notice", secure=True).status_code == 200
assert Client(headers={"host": "evil.example"}).get("/sign-in", secure=True).status_code == 400
print("all in")
"""


def _run(script: str, tmp_path: Path, **options: str) -> None:
    environment = {
        **os.environ,
        **options,
        "YANXIU_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "yanxiu.config.settings",
        "PYTHONPATH": str(Path(__file__).parents[3] / "src"),
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout == "all in\n", run.stderr[-3000:]


def test_parallel_sign_ins_all_succeed_guesses_are_checked_five_times_and_an_invite_works_once(tmp_path: Path) -> None:
    _run(SCRIPT, tmp_path)


def test_under_https_cookies_are_host_bound_and_secure_and_a_foreign_host_is_refused(tmp_path: Path) -> None:
    _run(HTTPS, tmp_path, YANXIU_ORIGIN="https://yanxiu.example")
