"""A gateway for each test."""

import pytest

from tests.unit.client.answering import Gateway


@pytest.fixture
def gateway():
    return Gateway()
