"""A data directory of its own for the whole test run (and each xdist worker), before Django's settings are read."""

import os
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="yanxiu-test-")
os.environ["YANXIU_DATA_DIR"] = _FOLDER
os.environ["YANXIU_TESTING"] = "1"
