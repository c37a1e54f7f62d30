"""What people answer by text: no more texts, an answer, or a task; and no text is lost."""

import hashlib
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker
from werkzeug.serving import make_server

from services.notifications import errands
from services.notifications.notify_client import NotifyClient
from services.notifications.people.subscribers import keep_contact_details, keep_merged
from services.notifications.preferences.handlers import set_preferences
from services.notifications.preferences.schemas import SetPreferencesForm
from services.notifications.replies import handlers
from services.notifications.replies.commands import SeeToReply, TakeReply
from services.notifications.replies.models import Reply
from services.notifications.replies.rules import Meaning
from services.notifications.safeguarding.commands import HoldForSafeguarding
from services.notifications.safeguarding.handlers import hold_for_safeguarding
from services.notifications.settings import CallbackSettings, NotifySettings
from services.notifications.suppression.models import Suppression
from services.notifications.web import application
from shared.database import open_sessions
from shared.errors import NotFoundError
from shared.messaging.errands import OutcomeUnknownError, RefusedOutsideError
from shared.messaging.tables import Errand
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts
from tests.simulators.listener import running
from tests.simulators.notify_server import INBOUND_TOKEN, LIVE_KEY, notify_server

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
def see(transaction):
    """Say that a text is seen to."""

    def see_to_it(reply_id):
        command = SeeToReply(reply_id=reply_id, seen_to_by=uuid4())
        with transaction() as session:
            handlers.see_to_reply(command, session=session, trace=a_trace())

    return see_to_it


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


def test_a_number_that_is_to_be_answered_is_sealed_until_then(take, planned):
    take("HELP")

    [errand] = planned()
    assert NUMBER not in str(errand.arguments)


def test_a_short_text_cannot_be_found_by_trying(take, rows):
    take("Yes")

    [reply] = rows(Reply)
    assert reply.message_digest != hashlib.sha256(b"Yes").hexdigest()


def test_help_is_answered_once_a_day_for_each_number(take, planned):
    take("HELP")
    take("help", at=TUESDAY_AT_TEN + timedelta(hours=23))
    assert len(planned()) == 1

    take("HELP", number="07700 900456")
    take("HELP", at=TUESDAY_AT_TEN + timedelta(days=3))
    assert len(planned()) == 3


def test_who_asks_for_help_is_one_persons_task_until_it_is_seen_to(known, take, tasks, see):
    known(mobile="07700 900 123")
    reply_id = take("HELP")
    take("help", at=TUESDAY_AT_TEN + timedelta(minutes=1))
    take("HELP", number="07700 900456", at=TUESDAY_AT_TEN + timedelta(minutes=2))

    first, other = tasks()
    assert (first["task_id"], first["kind"]) == (reply_id, "help_asked")
    assert (first["about"], first["role"]) == (f"person/{facts.ALEX}", "care_coordinator")
    assert other["kind"] == "help_asked"
    see(reply_id)
    assert tasks() == [other]

    again = take("HELP", at=TUESDAY_AT_TEN + timedelta(minutes=3))
    assert [task["task_id"] for task in tasks()] == [other["task_id"], again]


def test_a_text_that_was_seen_to_leaves_a_call_for_help_open(take, tasks, see):
    called, text = take("HELP"), take("Can you call me on Friday?")

    see(text)

    assert [task["task_id"] for task in tasks()] == [called]


@pytest.mark.parametrize(
    ("drafts", "language", "begins"),
    [
        ("allow", "pl", "Tu Common Purse"),
        ("refuse", "pl", "This is Common Purse"),
        ("allow", "fr", "This is Common Purse"),
    ],
)
def test_help_is_answered_in_the_language_of_whoever_asks(  # noqa: PLR0917 - fixtures
    known, take, planned, notify_url, monkeypatch, drafts, language, begins
):
    monkeypatch.setenv("NOTIFICATIONS_DRAFTS", drafts)
    known(mobile="07700 900 123", language=language)
    reply_id = take("pomoc")
    [errand] = planned()

    answering_at(notify_url).call(errand.errand_id, errand.arguments)

    asked = {"reference": str(reply_id)}
    [answer] = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
    assert answer["body"].startswith(begins)


def test_what_the_person_chose_goes_before_the_language_that_assessment_told(
    known, take, planned, transaction
):
    known(mobile="07700 900 123", language="en")
    chosen = {"person_id": str(facts.ALEX), "channels": ["email"], "language": "cy"}
    form = SetPreferencesForm().load({**chosen, "set_by": str(uuid4()), "reason": "They said so."})
    with transaction() as session:
        set_preferences(form, session=session, trace=a_trace())

    take("HELP")

    assert [one.arguments["language"] for one in planned()] == ["cy"]


@pytest.mark.parametrize("channel", [None, "sms"])
def test_help_is_not_answered_where_texts_are_held_for_safety_but_read(
    known, take, planned, tasks, transaction, *, channel
):
    known()
    held = HoldForSafeguarding(
        hold_id=uuid4(),
        person_id=facts.ALEX,
        channel=channel,
        review_by=date(2026, 12, 8),
        set_by=uuid4(),
        reason="Somebody else reads the phone.",
    )
    with transaction() as session:
        hold_for_safeguarding(held, session=session, trace=a_trace())

    reply_id = take("Who is this?")

    assert planned() == []
    assert reply_id in [task["task_id"] for task in tasks()]


def test_a_text_from_somebody_with_two_ids_is_theirs(hear, known, take, tasks):
    twin = uuid4()
    known()
    hear(
        (keep_contact_details, facts.contact_details(person_id=twin)),
        (keep_merged, facts.people_merged(twin, facts.ALEX)),
    )

    take("My carer did not come.")

    assert [task["about"] for task in tasks()] == [f"person/{facts.ALEX}"]


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


def test_a_stop_comes_from_a_phone_through_notify_to_us(engines, transaction, rows):
    sessions = open_sessions(engines("notifications"))
    settings = CallbackSettings(token="a-token-for-receipts", inbound_token=INBOUND_TOKEN)
    app = application(sessions=sessions, settings=settings)
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as ours:
        inbound = {"NOTIFY_INBOUND_CALLBACK_URL": f"{ours}/callbacks/govuk/inbound"}
        with notify_server(**inbound) as notify:
            reply = {"from": "07700 900123", "message": "Stop"}
            requests.post(f"{notify}/_sim/replies", json=reply, timeout=5).raise_for_status()
            while not rows(Suppression):
                pass

    assert [one.meaning for one in rows(Reply)] == [Meaning.STOP]


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
