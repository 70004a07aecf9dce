"""Fifty submits at once, by threads on a database file, change the attempt once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]


@pytest.mark.slow
def test_fifty_starts_and_fifty_submits_at_once_are_one_attempt_and_one_submission(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2017-06-10T08:00:00+08:00", encoding="ascii")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("parallel_submits.py")), str(clock)],
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
        "started": True,
        "scores": ["50"],
        "submits": 1,
        "starts": 1,
        "broken_links": [],
    }
