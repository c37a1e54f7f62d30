"""A desk at which assessment is asked, on its own database, emptied first."""

import pytest

from tests.integration.assessment.desk import Desk


@pytest.fixture
def desk(transaction):
    return Desk(transaction)
