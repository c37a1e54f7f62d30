"""A gateway on assessment, on its own database, emptied first."""

import pytest

from tests.integration.gateway.assessment.visits import CaseAtTheDoor, Gateway


@pytest.fixture
def gateway(transaction):
    return Gateway(transaction)


@pytest.fixture
def case(gateway):
    return CaseAtTheDoor(gateway)
