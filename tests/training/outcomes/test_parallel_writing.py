"""Twenty at once, by threads on a database file: one piece, one submission, three checks, and no text overwritten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]


@pytest.mark.slow
def test_twenty_at_once_begin_one_piece_hand_it_in_once_and_lose_no_text(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2017-06-10T08:00:00+08:00", encoding="ascii")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("parallel_writing.py"))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "yanxiu.config.settings",
            "PYTHONPATH": os.pathsep.join((str(TESTS.parent / "src"), str(TESTS))),
            "YANXIU_DATA_DIR": str(tmp_path / "data"),
            "YANXIU_TESTING": "1",
            "YANXIU_TEST_CLOCK": str(clock),
        },
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "begun": [True, 1],
        "saved": [True, 20],
        "checks": 3,
        "submits": [1, 19],
        "submission_checks": 1,
        "comments": 1,
        "broken_links": [],
    }
