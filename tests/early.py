"""Loaded before anything reads Django's settings (`-p tests.early`): a data directory of its own for the whole run.

Run the tests from the repository's root as `python -m pytest` (`make test` does).
"""

import gc
import os
import sys
import tempfile

from hypothesis import HealthCheck, settings

os.environ["YANXIU_DATA_DIR"] = tempfile.mkdtemp(prefix="yanxiu-test-")
os.environ["YANXIU_TESTING"] = "1"
os.environ["YANXIU_STAFF_SECOND_FACTOR"] = "off"  # tests/faces/portal/account and tests/e2e turn it on

# The processes which tests start (some fifty) each compiled the whole product anew where a machine is told to keep no bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A developer's run looks for new worlds each time; CI judges a change by the same ones as the run before. How long an example
# takes says how busy the machine is, not whether the code is right: two workers on two busy cores would fail by it.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("ours"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ours")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: without looking through it again and again a run takes a twentieth less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
