"""A mail server for each test."""

from collections.abc import Iterator

import pytest

from tests.simulators.mail_server import Mail, mail_server


@pytest.fixture
def mail() -> Iterator[Mail]:
    with mail_server() as served:
        yield served
