"""Five learners through two real web processes, the real ledger and the real digest."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_a_small_play_is_credited_exactly_as_the_oracle_says(tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    script = Path(__file__).with_name("small_play.py")
    command = [sys.executable, str(script), str(tmp_path / "data")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["differences"] == 0
    assert found["credited_seconds"] == found["planned_seconds"] > 5 * 420 * 60
    assert {"parallel", "replay"} & set(found["reasons"])
