"""Fifty people sign in at once behind one address, on a real database file (a process of its own)."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.core.management import call_command
from django.db import connections
from django.test import Client
from yanxiu.people import actions
from yanxiu.people.models import Account, SignInFailure
from yanxiu.people.queries import SYSTEM

PASSWORD = "liudong-4-kandao-haiou"
call_command("migrate", run_syncdb=True, verbosity=0)
phones = [f"102{number:08d}" for number in range(50)]
for phone in phones:
    actions.create_account(actions.create_person(SYSTEM, name="甲", phone=phone), PASSWORD)

def enter(phone, password):
    client = Client(REMOTE_ADDR="198.51.100.7")
    try:
        first = client.post("/sign-in", {"phone": phone, "password": password}).status_code
        return first, client.get("/me").status_code
    finally:
        connections.close_all()

with ThreadPoolExecutor(50) as pool:
    assert list(pool.map(lambda phone: enter(phone, PASSWORD), phones)) == [(302, 200)] * 50
    guesses = list(pool.map(lambda n: enter(phones[0], f"guess{n}")[0], range(50)))
assert sorted(guesses) == [422] * 5 + [429] * 45, guesses
assert SignInFailure.objects.count() == 5
print("all in")
"""


def test_fifty_parallel_sign_ins_all_succeed_and_fifty_parallel_guesses_are_checked_five_times(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "YANXIU_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "yanxiu.config.settings",
        "PYTHONPATH": str(Path(__file__).parents[3] / "src"),
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout == "all in\n", run.stderr[-3000:]
