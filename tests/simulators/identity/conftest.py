"""One simulator for all tests here: its keys take a while to make. Faults end with each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.simulators import identity_server as server
from tests.simulators.identity.relying_party import RelyingParty


class Simulator:
    """The simulator, by its control routes."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        return requests.get(self.url + path, timeout=10)

    def post(self, path: str, body: object) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=10)

    def plan(self, fault: str, **details: Any) -> None:
        answer = self.post("/_sim/faults", {"fault": fault, **details})
        assert answer.status_code == 201, answer.text

    def planned(self) -> list[dict]:
        return self.get("/_sim/faults").json()["rules"]

    def log(self, what: str) -> list[dict]:
        return [one for one in self.get("/_sim/log").json()["entries"] if one["what"] == what]


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    with server.identity_server() as url:
        yield url


@pytest.fixture
def simulator(served: str) -> Iterator[Simulator]:
    yield Simulator(served)
    requests.delete(f"{served}/_sim/faults", timeout=10)


@pytest.fixture
def relying_party(simulator: Simulator) -> Callable[..., RelyingParty]:
    def make(path: str, *, trusts_authlib: bool = False, **authorise: str) -> RelyingParty:
        return RelyingParty(simulator.url, path, trusts_authlib=trusts_authlib, **authorise)

    return make
