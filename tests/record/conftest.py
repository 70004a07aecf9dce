"""Reports read through the alias `snapshot`; inside a test's transaction it must see what the test has written."""

from collections.abc import Iterator

import pytest
from django.db import connections


@pytest.fixture(autouse=True)
def _snapshot_sees_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Inside a test's transaction the second connection would see nothing: both aliases share the first."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("db")
    own = connections["snapshot"]
    connections["snapshot"] = connections["default"]
    yield
    connections["snapshot"] = own
