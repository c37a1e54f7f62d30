"""What a test of signing in needs: a gateway, the providers it knows, and a browser."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask
from sqlalchemy import func, select

from deploy.local.environments import IDENTITY_FILES
from services.assessment.service import AssessmentService
from services.gateway import providers
from services.gateway.app import signed_in_app
from services.gateway.budgets.routes import BUDGETS
from services.gateway.exceptions.routes import EXCEPTIONS
from services.gateway.limits.rules import Limits
from services.gateway.partner_systems.clients import Client
from services.gateway.problems import refused
from services.gateway.purchases.routes import PURCHASES
from services.gateway.sessions.models import SignedIn
from services.gateway.settings import GatewaySettings
from services.gateway.signing_in.models import AppCode, SignIn
from services.gateway.tokens.models import UsedToken
from shared.messaging.answering import Call
from tests.factories import a_trace
from tests.simulators import identity_server as server

PUBLIC_URL = "https://gateway.example"
WAYS_IN = {
    "nhs-login": "alex",
    "cis2": "care-coordinator",
    "aldermoor": "broker",
    "thornby": "other-team-manager",
}
PATHS = {
    "nhs-login": "/nhs-login",
    "cis2": "/cis2",
    "aldermoor": "/council/E09999999",
    "thornby": "/council/E09999998",
}

ASKED = {  # here, by somebody who is in; to build all the other routes for each test takes long
    "budget.statement",
    "payments.cancel_purchase",
    "payments.exceptions",
    "payments.purchase",
    "payments.purchases",
    "payments.request_purchase",
}
SUBJECTS = [
    replace(
        subject, routes=[route for route in subject.routes if ASKED.intersection(route.operations)]
    )
    for subject in (BUDGETS, EXCEPTIONS, PURCHASES)
]


@dataclass
class Watch:
    """The time of day, as far as a test moves it."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + self.ahead


class Assessment:
    """Asks the service as the edge does, without a broker between."""

    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction
        self.asked: list[tuple[str, Any]] = []

    def ask(self, operation: str, request: Mapping[str, Any], *, actor: Any) -> Any:
        self.asked.append((operation, actor))
        name = operation.partition(".")[2]
        worker = SimpleNamespace(
            name="assessment",
            transaction=self._transaction,
            access=AssessmentService.access,
            trace=a_trace(),
        )
        call = Call(operation=name, request=request, actor=actor)
        answer = getattr(AssessmentService, name)(worker, call)
        if "refusal" in answer:
            raise refused(answer["refusal"])
        return answer["result"]


class Gateway:
    """One gateway at one simulator, and what it has stored."""

    def __init__(
        self,
        url: str,
        transactions: Any,
        assessment: Assessment,
        clients: Mapping[str, Client],
        *,
        limits: Limits | None = None,
        proxies: int = 0,
    ) -> None:
        self.url, self.transactions, self.watch = url, transactions, Watch()
        settings = GatewaySettings(
            database_url="",
            public_url=PUBLIC_URL,
            providers=known_providers(url),
            clients=clients,
            limits=limits or Limits(),
            proxies=proxies,
        )
        self.app: Flask = signed_in_app(
            settings,
            assessment,
            transactions=transactions,
            now=self.watch.now,
            subjects=SUBJECTS,
        )

    def browser(self) -> "Browser":
        return Browser(self)

    def post(self, path: str, **more: Any) -> Any:
        return self.app.test_client().post(path, base_url=PUBLIC_URL, **more)

    def get(self, path: str, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return self.app.test_client().get(path, base_url=PUBLIC_URL, headers=headers)

    def stored(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = (SignedIn, SignIn, AppCode, UsedToken)
        with self.transactions.begin() as session:
            return {
                table.__tablename__: session.scalar(select(func.count()).select_from(table))
                for table in tables
            }

    def sessions(self) -> list[SignedIn]:
        with self.transactions.begin() as session:
            return list(session.scalars(select(SignedIn)))


class Browser:
    """A browser: cookies of the gateway, and another jar for the providers."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.client = gateway.app.test_client()
        self.elsewhere = requests.Session()

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, base_url=PUBLIC_URL, **more)

    def send(self, method: str, path: str, **more: Any) -> Any:
        return self.client.open(path, method=method, base_url=PUBLIC_URL, **more)

    def begin(self, way: str, **said: str) -> Any:
        return self.get(f"/sign-in/{way}?{urlencode(said)}" if said else f"/sign-in/{way}")

    def sent_back(self, way: str, user: str, **said: str) -> str:
        """Choose a user at the provider, and return the address to which it sends us back."""
        address = self.begin(way, **said).headers["Location"]
        answer = self.elsewhere.get(
            f"{address}&{urlencode({'login_hint': user, 'prompt': 'none'})}",
            allow_redirects=False,
            timeout=10,
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def come_back(self, address: str) -> Any:
        parts = urlsplit(address)
        return self.get(f"{parts.path}?{parts.query}")

    def sign_in(self, way: str, user: str | None = None, **said: str) -> Any:
        return self.come_back(self.sent_back(way, user or WAYS_IN[way], **said))

    def me(self) -> Any:
        return self.get("/v1/me")


@cache
def known_providers(url: str) -> Mapping[str, providers.Provider]:
    environment = {
        "GATEWAY_IDENTITY_URL": url,
        "GATEWAY_CLIENT_ID": server.CLIENT_ID,
        "GATEWAY_CLIENT_SECRET": server.CLIENT_SECRET,
        "GATEWAY_CLIENT_KEY_ID": server.KEY_ID,
        "GATEWAY_CLIENT_PRIVATE_KEY": base64.b64encode(
            server.PRIVATE_KEY.as_pem(private=True)
        ).decode(),
    }
    return providers.load((IDENTITY_FILES / "providers.toml").read_text(), environment)


def arguments(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def cookies_of(answer: Any) -> dict[str, set[str]]:
    """The cookies that an answer sets, each with its attributes."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        pair, *attributes = line.split("; ")
        name, _, value = pair.partition("=")
        if value:
            found[name] = {one for one in attributes if not one.startswith("Expires=")}
    return found
