"""Taking a message: the store, the delivery, and the faults that come between."""

import time
from collections.abc import Collection
from dataclasses import replace

from simulators.hanging_up import AnswerCutShort, ConnectionDropped
from simulators.notify import sending
from simulators.notify.errors import ApiError
from simulators.notify.faults import (
    ANSWER_FAULTS,
    CALLBACK_FAULTS,
    OUTCOME_FAULTS,
    FaultKind,
    PlannedFault,
)
from simulators.notify.messages import CallbackPlan, Message, Status
from simulators.notify.simulation import Simulation
from simulators.notify.templates import Channel

OUTCOMES = {
    FaultKind.PERMANENT_FAILURE: Status.PERMANENT_FAILURE,
    FaultKind.TEMPORARY_FAILURE: Status.TEMPORARY_FAILURE,
    FaultKind.TECHNICAL_FAILURE: Status.TECHNICAL_FAILURE,
    FaultKind.STUCK: Status.SENDING,
}
CALLBACKS = {
    FaultKind.LOSE_CALLBACK: CallbackPlan.NONE,
    FaultKind.DUPLICATE_CALLBACK: CallbackPlan.TWICE,
    FaultKind.EARLY_CALLBACK: CallbackPlan.EARLY,
    FaultKind.LATE_CALLBACK: CallbackPlan.LATE,
    FaultKind.REORDER_CALLBACK: CallbackPlan.HELD_BACK,
}


def accept(message: Message, *, simulation: Simulation) -> None:
    """Store a message and start its delivery, unless a planned fault says otherwise.

    Smoke tests are neither stored nor hit by faults.

    Raises:
        ApiError: 429, 500 or 504, a planned fault.
        ConnectionDropped, AnswerCutShort: a planned fault.
    """
    if simulation.settings.keeps_smoke_recipients and sending.is_smoke_test(message):
        return
    fault = _take(ANSWER_FAULTS, message=message, simulation=simulation)
    _fail_before_store(fault, message=message, simulation=simulation)
    message = _with_planned_fate(message, simulation=simulation)
    simulation.store.add(message)
    simulation.daily_limit.count(message.channel, key_type=message.key_type)
    is_late = fault is not None and fault.kind is FaultKind.ERROR_504_THEN_SENT
    simulation.delivery.begin(message, after_seconds=fault.seconds if fault and is_late else 0.0)
    _fail_after_store(fault)


def _take(
    kinds: Collection[FaultKind], *, message: Message, simulation: Simulation
) -> PlannedFault | None:
    fault = simulation.faults.take(
        kinds, channel=message.channel, recipient=message.normalised_recipient
    )
    if fault is not None:
        message_id = str(message.message_id)
        simulation.log.add("fault", fault=fault.kind.value, notification_id=message_id)
    return fault


def _fail_before_store(
    fault: PlannedFault | None, *, message: Message, simulation: Simulation
) -> None:
    match fault and fault.kind:
        case FaultKind.RATE_LIMIT:
            raise simulation.rate_limit.exceeded(message.key_type)
        case FaultKind.DAILY_LIMIT:
            raise simulation.daily_limit.exceeded(message.channel)
        case FaultKind.ERROR_500_BEFORE_STORE:
            raise _internal_error()
        case FaultKind.DROP_BEFORE_STORE:
            raise ConnectionDropped


def _with_planned_fate(message: Message, *, simulation: Simulation) -> Message:
    if message.channel is Channel.LETTER:
        return message
    if fault := _take(OUTCOME_FAULTS, message=message, simulation=simulation):
        message = replace(message, outcome=OUTCOMES[fault.kind])
    if message.outcome is Status.TECHNICAL_FAILURE:
        return replace(message, callback=CallbackPlan.NONE)  # Notify does not tell of these
    if fault := _take(CALLBACK_FAULTS, message=message, simulation=simulation):
        is_late = fault.kind is FaultKind.LATE_CALLBACK
        message = replace(
            message,
            callback=CALLBACKS[fault.kind],
            callback_delay_seconds=fault.seconds if is_late else 0.0,
        )
    return message


def _fail_after_store(fault: PlannedFault | None) -> None:
    if fault is None:
        return
    match fault.kind:
        case FaultKind.ERROR_500_AFTER_STORE:
            raise _internal_error()
        case FaultKind.ERROR_504_THEN_SENT:
            raise ApiError.of(504, "EventletTimeout", "30 seconds")
        case FaultKind.DROP_AFTER_STORE:
            raise ConnectionDropped
        case FaultKind.CUT_ANSWER:
            raise AnswerCutShort
        case FaultKind.SLOW:
            time.sleep(fault.seconds)


def _internal_error() -> ApiError:
    return ApiError.of(500, "Exception", "Internal server error")
