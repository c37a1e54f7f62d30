"""Where each row of the reference is shown twice: by what we do, and by what plain nameko does."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave plain nameko to ``make prove``: what it does changes with a release of it, not of us.

    What we do instead belongs to ``make test``.
    """
    for item in items:
        if "plain" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.prove)
