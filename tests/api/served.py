"""A whole suite with some cases in it, whose gateway lets a few ask for very much."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from demo.reading import read_cases
from deploy.local.stack import Stack
from shared import clock
from tests.api.signing_in import COLLEAGUES
from tests.e2e.conftest import CHECKOUT, play_on

STACK = "test-api"
CASES = 6
# A handful of people ask for all of it here: what keeps people from that is tested elsewhere.
LIMITS = {
    "GATEWAY_REQUESTS_AT_ONCE": "1000000",
    "GATEWAY_REQUESTS_PER_SECOND": "1000000",
    "GATEWAY_SIGN_INS_AT_ONCE": "1000000",
    "GATEWAY_SIGN_INS_PER_SECOND": "1000000",
    "GATEWAY_PEOPLE_PER_HOUR": "1000000",
}


@dataclass(frozen=True, kw_only=True)
class Served:
    """Where it is, and who is signed in."""

    gateway: str
    databases: Mapping[str, str]  # addresses, by service, as the server's administrator
    people: tuple[tuple[str, str, str], ...]  # way in, user and role of each who can sign in


@contextmanager
def served(name: str = STACK) -> Iterator[Served]:
    """Play a few cases, and end it all afterwards."""
    stack = Stack.named(name)
    try:
        stack.start(
            fresh=True,
            clock_starts_at=clock.next_tuesday_at_ten(),
            settings={"gateway": LIMITS},
        )
        cases = read_cases(CHECKOUT / "demo" / "cases" / "small.jsonl")[:CASES]
        play_on(stack, cases)
        yield _with_people(stack, cases)
    finally:
        stack.stop(politely=False)
        stack.remove()


def _with_people(stack: Stack, cases: list) -> Served:
    environment = stack.environment()
    gateway = environment["DEMO_GATEWAY_URL"]
    holders = []
    for number, case in enumerate(cases):
        user = f"holder-{number}"
        _add_holder(environment["DEMO_IDENTITY_URL"], user, case.person)
        holders.append(("nhs-login", user, "budget_holder"))
    url = stack.administrator_environment()["COMMONPURSE_DATABASE_URL"].rpartition("/")[0]
    services = ("assessment", "budget", "payments", "notifications")
    return Served(
        gateway=gateway,
        databases={service: f"{url}/{service}" for service in services},
        people=(*COLLEAGUES, *holders),
    )


def _add_holder(identity: str, user: str, person: Mapping[str, str]) -> None:
    """Let a case's person sign in with NHS login."""
    claims = {
        "identity_proofing_level": "P9",
        "nhs_number": person["nhs_number"],
        "family_name": "Otter",
        "birthdate": "1970-01-01",
        "email": f"{user}@example.org",
    }
    asked = {"user": user, "issuer": "/nhs-login", "role": "budget_holder", "claims": claims}
    answer = requests.post(f"{identity}/_sim/users", json=asked, timeout=30)
    answer.raise_for_status()
