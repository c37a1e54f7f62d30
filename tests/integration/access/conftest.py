"""Every service with the three people in it, made once for all tests of a module."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from services.partners.service import PartnersService
from tests.integration.access.service import Peopled, peopled
from tests.unit.gateway.operations import SERVICES

# What partners is asked is for whoever looks after the suite: the door leads nobody there.
BEHIND_THE_DOOR = [service for service in SERVICES if service is not PartnersService]


@pytest.fixture(scope="module")
def house(emptied: Callable[[str], Any], engines: Callable[[str], Engine]) -> Mapping[str, Peopled]:
    """Return the services by their names."""
    for service in BEHIND_THE_DOOR:
        emptied(service.name)
    return {service.name: peopled(service, engines(service.name)) for service in BEHIND_THE_DOOR}
