"""Each message of a partner is passed on, or rejected with a reason, and answered once."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from clients.edge import RefusedError
from services.partners import errands as passing
from services.partners.inbound import queries
from services.partners.inbound.models import ReceivedState, UnreadableMessage
from services.partners.oversight.queries import open_tasks
from shared.database import open_sessions
from shared.messaging.errands import WORKERS, NotSentError, OutcomeUnknownError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.partners.conftest import a_message


def test_a_message_that_may_be_is_passed_on_and_not_answered_yet(
    receive, trust, replies, errands, received
):
    message = a_message(trust)

    receive(message, trust)

    assert errands() == [{"partner": trust.code, "message_id": message["id"]}]
    assert replies(trust) == []
    assert received()[0].state is ReceivedState.WAITING


REJECTIONS = [
    ({"specversion": "0.3"}, "invalid_envelope", "specversion"),
    ({"time": "yesterday"}, "invalid_envelope", "time"),
    ({"time": "2026-11-24T10:00:00"}, "invalid_envelope", "time"),
    ({"data": "a text"}, "invalid_envelope", "data"),
    ({"data": []}, "invalid_envelope", "data"),
    ({"type": "referral.submit.v1"}, "invalid_envelope", "type"),
    ({"type": ["a"]}, "invalid_envelope", "type"),
    ({"datacontenttype": "text/xml"}, "invalid_envelope", "datacontenttype"),
    ({"source": "/org/aldermoor-council/records"}, "wrong_source", "source"),
    ({"source": "/org/aldermoor-trust/pharmacy"}, "wrong_source", "source"),
    ({"type": "uk.commonpurse.admission.notify.v2"}, "unsupported_version", "type"),
    ({"type": "uk.commonpurse.admission.burn.v1"}, "unknown_type", "type"),
    ({"type": "uk.commonpurse.move.notify.v1"}, "not_agreed", "type"),
    ({"data": {"person_id": "7", "admitted_on": "2026-11-24"}}, "invalid_data", "person_id"),
    ({"data": {"admitted_on": "2026-11-24"}}, "invalid_data", "person_id"),
    *(
        ({"data": {"person_id": str(uuid4()), "admitted_on": day}}, "invalid_data", "admitted_on")
        for day in ("0001-01-01", "9999-12-31")
    ),
]


@pytest.mark.parametrize(("changed", "code", "field"), REJECTIONS)
def test_what_may_not_be_is_rejected_with_code_reason_and_field(  # noqa: PLR0917 - what a test needs
    receive, trust, replies, errands, received, told, changed, code, field
):
    message = a_message(trust, **changed)

    receive(message, trust)

    (reply,) = replies(trust)
    assert reply["type"] == "uk.commonpurse.reply.rejected.v1"
    assert reply["causationid"] == message["id"]
    said = reply["data"]
    assert (said["message_id"], said["code"], said["field"]) == (message["id"], code, field)
    assert said["reason"]
    assert said["next_step"]
    assert errands() == []
    assert received()[0].body is None
    assert told() == ["partners.message_rejected.v1"]


def test_what_a_field_held_is_not_said_again(receive, trust, replies):
    data = {"person_id": "999 000 0018", "admitted_on": "Thistlewood"}

    receive(a_message(trust, data=data), trust)

    said = json.dumps(replies(trust))
    assert "999 000 0018" not in said
    assert "Thistlewood" not in said


def test_an_unknown_field_is_refused_since_it_may_be_meant(receive, trust, replies):
    data = {"person_id": str(uuid4()), "admitted_on": "2026-11-24", "ward": "B"}

    receive(a_message(trust, data=data), trust)

    assert replies(trust)[0]["data"]["field"] == "ward"


@pytest.mark.parametrize("name", ["Ms Thistlewood", "\ud800", "\0", "x" * 61])
def test_a_field_whose_name_is_none_is_not_named(receive, trust, replies, name):
    data = {"person_id": str(uuid4()), "admitted_on": "2026-11-24", name: 1}

    receive(a_message(trust, data=data), trust)

    assert replies(trust)[0]["data"].get("field", "") == ""


def test_a_role_that_was_not_agreed_speaks_for_nobody(receive, trust, replies):
    data = {
        "referral_id": str(uuid4()),
        "domain": "A1",
        "author_role": "porter",
        "reasons": "It is not so.",
    }

    receive(a_message(trust, "assessment.dispute.v1", data), trust)

    assert replies(trust)[0]["data"]["code"] == "role_not_agreed"


def test_a_copy_of_a_rejected_message_gets_the_same_reply(receive, trust, replies, received):
    message = a_message(trust, data={})

    for _ in range(3):
        receive(message, trust)

    first, *others = replies(trust)
    assert others == [first, first]
    assert received()[0].copies == 2


def test_a_copy_of_a_message_on_its_way_is_passed_on_once(receive, trust, replies, errands):
    message = a_message(trust)

    for _ in range(3):
        receive(message, trust)

    assert len(errands()) == 1
    assert replies(trust) == []


def test_the_same_id_with_another_content_is_told_so_and_changes_nothing(
    receive, trust, replies, errands
):
    message = a_message(trust)
    other = {**message, "data": {**message["data"], "admitted_on": "2026-11-23"}}

    receive(message, trust)
    for _ in range(2):
        receive(other, trust)

    first, second = replies(trust)
    assert first == second
    assert first["data"]["code"] == "id_reused"
    assert len(errands()) == 1


def test_two_partners_may_choose_the_same_id(receive, trust, council, replies):
    message_id = str(uuid4())

    receive(a_message(trust, data={}, id=message_id), trust)
    receive(a_message(council, data={}, id=message_id), council)

    assert replies(trust)[0]["data"]["code"] == "invalid_data"
    assert replies(council)[0]["data"]["code"] == "not_agreed"
    assert replies(trust)[0]["id"] != replies(council)[0]["id"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b'{"a"', "not_json"), (b"\xff", "not_utf8"), (b"{}", "no_id"), (b"[" * 99, "too_deep")],
)
def test_what_nobody_can_be_answered_about_is_kept_and_somebodys_task(  # noqa: PLR0917 - what a test needs
    receive, trust, replies, transaction, body, reason
):
    receive(body, trust)

    assert replies(trust) == []
    with transaction() as session:
        (kept,) = session.scalars(select(UnreadableMessage))
        (task,) = open_tasks({"role": None}, session=session)
    assert (kept.partner, kept.reason, kept.body) == (trust.code, reason, body)
    assert task["kind"] == "partner_message_unreadable"


def test_what_a_partner_sent_stands_sealed_in_the_database(receive, trust, transaction):
    receive(a_message(trust, extension="Thistlewood"), trust)

    with transaction() as session:
        (body,) = session.execute(text("SELECT body FROM received_messages")).one()
    assert b"Thistlewood" not in bytes(body)


def test_the_answer_of_the_service_becomes_the_one_reply(receive, trust, replies, transaction):
    message = a_message(trust)
    receive(message, trust)
    arguments = {"partner": trust.code, "message_id": message["id"]}
    event_id = str(uuid4())

    for _ in range(2):
        with transaction() as session:
            passing.record({"event_id": event_id}, arguments, session=session, trace=a_trace())

    (reply,) = replies(trust)
    assert reply["type"] == "uk.commonpurse.reply.accepted.v1"
    assert reply["data"]["ids"] == {"event_id": event_id}


def test_an_errand_that_is_given_up_is_told_as_not_done(receive, trust, replies, transaction):
    message = a_message(trust)
    receive(message, trust)
    arguments = {"partner": trust.code, "message_id": message["id"]}

    with transaction() as session:
        passing.give_up("out_of_tries", arguments, session=session, trace=a_trace())

    assert replies(trust)[0]["data"]["code"] == "not_done"


class Refusing:
    """A service that refuses everything with one code."""

    def __init__(self, code):
        self._refusal = {"code": code, "message": "No.", "next_step": "Wait.", "details": {}}

    def command(self, *_asked):
        raise RefusedError(self._refusal)


@pytest.fixture
def pass_on(receive, trust, register, engines, transaction):
    """Pass a message on to a service that refuses it, so many seconds after it came."""

    def passed_on(code, *, after_seconds=0):
        message = a_message(trust)
        receive(message, trust)
        return passing.PassingOn(
            sessions=open_sessions(engines("partners")),
            register=register,
            caller=Refusing(code),
            now=lambda: TUESDAY_AT_TEN + timedelta(seconds=after_seconds),
        ).call(uuid4(), {"partner": trust.code, "message_id": message["id"]})

    return passed_on


def test_what_a_service_does_at_this_moment_is_asked_about_again_and_not_called_refused(pass_on):
    with pytest.raises(OutcomeUnknownError):
        pass_on("in_progress", after_seconds=3600)


def test_what_is_not_known_yet_is_tried_for_a_while_and_then_refused(pass_on):
    with pytest.raises(NotSentError):
        pass_on("not_known_yet", after_seconds=19)
    assert pass_on("not_known_yet", after_seconds=20).code == "not_known_yet"


def room(partner, transaction, *, after_seconds=0):
    at = TUESDAY_AT_TEN + timedelta(seconds=after_seconds)
    with transaction() as session:
        return queries.room(partner.code, at=at, session=session)


def test_no_more_of_a_partner_is_under_way_at_once_than_leaves_hands_for_others(
    receive, trust, council, transaction
):
    for _ in range(queries.MOST_UNDER_WAY):
        receive(a_message(trust), trust)

    assert queries.MOST_UNDER_WAY < WORKERS
    assert room(trust, transaction) == 0
    assert room(council, transaction) == queries.MOST_UNDER_WAY


def test_what_waits_for_longer_holds_up_nothing_until_very_much_does(
    receive, trust, transaction, monkeypatch
):
    for _ in range(queries.MOST_UNDER_WAY):
        receive(a_message(trust), trust)

    assert room(trust, transaction, after_seconds=6) == queries.MOST_UNDER_WAY
    monkeypatch.setattr(queries, "MOST_WAITING", queries.MOST_UNDER_WAY)
    assert room(trust, transaction, after_seconds=6) == 0


def test_the_story_of_a_partner_goes_on(receive, trust, replies, received):
    story = str(uuid4())

    receive(a_message(trust, correlationid=story, data={}), trust)

    assert replies(trust)[0]["correlationid"] == story
    assert received()[0].correlation_id == UUID(story)
