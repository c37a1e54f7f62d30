"""The client speaks to the real door; only the services behind it are stood in for."""

from http import HTTPStatus
from uuid import UUID, uuid4

import pytest

from clients.python.commonpurse_client import Client, NotAnsweredError, ProblemError
from services.gateway.problems import ProblemError as Problem
from services.gateway.problems import refused
from services.gateway.visitors import Visitor
from shared.trace import traceparent_of
from tests.integration.gateway.one_app import OneApp
from tests.unit.client.through import session_through

REFUSAL = {"code": "card_frozen", "message": "So.", "next_step": "Do.", "details": {"n": 1}}
AWAY = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "away", "Away.", next_step="Ask again.")


class Services:
    """Answer what a test has ready for an operation, and note what came."""

    def __init__(self):
        self.answers, self.came, self.stories = {}, [], []

    def ask(self, operation, request, *, actor):
        return self._answer(operation, request, None)

    def tell(self, operation, request, *, actor, command_id, story_id=None):
        self.stories.append(story_id)
        return self._answer(operation, request, command_id)

    def ask_until(self, operation, request, *, actor, is_settled, seconds):
        return self._answer(operation, request, None)

    def _answer(self, operation, request, command_id):
        self.came.append((operation, request, command_id))
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def client_of(services):
    def enter(role):
        visitor = Visitor(
            client="c", actor_id=str(uuid4()), roles=(role,), organisation="o", purpose="p"
        )
        app = OneApp(services, who_asks=lambda: visitor)
        session = session_through(app)
        return Client("https://gateway.example", token="t", http=session, deadline_seconds=0)

    return enter


def buy(client, **more):
    told = {"budget_id": uuid4(), "item_id": uuid4(), "amount_pence": 1, "instruction": "x"}
    return client.payments.request_purchase(**{**told, **more})


def test_a_command_belongs_to_the_story_that_the_caller_names(services, client_of):
    services.answers["payments.request_purchase"] = {"state": "requested"}
    client, story_id = client_of("broker"), uuid4()

    buy(client)
    client._http.headers["traceparent"] = traceparent_of(story_id, uuid4())
    buy(client)
    client._http.headers["traceparent"] = "not one"
    buy(client)

    assert services.stories == [None, story_id, None]


def test_a_list_is_read_to_its_end(services, client_of):
    services.answers["payments.purchases"] = [{"payee": str(n)} for n in range(5)]
    client = client_of("broker")

    items = list(client.iterate(client.payments.purchases, budget_id=uuid4(), limit=2))

    assert [one["payee"] for one in items] == ["0", "1", "2", "3", "4"]
    assert len(services.came) == 3


def test_a_purchase_is_asked_for_by_one_key_and_waited_for(services, client_of):
    services.answers["payments.request_purchase"] = {"state": "requested"}
    services.answers["payments.purchase"] = {"state": "open", "payee": "A shop"}
    client = client_of("broker")

    seen = [buy(client, key="the-same-key") for _ in range(2)]
    waited = buy(client, wait=10)

    assert seen[0]["purchase_id"] == seen[1]["purchase_id"]
    assert UUID(seen[0]["purchase_id"])
    assert (waited["state"], waited["payee"]) == ("open", "A shop")
    ids = [one for name, _, one in services.came if name == "payments.request_purchase"]
    assert len(set(ids)) == 2


def test_a_refusal_reaches_whoever_asked(services, client_of):
    services.answers["payments.request_purchase"] = refused(REFUSAL)

    with pytest.raises(ProblemError) as error:
        buy(client_of("broker"), key="a-key-of-mine")

    told = error.value
    assert (told.status, told.code, told.detail) == (409, "card_frozen", "So.")
    assert (told.next_step, told.details, told.key) == ("Do.", {"n": 1}, "a-key-of-mine")
    assert UUID(told.request_id)


@pytest.mark.parametrize(
    ("more", "code", "status"),
    [
        ({"amount_pence": 0}, "invalid_request", 422),
        ({"budget_id": "none"}, "invalid_request", 422),
        ({"key": "short"}, "idempotency_key_wanted", 400),
    ],
)
def test_what_the_door_refuses_reaches_nobody(services, client_of, more, code, status):
    with pytest.raises(ProblemError) as error:
        buy(client_of("broker"), **more)

    assert (error.value.code, error.value.status, services.came) == (code, status, [])


def test_who_may_not_is_told_so(services, client_of):
    with pytest.raises(ProblemError) as error:
        buy(client_of("budget_holder"))

    assert (error.value.code, error.value.status) == ("not_allowed", 403)


def test_a_list_of_several_services_says_which_one_is_away(services, client_of):
    for service in ("assessment", "payments", "notifications"):
        services.answers[f"{service}.open_tasks"] = []
    services.answers["payments.open_tasks"] = AWAY
    client = client_of("care_coordinator")

    with pytest.raises(NotAnsweredError) as error:
        list(client.iterate(client.tasks))
    assert error.value.services == ["payments"]
    assert list(client.iterate(client.tasks, may_lack=True)) == []


def test_what_was_seen_is_changed_by_its_version(services, client_of):
    services.answers["notifications.set_preferences"] = {}
    told = {"person_id": uuid4(), "channels": ["sms"], "reason": "Asked"}

    client_of("care_coordinator").notifications.set_preferences(**told, if_match=3)

    ((_, request, _),) = services.came
    assert request["replaces_version"] == 3


def test_flags_in_an_address_are_read(services, client_of):
    services.answers["payments.exceptions"] = []
    client = client_of("finance_officer")

    list(client.iterate(client.payments.exceptions, is_open=False))

    ((_, request, _),) = services.came
    assert request["is_open"] is False
