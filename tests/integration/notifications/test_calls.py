"""What a call to a provider came to is noted by its cause, and decides what happens next."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notifications import errands
from services.notifications.delivery.models import Attempt
from services.notifications.delivery.wire import PROVIDER
from services.notifications.messages import queries as message_queries
from services.notifications.providers import NotTodayError
from shared.database import open_engine, open_sessions
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from tests.factories import TUESDAY_AT_TEN, a_trace

MIDNIGHT = TUESDAY_AT_TEN + timedelta(hours=14)


class Scripted:
    """A provider that raises what it is told to, or takes what it is sent."""

    name = PROVIDER

    def __init__(self, error=None, found=None):
        self._error, self._found = error, found
        self.sent = []

    def send(self, outgoing):
        self.sent.append(outgoing.reference)
        if self._error is not None:
            raise self._error
        return "taken"

    def find(self, reference):
        return self._found


@pytest.fixture
def run(servers, transaction, suite_clock):
    """Call a provider as the errand does, and record the answer if there is one."""
    url = servers.process_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)

    def run_it(message, provider, *, asks=False, trusts_after_seconds=120):
        sending = errands.Sending(
            sessions=open_sessions(engine),
            provider_of=lambda *_whom, **_how: provider.name,
            providers={provider.name: provider},
            trust_absence_after_seconds=trusts_after_seconds,
        )
        arguments = {"delivery_id": str(message.delivery_id)}
        answer = (sending.enquire if asks else sending.call)(uuid4(), arguments)
        if answer is not None:
            with transaction() as session:
                errands.record(answer, arguments, session=session, trace=a_trace())
        return answer

    yield run_it
    engine.dispose()


@pytest.fixture
def outcomes(transaction):
    def look():
        with transaction() as session:
            return session.scalars(select(Attempt.outcome).order_by(Attempt.number)).all()

    return look


def test_what_was_taken_is_accepted(waiting_message, run, now, outcomes):
    message, provider = waiting_message(), Scripted()

    run(message, provider)

    assert (now(message).state, now(message).provider_id) == ("accepted", "taken")
    assert provider.sent == [str(message.delivery_id)]
    assert outcomes() == ["accepted"]


def test_what_is_refused_goes_by_the_next_channel(waiting_message, run, now, outcomes):
    message = waiting_message()

    run(message, Scripted(RefusedOutsideError("refused_400")))

    assert [(one.state, one.reason) for one in now(message).deliveries] == [
        ("failed", "refused_400"),
        ("ready", None),
    ]
    assert outcomes() == ["refused"]


@pytest.mark.parametrize(
    ("error", "outcome"), [(NotSentError(), "not_sent"), (OutcomeUnknownError(), "unknown")]
)
def test_what_has_no_answer_stays_ready_and_its_cause_is_noted(
    waiting_message, run, now, outcomes, *, error, outcome
):
    message = waiting_message()

    with pytest.raises(type(error)):
        run(message, Scripted(error))

    assert (now(message).state, now(message).delivery.state) == ("waiting", "ready")
    assert outcomes() == [outcome]


def test_what_is_not_taken_today_waits_until_it_is(
    waiting_message, run, now, outcomes, transaction
):
    message = waiting_message()

    run(message, Scripted(NotTodayError(MIDNIGHT)))

    held = now(message)
    assert (held.state, held.reason, held.not_before) == ("held", "daily_limit", MIDNIGHT)
    assert [(one.state, one.reason) for one in held.deliveries] == [("withdrawn", "daily_limit")]
    assert outcomes() == ["not_sent"]
    with transaction() as session:
        assert message_queries.due(MIDNIGHT - timedelta(seconds=1), session=session) == []
        (due,) = message_queries.due(MIDNIGHT, session=session)
    assert due.message_id == message.message_id


def test_after_an_unknown_outcome_what_is_found_is_accepted_and_not_sent_again(
    waiting_message, run, now
):
    message, unsure = waiting_message(), Scripted(OutcomeUnknownError())
    with pytest.raises(OutcomeUnknownError):
        run(message, unsure)

    run(message, Scripted(found="found"), asks=True)

    assert (now(message).state, now(message).provider_id) == ("accepted", "found")
    again = Scripted()
    run(message, again)
    assert again.sent == []


def test_after_an_unknown_outcome_silence_is_believed_only_late(waiting_message, run, outcomes):
    message = waiting_message()
    with pytest.raises(OutcomeUnknownError):
        run(message, Scripted(OutcomeUnknownError()))

    with pytest.raises(OutcomeUnknownError):
        run(message, Scripted(), asks=True)
    assert run(message, Scripted(), asks=True, trusts_after_seconds=0) is None

    run(message, Scripted())
    assert outcomes() == ["unknown", "accepted"]


def test_what_was_claimed_by_nobody_was_not_sent(waiting_message, run):
    assert run(waiting_message(), Scripted(found="somebody else's"), asks=True) is None


def test_what_was_withdrawn_is_not_asked_for(waiting_message, known, run, now):
    message = waiting_message()
    known(version=10_000_000, is_safe_to_text=False)
    provider = Scripted()
    run(message, provider)

    assert provider.sent == []
    assert run(message, provider, asks=True) is not None
    assert now(message).channel == "email"


def test_what_was_tried_in_vain_goes_by_the_next_channel(waiting_message, now, transaction):
    message = waiting_message()

    with transaction() as session:
        arguments = {"delivery_id": str(message.delivery_id)}
        errands.give_up("out_of_tries", arguments, session=session, trace=a_trace())

    assert [(one.channel, one.reason) for one in now(message).deliveries] == [
        ("sms", "out_of_tries"),
        ("email", None),
    ]
