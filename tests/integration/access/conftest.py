"""Every service with the three people in it, made once for all tests of a module."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.integration.access.cells import POLICY
from tests.integration.access.service import Peopled, peopled
from tests.unit.gateway.operations import SERVICES


@pytest.fixture(scope="module")
def house(emptied: Callable[[str], Any], engines: Callable[[str], Engine]) -> Mapping[str, Peopled]:
    """Return the services by their names."""
    offered = {operation.partition(".")[0] for operation in POLICY.rules}
    services = [service for service in SERVICES if service.name in offered]
    for service in services:
        emptied(service.name)
    return {service.name: peopled(service, engines(service.name)) for service in services}
