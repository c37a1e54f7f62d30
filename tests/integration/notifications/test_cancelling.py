"""A message can be taken back until a provider may have it."""

from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.delivery.commands import CancelMessage, Fail, KeepReceipt
from services.notifications.delivery.handlers import OnItsWayError
from services.notifications.delivery.rules import NotCalled
from services.notifications.delivery.schemas import CancelMessageForm, RecordSeenToForm
from services.notifications.delivery.wire import PROVIDER
from shared.errors import NotFoundError
from tests.factories import TUESDAY_AT_TEN


@pytest.fixture
def cancel(do):
    def cancel_it(message, by=None):
        do(CancelMessage(message_id=message.message_id, cancelled_by=by or uuid4()))

    return cancel_it


def test_a_message_that_was_taken_back_is_not_sent(waiting_message, cancel, claim, now, tasks):
    message, somebody = waiting_message(), uuid4()

    cancel(message, by=somebody)
    cancel(message)

    assert claim(message) == NotCalled()
    ended = now(message)
    assert (ended.state, ended.reason, ended.cancelled_by) == ("cancelled", "cancelled", somebody)
    assert [one.state for one in ended.deliveries] == ["withdrawn"]
    assert tasks() == []


def test_what_a_provider_may_have_cannot_be_taken_back(waiting_message, cancel, claim, now):
    message = waiting_message()
    claim(message)

    with pytest.raises(OnItsWayError):
        cancel(message)

    assert now(message).state == "waiting"


def test_what_has_come_to_its_end_cannot_be_taken_back(waiting_message, accept, cancel):
    message = waiting_message("letter")
    accept(message)

    with pytest.raises(OnItsWayError):
        cancel(message)


def test_between_two_channels_it_can_be_taken_back(waiting_message, claim, do, cancel, now):
    message = waiting_message()
    claim(message)
    do(Fail(delivery_id=message.delivery_id, reason="notify_refused_400"))

    cancel(now(message))

    assert now(message).state == "cancelled"


def test_what_arrived_after_all_is_delivered_though_it_was_taken_back(
    waiting_message, claim, do, cancel, now
):
    message = waiting_message()
    claim(message)
    do(Fail(delivery_id=message.delivery_id, reason="out_of_tries"))
    cancel(now(message))

    arrived = KeepReceipt(
        provider=PROVIDER,
        provider_id=str(uuid4()),
        reference=message.delivery_id,
        status="delivered",
        completed_at=TUESDAY_AT_TEN,
    )
    do(arrived)

    ended = now(message)
    assert (ended.state, ended.reason, ended.cancelled_by) == ("delivered", None, None)


def test_what_is_not_there_cannot_be_taken_back(do):
    with pytest.raises(NotFoundError):
        do(CancelMessage(message_id=uuid4(), cancelled_by=uuid4()))


@pytest.mark.parametrize("form", [CancelMessageForm, RecordSeenToForm])
def test_commands_of_another_form_are_refused(form):
    for wrong in ({}, {"message_id": "x"}, {"message_id": str(uuid4()), "more": 1}):
        with pytest.raises(ValidationError):
            form().load(wrong)
