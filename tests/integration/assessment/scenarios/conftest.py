"""The desk of assessment, for stories that a folder further down tells."""

import pytest


@pytest.fixture
def transaction(emptied):
    return emptied("assessment")
