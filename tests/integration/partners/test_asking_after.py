"""Whoever looks after partners asks what became of a message, and how many came and go."""

from uuid import uuid4

import pytest

from services.partners import partnership
from services.partners.inbound.queries import message
from services.partners.outgoing import OUTGOING
from services.partners.oversight.queries import totals
from services.partners.partnership import Partnership
from shared.errors import NotFoundError
from tests.integration.partners.conftest import a_message


@pytest.fixture(autouse=True)
def known(register, monkeypatch):
    here = Partnership(register=register, outgoing=OUTGOING, gateway_url="https://purse.example")
    monkeypatch.setattr(partnership, "current", lambda: here)


@pytest.fixture
def ask(transaction):
    def asked(partner, message_id):
        with transaction() as session:
            return message({"partner": partner, "message_id": message_id}, session=session)

    return asked


def test_a_message_that_waits_is_not_answered_yet(receive, trust, ask):
    sent = a_message(trust)
    receive(sent, trust)

    found = ask(trust.code, sent["id"])

    assert (found["system"], found["transport"], found["state"]) == ("records", "amqp", "waiting")
    assert found["reply"] is None


def test_of_a_rejected_one_the_reply_says_why(receive, trust, ask):
    sent = a_message(trust, data={})
    receive(sent, trust)
    receive(sent, trust)

    found = ask(trust.code, sent["id"])

    assert (found["state"], found["copies"]) == ("rejected", 1)
    assert found["reply"]["code"] == "invalid_data"
    assert found["reply"]["field"] == "admitted_on"


def test_a_message_of_another_partner_is_none_of_this_one(receive, trust, council, ask):
    sent = a_message(trust)
    receive(sent, trust)

    for partner, message_id in ((council.code, sent["id"]), (trust.code, uuid4())):
        with pytest.raises(NotFoundError):
            ask(partner, message_id)


def test_a_system_that_is_no_more_has_no_way(receive, trust, ask, register, monkeypatch):
    sent = a_message(trust)
    receive(sent, trust)
    monkeypatch.delitem(register.agreements, trust.code)

    assert ask(trust.code, sent["id"])["transport"] is None


def test_what_came_is_counted_by_the_system_that_sent_it(receive, trust, transaction):
    receive(a_message(trust), trust)
    receive(a_message(trust, data={}), trust)

    with transaction() as session:
        found = totals({}, session=session)

    came = {(one["system"], one["state"]): one["count"] for one in found["received"]}
    assert came == {("records", "waiting"): 1, ("records", "rejected"): 1}
    assert {one["state"] for one in found["outgoing"]} == {"pending"}
