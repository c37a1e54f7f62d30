"""Partners' own systems send for the demo; what their replies say is told as services tell it."""

from threading import Event
from uuid import UUID, uuid5

import pytest
import requests
from flask import Flask, jsonify, request

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from demo import calling
from demo.calling import Caller
from demo.crew import reason_of
from demo.partner_systems import CODES, COUNCIL, TRUST, PartnerSystems, Way
from demo.playing.funding import SYSTEMS
from demo.staff import FINANCE_OFFICER, NAMESPACE
from deploy.local.environments import PARTNERS_FILES
from services.gateway.door import COMMANDS
from services.partners.register import Register
from tests.unit.client.through import Through

ENVIRONMENT = {
    "DEMO_TRUST_URL": "http://trust.example",
    "DEMO_COUNCIL_URL": "http://council.example",
}
IDS = {"message_id": UUID(int=1), "story_id": UUID(int=2)}
ACCEPTED = {
    "type": "uk.commonpurse.reply.accepted.v1",
    "data": {"ids": {"referral_id": "r-1"}},
}
REJECTED = {
    "type": "uk.commonpurse.reply.rejected.v1",
    "data": {
        "code": "invalid_data",
        "field": "person.birth_date",
        "reason": "Not a valid date.",
        "next_step": "Compare it with its form.",
    },
}


class Simulators:
    """Answer as a test has it ready, and note what came."""

    def __init__(self):
        self.app = Flask(__name__)
        self.app.add_url_rule("/messages", view_func=self.answer, methods=["POST"])
        self.planned = []  # status and answer
        self.came = []

    def answer(self):
        self.came.append((request.host, request.get_json()))
        status, answer = self.planned.pop(0)
        return jsonify(answer), status


@pytest.fixture
def simulators():
    return Simulators()


@pytest.fixture
def systems(simulators):
    http = requests.Session()
    http.mount("http://", Through(simulators.app))
    return PartnerSystems(ENVIRONMENT, http=http)


def refer(systems, organisation=TRUST, by=Way.MESH):
    return systems.send(organisation, "referral.submit.v1", {"a": 1}, by=by, **IDS)


def test_the_partner_is_told_what_to_send_and_the_reply_names_what_came_of_it(systems, simulators):
    simulators.planned = [(200, ACCEPTED), (200, ACCEPTED)]

    assert refer(systems) == {"referral_id": "r-1"}
    refer(systems, COUNCIL, Way.AMQP)

    told = {"type": "referral.submit.v1", "data": {"a": 1}}
    ids = {"id": str(IDS["message_id"]), "story": str(IDS["story_id"])}
    assert simulators.came == [
        ("trust.example", {**told, **ids, "by": "mesh"}),
        ("council.example", {**told, **ids, "by": "amqp"}),
    ]


def test_a_case_whose_message_is_rejected_is_told_with_code_field_and_reason(
    simulators, monkeypatch
):
    simulators.planned = [(200, REJECTED)]
    caller = Caller(ENVIRONMENT, stop=Event())
    http = requests.Session()
    http.mount("http://", Through(simulators.app))
    monkeypatch.setattr(calling, "PartnerSystems", lambda told: PartnerSystems(told, http=http))

    with pytest.raises(RefusedError) as refused:
        refer(caller)

    assert refused.value.code == "invalid_data"
    assert refused.value.details == {"field": "person.birth_date"}
    assert reason_of(refused.value) == (
        "nhs-trust by mesh: referral.submit.v1: invalid_data: person.birth_date: "
        "Not a valid date. Compare it with its form."
    )
    assert len(simulators.came) == 1  # it is an answer: nobody asks again


def test_a_rejection_of_no_field_names_none(systems, simulators):
    said = {name: text for name, text in REJECTED["data"].items() if name != "field"}
    simulators.planned = [(200, {**REJECTED, "data": said})]

    with pytest.raises(RefusedError, match=r"^invalid_data: Not a valid date"):
        refer(systems)


def test_what_was_not_answered_is_sent_again_under_its_id(simulators, monkeypatch):
    monkeypatch.setattr(calling, "PAUSE_SECONDS", 0)
    simulators.planned = [(504, {}), (502, {}), (200, ACCEPTED)]
    caller = Caller(ENVIRONMENT, stop=Event())
    http = requests.Session()
    http.mount("http://", Through(simulators.app))
    monkeypatch.setattr(calling, "PartnerSystems", lambda told: PartnerSystems(told, http=http))

    assert refer(caller) == {"referral_id": "r-1"}

    assert len(simulators.came) == 3
    assert len({told["id"] for _, told in simulators.came}) == 1
    caller.close()


@pytest.mark.parametrize(
    ("status", "error"), [(504, CallTimedOutError), (502, CallFailedError), (500, CallFailedError)]
)
def test_whether_it_arrived_is_not_known(systems, simulators, status, error):
    simulators.planned = [(status, {})]

    with pytest.raises(error, match="nhs-trust"):
        refer(systems)


def test_a_simulator_that_is_not_there_is_a_timeout():
    nowhere = PartnerSystems(dict.fromkeys(ENVIRONMENT, "http://127.0.0.1:1"))

    with pytest.raises(CallTimedOutError, match="nhs-trust"):
        refer(nowhere)
    nowhere.close()


def test_the_partners_files_name_what_the_demo_registers_and_sends():
    """The gateway makes ids of who asks and of the key, so that they are the same in every run."""
    agreements = Register.read(PARTNERS_FILES).agreements

    for kind, organisation in SYSTEMS.items():
        key = uuid5(NAMESPACE, f"budget.register_funder/{kind}")
        command_id = uuid5(COMMANDS, f"{FINANCE_OFFICER.staff_id}/{key}")
        agreement = agreements[CODES[organisation]]
        assert agreement.organisation == organisation
        assert agreement.funder_id == str(uuid5(command_id, "funder_id"))
