"""A gateway on its own database and one simulator of identity providers for all tests here."""

from collections.abc import Iterator

import pytest
import requests
from joserfc.jwk import ECKey
from sqlalchemy.orm import sessionmaker

from services.gateway.partner_systems.clients import Client
from shared.database import open_sessions
from tests.integration.assessment.desk import Desk, a_referral
from tests.integration.gateway.signing_in.signing import (
    PUBLIC_URL,
    WAYS_IN,
    Assessment,
    Gateway,
)
from tests.simulators.identity.conftest import Simulator
from tests.simulators.identity_server import identity_server
from tests.simulators.listener import Listener, listening

PARTNER = "trust-records"


@pytest.fixture(scope="session")
def partner_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "partner-1"})


@pytest.fixture(scope="session")
def logouts() -> Iterator[Listener]:
    """Where the simulator sends logout tokens."""
    with listening() as heard:
        yield heard


@pytest.fixture(scope="session")
def served(logouts: Listener) -> Iterator[str]:
    callbacks = " ".join(f"{PUBLIC_URL}/sign-in/{way}/callback" for way in WAYS_IN)
    with identity_server(
        IDENTITY_REDIRECT_URIS=callbacks, IDENTITY_BACKCHANNEL_URI=f"{logouts.url}/ended"
    ) as url:
        yield url


@pytest.fixture
def simulator(served: str) -> Iterator[Simulator]:
    yield Simulator(served)
    requests.delete(f"{served}/_sim/faults", timeout=10)


@pytest.fixture
def assessment(emptied) -> Assessment:
    return Assessment(emptied("assessment"))


@pytest.fixture
def gateway(emptied, engines, simulator, assessment, partner_key) -> Gateway:
    emptied("gateway")
    transactions: sessionmaker = open_sessions(engines("gateway"))
    partner = Client(
        client_id=PARTNER,
        organisation="nhs-trust",
        algorithms=["ES256"],
        keys=[partner_key.as_dict(private=False)],
    )
    return Gateway(simulator.url, transactions, assessment, {PARTNER: partner})


@pytest.fixture
def alex(assessment) -> str:
    """Have Alex referred, whose NHS number the ready user bears, and return the person's id."""
    return Desk(assessment._transaction).ask("receive_referral", **a_referral())["person_id"]
