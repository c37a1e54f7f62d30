"""What NHS Notify perhaps has is asked for again by the same reference, and sent by no other."""

from datetime import timedelta
from itertools import chain, repeat
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notifications import errands
from services.notifications.delivery.commands import KeepReceipt, RecordAcceptance
from services.notifications.delivery.models import Attempt
from services.notifications.delivery.rules import Accepted, NotToday
from services.notifications.messages.handlers import SEND_DELIVERY
from services.notifications.outcomes import handlers as outcomes
from services.notifications.outcomes import queries as outcome_queries
from services.notifications.people.subscribers import keep_death
from services.notifications.providers import NotTodayError
from shared.database import open_engine, open_sessions
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from shared.messaging.tables import Errand
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

NHS = "nhs-notify"
TOMORROW = TUESDAY_AT_TEN + timedelta(days=1)
REFUSED = RefusedOutsideError("nhs_notify_refused_400")


class Scripted:
    """A provider that answers what it is told to, one call after the other."""

    def __init__(self, *answers, name=NHS):
        self.name = name
        self._answers = chain(answers, repeat("taken"))
        self.sent = []

    def send(self, outgoing):
        self.sent.append(outgoing.reference)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, reference):
        return None


@pytest.fixture
def sending(servers, suite_clock):
    url = servers.process_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)

    def by(provider):
        return errands.Sending(
            sessions=open_sessions(engine),
            provider_of=lambda *_whom, **_how: provider.name,
            providers={provider.name: provider},
            trust_absence_after_seconds=0,
        )

    yield by
    engine.dispose()


@pytest.fixture
def run(sending, transaction):
    """Do as the errand does; returns the error there was, or the answer, recorded."""

    def run_it(message, provider, *, asks=False):
        of_provider, arguments = sending(provider), {"delivery_id": str(message.delivery_id)}
        try:
            answer = (of_provider.enquire if asks else of_provider.call)(uuid4(), arguments)
        except (NotSentError, OutcomeUnknownError) as error:
            return type(error)
        with transaction() as session:
            errands.record(answer, arguments, session=session, trace=a_trace())
        return answer

    return run_it


@pytest.fixture
def uncertain(waiting_message, run):
    """Have a text of which nobody knows whether NHS Notify took it."""

    def one():
        message, provider = waiting_message(), Scripted(OutcomeUnknownError())
        assert run(message, provider) is OutcomeUnknownError
        return message

    return one


@pytest.fixture
def give_up(transaction):
    def give_it_up(message):
        arguments = {"delivery_id": str(message.delivery_id)}
        with transaction() as session:
            errands.give_up("out_of_tries", arguments, session=session, trace=a_trace())

    return give_it_up


@pytest.fixture
def outcomes_of_attempts(transaction):
    def look():
        with transaction() as session:
            return session.scalars(select(Attempt.outcome).order_by(Attempt.number)).all()

    return look


def a_receipt(message, status="delivered"):
    return KeepReceipt(
        provider=NHS,
        provider_id="2WL3qFTEFM0qMY8xjRbt1LIKCzM",
        reference=message.delivery_id,
        status=status,
        completed_at=TUESDAY_AT_TEN,
    )


def states_of(message):
    return [(one.channel, one.state) for one in message.deliveries]


def test_it_is_asked_for_by_the_same_reference(uncertain, run, now, outcomes_of_attempts):
    message, provider = uncertain(), Scripted(OutcomeUnknownError())

    assert run(message, provider, asks=True) is OutcomeUnknownError
    assert run(message, provider, asks=True) == Accepted(provider_id="taken")

    assert set(provider.sent) == {str(message.delivery_id)}
    assert outcomes_of_attempts() == ["unknown", "unknown", "accepted"]
    assert states_of(now(message)) == [("sms", "accepted")]


def test_an_end_in_the_call_is_uncertain_too(waiting_message, sending, known, run, now):
    message = waiting_message()

    class Ended(Scripted):
        def send(self, outgoing):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sending(Ended()).call(uuid4(), {"delivery_id": str(message.delivery_id)})
    known(version=10_000_000, is_safe_to_text=False)

    assert run(message, Scripted(), asks=True) is OutcomeUnknownError
    assert states_of(now(message)) == [("sms", "ready")]


def test_it_is_neither_withdrawn_nor_said_by_another_channel(uncertain, known, run, now):
    message, provider = uncertain(), Scripted()
    known(version=10_000_000, is_safe_to_text=False)

    for asks in (True, False):
        assert run(message, provider, asks=asks) is OutcomeUnknownError

    assert provider.sent == []
    assert states_of(now(message)) == [("sms", "ready")]


def test_what_it_certainly_did_not_take_is_withdrawn_as_ever(waiting_message, known, run, now):
    message = waiting_message()
    assert run(message, Scripted(NotSentError())) is NotSentError
    known(version=10_000_000, is_safe_to_text=False)

    run(message, Scripted())

    assert states_of(now(message)) == [("sms", "withdrawn"), ("email", "ready")]


def test_another_provider_that_can_be_asked_for_a_reference_is_believed(
    waiting_message, known, sending, run, now
):
    message, other = waiting_message(), Scripted(OutcomeUnknownError(), name="govuk-notify")
    assert run(message, other) is OutcomeUnknownError
    known(version=10_000_000, is_safe_to_text=False)

    assert sending(other).enquire(uuid4(), {"delivery_id": str(message.delivery_id)}) is None
    run(message, other)

    assert states_of(now(message)) == [("sms", "withdrawn"), ("email", "ready")]


def test_it_is_not_put_off_until_tomorrow(uncertain, run, now):
    message = uncertain()

    assert run(message, Scripted(NotTodayError(TOMORROW)), asks=True) is NotTodayError

    assert (now(message).state, states_of(now(message))) == ("waiting", [("sms", "ready")])


def test_what_it_certainly_did_not_take_is_put_off(waiting_message, run, now):
    message = waiting_message()

    assert run(message, Scripted(NotTodayError(TOMORROW))) == NotToday(until=TOMORROW)

    assert (now(message).state, states_of(now(message))) == ("held", [("sms", "withdrawn")])


def test_given_up_it_is_for_somebody_and_not_for_the_next_channel(
    uncertain, give_up, now, tasks, events
):
    message = uncertain()

    give_up(message)

    ended = now(message)
    assert (ended.state, ended.message.reason) == ("failed", "out_of_tries")
    assert states_of(ended) == [("sms", "failed")]
    assert events() == ["message_undeliverable"]
    assert len(tasks()) == 1


def test_what_was_certainly_not_taken_goes_by_the_next_channel(waiting_message, run, give_up, now):
    message = waiting_message()
    run(message, Scripted(NotSentError()))

    give_up(message)

    assert states_of(now(message)) == [("sms", "failed"), ("email", "ready")]


def test_a_refusal_after_it_says_nothing_of_the_first_call(uncertain, run, now, tasks):
    message = uncertain()

    run(message, Scripted(REFUSED), asks=True)

    assert states_of(now(message)) == [("sms", "failed")]
    assert len(tasks()) == 1


def test_a_refusal_at_once_goes_by_the_next_channel(waiting_message, run, now):
    message = waiting_message()

    run(message, Scripted(REFUSED))

    assert states_of(now(message)) == [("sms", "failed"), ("email", "ready")]


def test_whoever_died_meanwhile_is_nobodys_task(uncertain, hear, run, give_up, now, *, tasks):
    message = uncertain()
    hear((keep_death, facts.person_died()))

    assert run(message, Scripted(), asks=True) is OutcomeUnknownError
    give_up(message)

    assert (now(message).state, now(message).message.reason) == ("suppressed", "deceased")
    assert tasks() == []


@pytest.mark.parametrize("is_given_up", [True, False])
def test_a_receipt_tells(uncertain, give_up, do, now, tasks, *, is_given_up):
    message = uncertain()
    if is_given_up:
        give_up(message)

    do(a_receipt(message))

    assert (now(message).state, states_of(now(message))) == ("delivered", [("sms", "delivered")])
    assert tasks() == []


def test_a_receipt_that_it_failed_lets_the_next_channel_have_it(uncertain, do, now):
    message = uncertain()

    do(a_receipt(message, status="failed"))

    assert states_of(now(message)) == [("sms", "failed"), ("email", "ready")]


def test_a_receipt_brings_the_id_by_which_it_is_asked_for(uncertain, do, now):
    message = uncertain()
    reference = f"reference:{message.delivery_id}"
    do(RecordAcceptance(delivery_id=message.delivery_id, provider_id=reference))

    do(a_receipt(message, status="sending"))

    assert now(message).provider_id == "2WL3qFTEFM0qMY8xjRbt1LIKCzM"


@pytest.mark.parametrize(
    ("provider_id", "states"),
    [
        ("reference:1", [("sms", "failed")]),
        ("2WL3qFTEFM0qMY8xjRbt1LIKCzM", [("sms", "failed"), ("email", "ready")]),
    ],
)
def test_three_days_after_it_was_taken_only_what_can_be_asked_for_is_said_once_more(
    uncertain, do, now, transaction, *, provider_id, states
):
    message, at = uncertain(), TUESDAY_AT_TEN + timedelta(hours=73)
    do(RecordAcceptance(delivery_id=message.delivery_id, provider_id=provider_id))

    with transaction() as session:
        (silent,) = outcome_queries.silent(at, session=session)
        outcomes.find_out(silent, session=session, trace=a_trace(at=at))

    assert states_of(now(message)) == states


def test_no_errand_is_added_for_what_is_uncertain(uncertain, give_up, transaction):
    give_up(uncertain())

    with transaction() as session:
        sent = session.scalars(select(Errand).where(Errand.kind == SEND_DELIVERY)).all()
    assert len(sent) == 1
