"""The budget service as a process of its own, behind the real broker."""

import pytest


@pytest.fixture
def transaction(emptied):
    """Transactions on budget's database, emptied first."""
    return emptied("budget")
