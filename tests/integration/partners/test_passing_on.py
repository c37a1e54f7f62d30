"""What a service answers becomes the reply: the ids that a partner can refer to, or why not."""

from uuid import UUID, uuid4

import pytest

from clients.edge import RefusedError
from services.partners.errands import PassingOn
from services.partners.inbound.rules import Rejection
from shared.database import open_sessions
from tests.integration.partners.conftest import a_message

REFUSAL = {"code": "no_such_thing", "message": "No.", "next_step": "Ask.", "details": {}}


class Service:
    """Carries out what it is asked, or refuses."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def command(self, actor, incoming, told, correlation_id):
        self.asked.append((actor, incoming.as_request(told)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def pass_on(register, engines, receive, errands):
    """Take a message in and pass it on to a service that answers so."""

    def passed(message, partner, answer):
        receive(message, partner)
        service = Service(answer)
        passing_on = PassingOn(
            sessions=open_sessions(engines("partners")), register=register, caller=service
        )
        (arguments,) = errands()
        return passing_on.call(uuid4(), arguments), service.asked

    return passed


def test_the_reply_names_the_id_that_was_made_and_those_of_the_answer(pass_on, trust):
    person_id = str(uuid4())
    message = a_message(trust, data={"person_id": person_id, "admitted_on": "2026-11-24"})

    answer, ((actor, request),) = pass_on(
        message, trust, {"person_id": person_id, "version": 2, "family_name": "not to be told"}
    )

    assert UUID(request["event_id"])
    assert answer == {"event_id": request["event_id"], "person_id": person_id, "version": 2}
    assert (actor.organisation, actor.roles) == ("nhs-trust", ("partner_system",))


def test_what_the_answer_names_counts_before_what_was_made(pass_on, trust):
    """Another message said it first, so that what there is has another id."""
    earlier = str(uuid4())

    answer, _ = pass_on(a_message(trust), trust, {"event_id": earlier})

    assert answer == {"event_id": earlier}


def test_a_refusal_of_the_service_is_the_rejection(pass_on, trust):
    answer, _ = pass_on(a_message(trust), trust, RefusedError(REFUSAL))

    assert answer == Rejection(code="no_such_thing", reason="No.", next_step="Ask.")


def test_a_field_that_the_service_does_not_take_is_named(pass_on, trust):
    refusal = {**REFUSAL, "code": "invalid_request", "details": {"admitted_on": ["It is to come."]}}

    answer, _ = pass_on(a_message(trust), trust, RefusedError(refusal))

    assert (answer.code, answer.field) == ("invalid_request", "admitted_on")
