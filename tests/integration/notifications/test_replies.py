"""What people answer by text: no more texts, an answer, or a task; and no text is lost."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from services.notifications import errands
from services.notifications.notify_client import NotifyClient
from services.notifications.replies import handlers
from services.notifications.replies.commands import SeeToReply, TakeReply
from services.notifications.replies.models import Reply
from services.notifications.replies.rules import Meaning
from services.notifications.settings import CallbackSettings, NotifySettings
from services.notifications.suppression.models import Suppression
from services.notifications.web import application
from shared.database import open_sessions
from shared.errors import NotFoundError
from shared.messaging.errands import OutcomeUnknownError, RefusedOutsideError
from shared.messaging.tables import Errand
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts
from tests.simulators.notify_server import LIVE_KEY, notify_server

TOKEN = "a-token-for-received-texts"
NUMBER = "447700900123"


@pytest.fixture
def take(transaction):
    def take_it(message, *, number=NUMBER, reply_id=None, at=TUESDAY_AT_TEN):
        command = TakeReply(
            reply_id=reply_id or uuid4(), number=number, message=message, sent_at=at
        )
        with transaction() as session:
            handlers.take_reply(command, session=session, trace=a_trace(at=at))
        return command.reply_id

    return take_it


@pytest.fixture
def rows(transaction):
    def all_of(table):
        with transaction() as session:
            return list(session.scalars(select(table)))

    return all_of


@pytest.fixture
def planned(rows):
    def answers():
        return [one for one in rows(Errand) if one.kind == handlers.ANSWER_REPLY]

    return answers


def test_a_stop_ends_texts_to_that_number_and_messages_go_another_way(
    take, waiting_message, now, claim, rows
):
    message = waiting_message()
    assert message.channel == "sms"

    take("Stop please")
    claim(message)

    [suppression] = rows(Suppression)
    assert (suppression.channel, suppression.reason) == ("sms", "stop")
    assert suppression.person_id is None
    assert now(message).deliveries[-1].channel != "sms"


def test_a_text_that_comes_twice_is_taken_once(take, rows, tasks):
    reply_id = take("Can you call me on Friday?")
    take("Can you call me on Friday?", reply_id=reply_id)

    assert len(rows(Reply)) == len(tasks()) == 1


def test_a_second_stop_changes_nothing(take, rows):
    take("STOP")
    take("STOP")

    assert len(rows(Suppression)) == 1


def test_anything_else_is_a_task_until_somebody_has_seen_to_it(known, take, tasks, transaction):
    known(mobile="07700 900 123")
    reply_id = take("My carer did not come.")

    [task] = tasks()
    assert (task["task_id"], task["kind"]) == (reply_id, "reply_to_read")
    assert task["about"] == f"person/{facts.ALEX}"
    assert task["due_at"] - task["opened_at"] == timedelta(days=1)
    assert "carer did" not in str(task)
    seen = SeeToReply(reply_id=reply_id, seen_to_by=uuid4())
    for command in (seen, SeeToReply(reply_id=reply_id, seen_to_by=uuid4())):
        with transaction() as session:
            handlers.see_to_reply(command, session=session, trace=a_trace())
    assert tasks() == []
    with transaction() as session:
        assert session.get_one(Reply, reply_id).seen_to_by == seen.seen_to_by


def test_a_text_from_nobody_that_we_know_is_a_task_too(take, tasks):
    reply_id = take("Wrong number", number="+1 202 555 0104")

    assert tasks()[0]["about"] == f"reply/{reply_id}"


def test_what_needs_nobody_cannot_be_seen_to(take, transaction):
    for reply_id in (take("STOP"), uuid4()):
        command = SeeToReply(reply_id=reply_id, seen_to_by=uuid4())
        with pytest.raises(NotFoundError), transaction() as session:
            handlers.see_to_reply(command, session=session, trace=a_trace())


def test_no_words_and_no_number_are_kept(take, transaction):
    take("My secret words")

    with transaction() as session:
        row = session.execute(select(Reply.__table__)).one()
    assert "secret" not in str(row)
    assert "900123" not in str(row)


def test_help_is_answered_once_a_day_for_each_number(take, planned):
    take("HELP")
    take("help", at=TUESDAY_AT_TEN + timedelta(hours=23))
    assert len(planned()) == 1

    take("HELP", number="07700 900456")
    take("HELP", at=TUESDAY_AT_TEN + timedelta(days=3))
    assert len(planned()) == 3


@pytest.fixture(scope="module")
def notify_url():
    with notify_server() as url:
        yield url


def answering_at(url):
    settings = {"NOTIFICATIONS_NOTIFY_URL": url, "NOTIFICATIONS_NOTIFY_API_KEY": LIVE_KEY}
    client = NotifyClient(NotifySettings.from_environment(settings))
    return errands.Answering(providers={client.name: client})


def test_help_is_answered_with_who_we_are_and_how_to_stop(take, planned, notify_url, transaction):
    reply_id = take("HELP")
    [errand] = planned()
    answering = answering_at(notify_url)

    provider_id = answering.call(errand.errand_id, errand.arguments)
    with transaction() as session:
        errands.record_answer(provider_id, errand.arguments, session=session, trace=a_trace())

    asked = {"reference": str(reply_id)}
    [answer] = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
    assert answer["to"] == NUMBER
    assert "This is Common Purse" in answer["body"]
    assert "STOP" in answer["body"]
    assert answering.enquire(errand.errand_id, errand.arguments) == provider_id
    with transaction() as session:
        assert session.get_one(Reply, reply_id).answered_at is not None


def test_an_answer_that_was_perhaps_sent_is_not_sent_again(notify_url):
    arguments = {"reply_id": str(uuid4()), "number": NUMBER}

    with pytest.raises(OutcomeUnknownError):
        answering_at(notify_url).enquire(uuid4(), arguments)


def test_without_the_provider_that_brought_it_nothing_is_answered():
    with pytest.raises(RefusedOutsideError):
        errands.Answering(providers={}).call(uuid4(), {"reply_id": "1", "number": NUMBER})


# The door

BODY = {
    "id": "5f8b9c1e-0000-4000-8000-000000000001",
    "source_number": NUMBER,
    "destination_number": "07700900999",
    "message": "STOP",
    "date_received": "2026-11-24T10:00:00.000000Z",
}


@pytest.fixture
def door(transaction, engines):
    sessions = open_sessions(engines("notifications"))
    settings = CallbackSettings(token="a-token-for-receipts", inbound_token=TOKEN)
    return application(sessions=sessions, settings=settings).test_client()


def bring(door, body, *, token=TOKEN):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return door.post("/callbacks/govuk/inbound", data=content, headers=headers).status_code


def test_a_text_comes_in_by_its_own_door(door, rows):
    assert [bring(door, BODY), bring(door, BODY)] == [204, 204]

    [reply] = rows(Reply)
    assert (reply.reply_id, reply.meaning) == (UUID(BODY["id"]), Meaning.STOP)
    assert len(rows(Suppression)) == 1


@pytest.mark.parametrize("token", [None, "", "a-token-for-receipts", "ünïcode"])
def test_without_its_token_no_text_is_taken(door, rows, token):
    assert bring(door, BODY, token=token) == 401

    assert rows(Reply) == []


def test_where_no_texts_are_expected_none_is_taken(engines, transaction, rows):
    sessions = open_sessions(engines("notifications"))
    shut = application(sessions=sessions, settings=CallbackSettings(token="a-token-for-receipts"))

    assert bring(shut.test_client(), BODY, token="") == 401
    assert rows(Reply) == []


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"not json", 400),
        (b"[]", 400),
        ({}, 422),
        ({**BODY, "id": "1"}, 422),
        ({**BODY, "source_number": ""}, 422),
        ({**BODY, "message": 1}, 422),
        ({**BODY, "date_received": "today"}, 422),
    ],
)
def test_what_is_no_text_is_refused_and_leaves_nothing(door, rows, body, answer):
    assert bring(door, body) == answer

    assert rows(Reply) == []


def test_a_text_that_could_not_be_kept_is_to_come_again():
    nowhere = sessionmaker(create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none"))
    settings = CallbackSettings(token="a-token-for-receipts", inbound_token=TOKEN)
    away = application(sessions=nowhere, settings=settings)

    assert bring(away.test_client(), BODY) == 503
