"""What the gateway tells Prometheus: words of ours, and nobody's id."""

import re
from uuid import uuid4

import pytest
import yaml
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import sessionmaker

from clients.edge import CallBusyError, CallFailedError, CallTimedOutError, RefusedError
from services.gateway import problems
from services.gateway.app import app_on, signed_in_app
from services.gateway.calling import Callers
from services.gateway.problems import not_signed_in
from services.gateway.settings import GatewaySettings
from services.gateway.visitors import Visitor
from tests.architecture.house import ROOT

BROKER_ID, BUDGET_ID = str(uuid4()), str(uuid4())
BROKER = Visitor(
    client=BROKER_ID,
    actor_id=BROKER_ID,
    roles=("broker",),
    organisation="voluntary-broker",
    purpose="direct_care",
)
REFUSAL = {"code": "no_budget_like_it", "message": "No.", "next_step": "Look.", "details": {}}
ROUTE = "GET /v1/budgets/<uuid:budget_id>"


def counted(name, **labels):
    return REGISTRY.get_sample_value(f"commonpurse_gateway_{name}", labels) or 0


class Refusing:
    """A service that refuses everything."""

    def ask(self, *_asked, **_more):
        raise problems.refused(REFUSAL)


@pytest.fixture
def get():
    return app_on(Refusing(), who_asks=lambda: BROKER).test_client().get


def test_a_request_is_counted_by_its_route_by_the_role_and_by_what_became_of_it(get):
    labels = {"route": ROUTE, "role": "broker", "status": "409"}
    before = counted("requests_total", **labels)
    timed = counted("request_seconds_count", route=ROUTE)
    refused = counted("refusals_total", code=REFUSAL["code"])

    get(f"/v1/budgets/{BUDGET_ID}")

    assert counted("requests_total", **labels) == before + 1
    assert counted("request_seconds_count", route=ROUTE) == timed + 1
    assert counted("refusals_total", code=REFUSAL["code"]) == refused + 1


def test_whoever_is_not_known_is_counted_as_nobody():
    def nobody():
        raise not_signed_in()

    labels = {"route": ROUTE, "role": "nobody", "status": "401"}
    before = counted("requests_total", **labels)

    app_on(Refusing(), who_asks=nobody).test_client().get(f"/v1/budgets/{BUDGET_ID}")

    assert counted("requests_total", **labels) == before + 1


def test_neither_ids_nor_what_somebody_made_up_is_told(get):
    made_up = f"made-up-{uuid4()}"
    get(f"/v1/budgets/{BUDGET_ID}")
    get(f"/v1/{made_up}")
    get(f"/v1/budgets/{made_up}?{made_up}={made_up}")
    app_on(Refusing(), who_asks=lambda: BROKER).test_client().open(
        f"/v1/budgets/{BUDGET_ID}", method=made_up.upper()
    )

    told = generate_latest(REGISTRY).decode().lower()

    assert {word for word in (BROKER_ID, BUDGET_ID, made_up, "voluntary") if word in told} == set()
    assert counted("requests_total", route="none", role="nobody", status="404") > 0


@pytest.mark.parametrize(
    ("came", "outcome"),
    [
        (None, "done"),
        (RefusedError(REFUSAL), "refused"),
        (CallTimedOutError(), "no_answer"),
        (CallFailedError(), "fault"),
        (CallBusyError(), "busy"),
        (OSError(), "away"),
    ],
)
def test_a_call_to_a_service_is_counted_by_its_outcome(monkeypatch, came, outcome):
    class Edge:
        actor = None

        def query(self, *_asked, **_more):
            if came is not None:
                raise came

    monkeypatch.setattr("services.gateway.calling.Edge.connect", lambda *_a, **_k: Edge())
    labels = {"service": "budget", "outcome": outcome}
    before = counted("call_seconds_count", **labels)
    actor = BROKER.actor("budget.statement", policy=NO_RULES, request_id="1")

    try:
        Callers({}).ask("budget.statement", {}, actor=actor)
    except problems.ProblemError:
        assert outcome != "done"

    assert counted("call_seconds_count", **labels) > before


class _NoRules:
    def relations(self, *_asked):
        return frozenset()


NO_RULES = _NoRules()


def expressions():
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "gateway.yml").read_text())
    return [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def whole_app():
    """The gateway with its ways in; it is never asked."""
    settings = GatewaySettings(database_url="", public_url="https://x", providers={}, clients={})
    return signed_in_app(settings, Refusing(), transactions=sessionmaker(), now=None)


def test_every_alarm_is_about_a_figure_that_is_told():
    told = {
        sample.name
        for family in text_string_to_metric_families(generate_latest(REGISTRY).decode())
        for sample in family.samples
    }
    named = {
        word
        for expression in expressions()
        for word in expression.replace("(", " ").replace("[", " ").replace("{", " ").split()
        if word.startswith("commonpurse_")
    }

    assert named
    assert named <= told


def test_every_address_that_an_alarm_names_is_there():
    """Else nobody would be called, and nothing would say so."""
    every = {
        f"{method} {rule.rule}"
        for rule in whole_app().url_map.iter_rules()
        for method in rule.methods or ()
    }
    named = [
        word
        for one in expressions()
        for words in re.findall(r'route=~?"([^"]+)"', one)
        for word in words.split("|")
    ]

    assert len(named) >= 5
    assert [word for word in named if not any(re.fullmatch(word, one) for one in every)] == []


@pytest.mark.parametrize(
    ("code", "where"),
    [("too_many_people", "limits/limiter.py"), ("not_signed_in", "problems.py")],
)
def test_every_refusal_that_an_alarm_names_is_one_of_ours(code, where):
    named = {word for one in expressions() for word in re.findall(r'code="([^"]+)"', one)}

    assert code in named
    assert f'"{code}"' in (ROOT / "services" / "gateway" / where).read_text()
