"""What reached nobody goes by another channel because somebody asks, if nothing forbids it."""

from datetime import date
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.delivery.commands import Fail, RecordSeenTo
from services.notifications.delivery.models import Attempt
from services.notifications.delivery.rules import CallOutcome
from services.notifications.from_budget import subscribers as budget
from services.notifications.messages.models import Delivery, Message
from services.notifications.people.subscribers import keep_death
from services.notifications.retrying.handlers import NotToBeRetriedError, retry_by_other_channel
from services.notifications.retrying.schemas import RetryByOtherChannelForm
from services.notifications.safeguarding.commands import HoldForSafeguarding
from services.notifications.safeguarding.handlers import hold_for_safeguarding
from services.notifications.suppression.handlers import suppress_persons
from services.notifications.suppression.schemas import SuppressForm
from shared.errors import NotFoundError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

AT_NIGHT = TUESDAY_AT_TEN.replace(hour=23)


@pytest.fixture
def failed(known, hear, messages, do, now):
    """Have a message that failed while the person had but a mobile; their addresses come later."""

    def fail(**found):
        known(email=None, address_lines=[])
        hear((budget.tell_refund, facts.refund_posted()))
        (message,) = messages()
        do(Fail(delivery_id=message.delivery_id, reason="technical_failure"))
        known(version=10, **found)
        assert now(message).state == "failed"
        return message

    return fail


@pytest.fixture
def retry(transaction):
    def retry_it(message, channel="letter", *, at=TUESDAY_AT_TEN):
        asked = {"message_id": str(message.message_id), "asked_by": str(uuid4())}
        command = RetryByOtherChannelForm().load({**asked, "channel": channel})
        with transaction() as session:
            return retry_by_other_channel(command, session=session, trace=a_trace(at=at))

    return retry_it


@pytest.fixture
def refused(retry, now):
    """Ask in vain; returns why. Nothing has changed then."""

    def ask(message, channel="letter", *, at=TUESDAY_AT_TEN):
        with pytest.raises(NotToBeRetriedError) as refusal:
            retry(message, channel, at=at)
        assert now(message).state == "failed"
        assert len(now(message).deliveries) == 1
        return refusal.value.details["reason"]

    return ask


def test_a_message_that_failed_goes_by_the_channel_that_is_asked_for(
    failed, retry, now, accept, tasks
):
    message = failed()
    assert len(tasks()) == 1

    answer = retry(message)

    again = now(message)
    assert (again.state, again.reason, again.ended_at) == ("waiting", None, None)
    assert answer == {"delivery_id": str(again.delivery_id), "channel": "letter"}
    assert tasks() == []
    accept(again)
    assert now(message).state == "delivered"


def test_what_fails_once_more_goes_on_and_is_somebodys_task_again(failed, retry, now, do, tasks):
    message = failed()
    retry(message)

    do(Fail(delivery_id=now(message).delivery_id, reason="refused"))
    assert now(message).channel == "email"
    do(Fail(delivery_id=now(message).delivery_id, reason="refused"))

    assert now(message).state == "failed"
    assert [task["about"] for task in tasks()] == [f"message/{message.message_id}"]


def test_what_failed_before_or_has_no_address_is_refused(failed, refused):
    message = failed(address_lines=[])

    assert refused(message, "sms") == "failed_before"
    assert refused(message, "letter") == "not_by_this_channel"


def test_what_nothing_reaches_is_refused(failed, refused):
    assert refused(failed(email=None, address_lines=[])) == "no_channel"


@pytest.mark.parametrize("made", [CallOutcome.UNKNOWN, None])
def test_what_nhs_notify_perhaps_has_goes_no_other_way(failed, refused, transaction, made):
    message = failed()
    with transaction() as session:
        delivery = session.get_one(Delivery, message.delivery_id)
        delivery.provider, delivery.provider_id = "nhs-notify", None
        session.add(
            Attempt(
                delivery_id=delivery.delivery_id,
                number=99,
                provider="nhs-notify",
                address_digest="",
                called_at=TUESDAY_AT_TEN,
                outcome=made,
            )
        )

    assert refused(message) == "perhaps_there"


@pytest.mark.parametrize("channel", [None, "letter"])
def test_a_hold_forbids_it(failed, refused, transaction, channel):
    message = failed()
    held = HoldForSafeguarding(
        hold_id=uuid4(),
        person_id=facts.ALEX,
        channel=channel,
        review_by=date(2026, 12, 8),
        set_by=uuid4(),
        reason="Somebody else reads the letters.",
    )
    with transaction() as session:
        hold_for_safeguarding(held, session=session, trace=a_trace())

    assert refused(message) == "safeguarding"


def test_a_suppression_forbids_it(failed, refused, transaction):
    message = failed()
    asked = {"person_id": str(facts.ALEX), "set_by": str(uuid4()), "reason": "wrong_number"}
    form = SuppressForm().load({**asked, "channel": "email", "is_of_address": True})
    with transaction() as session:
        suppress_persons(form, session=session, trace=a_trace())

    assert refused(message, "email") == "suppressed"


def test_a_death_and_quiet_hours_forbid_it(failed, refused, hear):
    message = failed()

    assert refused(message, at=AT_NIGHT) == "quiet_hours"
    hear((keep_death, facts.person_died()))
    assert refused(message) == "deceased"


def test_words_that_are_gone_cannot_be_sent(failed, refused, transaction):
    message = failed()
    for found in (None, {"of_an_earlier_release": "1"}):
        with transaction() as session:
            session.get_one(Message, message.message_id).facts = found

        assert refused(message) == "cannot_be_said"


def test_what_has_not_failed_or_is_seen_to_is_not_found(failed, retry, do, waiting_message):
    message = failed()
    do(RecordSeenTo(message_id=message.message_id, seen_to_by=uuid4()))

    for other in (message, waiting_message()):
        with pytest.raises(NotFoundError):
            retry(other)


@pytest.mark.parametrize(
    "changed", [{"channel": "pigeon"}, {"channel": None}, {"message_id": "1"}, {"force": True}]
)
def test_what_is_not_understood_is_refused(changed):
    asked = {"message_id": str(uuid4()), "asked_by": str(uuid4()), "channel": "letter"}

    with pytest.raises(ValidationError):
        RetryByOtherChannelForm().load({**asked, **changed})
