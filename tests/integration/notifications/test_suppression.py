"""What must not be used is not used, and a new address has nothing to do with the old one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from services.notifications.delivery.commands import KeepReceipt
from services.notifications.delivery.rules import NotCalled
from services.notifications.delivery.wire import PROVIDER
from services.notifications.from_budget import subscribers as budget
from services.notifications.people.digests import digest
from services.notifications.people.rules import Channel
from services.notifications.suppression import handlers, queries
from services.notifications.suppression.commands import Suppress
from services.notifications.suppression.handlers import NoAddressError
from services.notifications.suppression.models import Suppression
from services.notifications.suppression.rules import SuppressionReason
from services.notifications.suppression.schemas import (
    LiftSuppressionForm,
    SuppressForm,
    SuppressionsForm,
)
from shared.errors import NotFoundError, NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts


def suppress_form(**changed):
    asked = {
        "person_id": str(facts.ALEX),
        "channel": "sms",
        "is_of_address": False,
        "reason": "unsubscribed",
        "set_by": str(uuid4()),
    }
    return SuppressForm().load({**asked, **changed})


@pytest.fixture
def suppress(transaction):
    def suppress_it(**changed):
        with transaction() as session:
            command = suppress_form(**changed)
            handlers.suppress_persons(command, session=session, trace=a_trace())

    return suppress_it


@pytest.fixture
def suppressions(transaction):
    def show():
        with transaction() as session:
            asked = SuppressionsForm().load({"person_id": str(facts.ALEX)})
            return queries.suppressions(asked, session=session)

    return show


@pytest.fixture
def channel_now(hear, messages):
    """Tell of a refund and return the channel by which it would go."""

    def look(*, at=TUESDAY_AT_TEN):
        before = {message.message_id for message in messages()}
        hear((budget.tell_refund, facts.refund_posted()), at=at)
        (new,) = [one for one in messages() if one.message_id not in before]
        return new.channel

    return look


@pytest.mark.parametrize("is_of_address", [True, False])
def test_a_suppressed_channel_is_not_used(known, suppress, channel_now, is_of_address):
    known()

    suppress(is_of_address=is_of_address)

    assert channel_now() == "email"


def test_what_was_suppressed_meanwhile_goes_another_way(
    waiting_message, suppress, claim, now, tasks
):
    message = waiting_message()
    suppress()

    assert claim(message) == NotCalled()

    assert now(message).channel == "email"
    assert tasks() == []


def test_where_every_channel_is_suppressed_somebody_has_to_tell(
    known, suppress, hear, messages, tasks
):
    known()
    for channel in ("sms", "email", "letter"):
        suppress(channel=channel)

    hear((budget.tell_refund, facts.refund_posted()))

    assert [(one.state, one.reason) for one in messages()] == [("failed", "no_channel")]
    assert len(tasks()) == 1


def test_a_new_number_is_not_suppressed_because_the_old_one_was(known, suppress, channel_now):
    known()
    suppress(is_of_address=True)

    known(version=2, mobile="07700 900999")

    assert channel_now() == "sms"


def test_a_person_who_wants_no_texts_wants_none_on_a_new_number(known, suppress, channel_now):
    known()
    suppress(is_of_address=False)

    known(version=2, mobile="07700 900999")

    assert channel_now() == "email"


def test_a_suppression_ends_at_its_time(known, suppress, channel_now):
    known()
    until = TUESDAY_AT_TEN + timedelta(hours=1)
    suppress(until=until.isoformat())

    assert channel_now(at=until - timedelta(seconds=1)) == "email"
    assert channel_now(at=until) == "sms"


def test_a_lifted_suppression_counts_no_more_and_is_kept(
    known, suppress, suppressions, channel_now, transaction
):
    known()
    suppress()
    (shown,) = suppressions()
    somebody = str(uuid4())

    for who in (somebody, str(uuid4())):
        asked = {"suppression_id": str(shown["suppression_id"]), "lifted_by": who}
        with transaction() as session:
            command = LiftSuppressionForm().load(asked)
            handlers.lift_suppression(command, session=session, trace=a_trace())

    assert channel_now() == "sms"
    (shown,) = suppressions()
    assert (str(shown["lifted_by"]), shown["lifted_at"]) == (somebody, TUESDAY_AT_TEN)


def test_what_is_said_twice_is_one_suppression(known, suppress, suppressions):
    known()

    for _ in range(2):
        suppress()
    suppress(reason="wrong_number")

    assert {one["reason"] for one in suppressions()} == {"unsubscribed", "wrong_number"}
    assert len(suppressions()) == 2


def test_a_number_that_says_stop_is_suppressed_whosever_it_is(
    known, transaction, channel_now, suppressions
):
    stop = Suppress(
        channel=Channel.SMS,
        address_digest=digest(Channel.SMS, "+447700900123"),
        person_id=None,
        reason=SuppressionReason.STOP,
        until=None,
        source="govuk-notify/provider",
    )
    with transaction() as session:
        handlers.suppress(stop, session=session, trace=a_trace())

    known()

    assert channel_now() == "email"
    assert [(one["reason"], one["is_of_address"]) for one in suppressions()] == [("stop", True)]


def receipt(message, provider_id, status):
    return KeepReceipt(
        provider=PROVIDER,
        provider_id=provider_id,
        reference=message.delivery_id,
        status=status,
        completed_at=TUESDAY_AT_TEN,
    )


@pytest.mark.parametrize(
    ("status", "channel"), [("permanent-failure", "email"), ("temporary-failure", "sms")]
)
def test_a_number_at_which_nobody_is_gets_no_more_texts(
    waiting_message, accept, do, channel_now, *, status, channel
):
    message = waiting_message()
    provider_id = accept(message)

    do(*[receipt(message, provider_id, status)] * 2)

    assert channel_now() == channel


def test_the_number_that_failed_is_suppressed_and_not_the_one_that_came_since(
    waiting_message, accept, do, known, channel_now
):
    message = waiting_message()
    provider_id = accept(message)
    known(version=10_000_000, mobile="07700 900999")

    do(receipt(message, provider_id, "permanent-failure"))

    assert channel_now() == "sms"


def test_no_address_is_kept_with_a_suppression(known, suppress, transaction):
    known()
    suppress(is_of_address=True)

    with transaction() as session:
        assert "900123" not in str(session.execute(select(Suppression.__table__)).one())


def test_an_address_that_is_not_there_cannot_be_suppressed(known, suppress, suppressions):
    known(email=None)

    with pytest.raises(NoAddressError):
        suppress(channel="email", is_of_address=True)

    assert suppressions() == []


def test_of_somebody_who_has_not_arrived_nothing_is_suppressed(suppress, suppressions):
    with pytest.raises(NotKnownYetError):
        suppress()

    assert suppressions() == []


def test_what_is_not_there_cannot_be_lifted(transaction):
    asked = {"suppression_id": str(uuid4()), "lifted_by": str(uuid4())}

    command = LiftSuppressionForm().load(asked)

    with pytest.raises(NotFoundError), transaction() as session:
        handlers.lift_suppression(command, session=session, trace=a_trace())


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"channel": None},
        {"reason": "because"},
        {"until": "2026-12-01T10:00:00"},
        {"until": "tomorrow"},
        {"is_of_address": "no"},
        {"person_id": "Alex"},
        {"set_by": None},
        {"more": 1},
    ],
)
def test_suppressions_of_another_form_are_refused(wrong):
    with pytest.raises(ValidationError):
        suppress_form(**wrong)
