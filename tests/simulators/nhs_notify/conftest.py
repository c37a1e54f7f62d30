"""A simulator of NHS Notify for each test, a caller with a token, and who hears its callbacks."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests

from tests.simulators import nhs_notify_server as server
from tests.simulators.listener import Listener, listening

PATIENCE_SECONDS = 30
ORDINARY = "9000000009"


class Caller:
    """Somebody who signs in and sends."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def assertion(self, *, headers: dict | None = None, **changed: Any) -> str:
        claims = {
            "iss": server.API_KEY,
            "sub": server.API_KEY,
            "aud": f"{self.url}/oauth2/token",
            "jti": str(uuid4()),
            "exp": int(time.time()) + 60,
            **changed,
        }
        known = {"kid": server.KEY_ID}
        key = server.PRIVATE_KEY
        return jwt.encode(claims, key, algorithm="RS512", headers=headers or known)

    def sign_in(self, assertion: str, **changed: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            **changed,
        }
        return requests.post(f"{self.url}/oauth2/token", data=form, timeout=5)

    def headers(self) -> dict:
        if not self.token:
            self.token = self.sign_in(self.assertion()).json()["access_token"]
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/vnd.api+json",
        }

    def send(
        self, reference: str, *, plan: str = "03", nhs_number: str = ORDINARY, **changed: Any
    ) -> requests.Response:
        attributes = {
            "routingPlanId": f"00000000-0000-0000-0000-0000000000{plan}",
            "messageReference": reference,
            "recipient": {"nhsNumber": nhs_number},
            "personalisation": {"sms_body": "Hello."},
            **changed,
        }
        return self.post({"data": {"type": "Message", "attributes": attributes}})

    def post(self, body: object, **headers: str) -> requests.Response:
        url = f"{self.url}/comms/v1/messages"
        return requests.post(url, json=body, headers={**self.headers(), **headers}, timeout=5)

    def look(self, message_id: str) -> dict:
        url = f"{self.url}/comms/v1/messages/{message_id}"
        answer = requests.get(url, headers=self.headers(), timeout=5)
        return answer.json()["data"]["attributes"]

    def ends_as(self, message_id: str, status: str) -> dict:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while (found := self.look(message_id))["messageStatus"] != status:
            assert time.monotonic() < give_up_at, found
        return found

    def plan(self, fault: str, **details: float) -> None:
        body = {"fault": fault, **details}
        assert requests.post(f"{self.url}/_sim/faults", json=body, timeout=5).status_code == 201

    def planned(self) -> list[dict]:
        return requests.get(f"{self.url}/_sim/faults", timeout=5).json()["rules"]

    def move(self, **how: float) -> None:
        assert requests.post(f"{self.url}/_sim/clock", json=how, timeout=5).ok

    def inbox(self, **only: str) -> list[dict]:
        return requests.get(f"{self.url}/_inbox.json", params=only, timeout=5).json()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


@pytest.fixture
def caller(listener: Listener) -> Iterator[Caller]:
    with server.nhs_notify_server(f"{listener.url}/callbacks") as url:
        yield Caller(url)


@pytest.fixture
def reference() -> str:
    return str(uuid4())


@pytest.fixture
def told(listener: Listener) -> Callable[..., list[dict]]:
    """Wait for callbacks with a status of a message, and return what they say."""

    def wait(reference: str, status: str, *, times: int = 1) -> list[dict]:
        def matching() -> list[dict]:
            every = [one.event["data"][0] for one in listener.received]
            return [
                one
                for one in every
                if one["attributes"]["messageReference"] == reference
                and one["attributes"]["messageStatus"] == status
            ]

        assert listener.wait_until(lambda: len(matching()) >= times)
        return matching()

    return wait
