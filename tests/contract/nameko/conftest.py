"""Each row of docs/architecture/nameko.md is shown twice: what we do, and what nameko does."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave plain nameko to ``make prove``: what it does changes with a release of it, not of us.

    What we do instead belongs to ``make test``.
    """
    for item in items:
        if "plain" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.prove)
