"""Loaded before anything reads Django's settings (`-p tests.early`): a data directory of its own for the whole run.

Run the tests from the repository's root as `python -m pytest` (`make test` does).
"""

import os
import tempfile

from hypothesis import settings

os.environ["YANXIU_DATA_DIR"] = tempfile.mkdtemp(prefix="yanxiu-test-")
os.environ["YANXIU_TESTING"] = "1"
os.environ["YANXIU_STAFF_SECOND_FACTOR"] = "off"  # tests/faces/portal/account and tests/e2e turn it on

# A developer's run looks for new worlds each time; CI judges a change by the same ones as the run before.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
