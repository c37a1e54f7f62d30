"""The context that travels with every message."""

from dataclasses import replace
from uuid import UUID

import pytest

from shared.contracts import catalogue
from shared.contracts.budget.holds import HoldReleased
from shared.messaging import inbox
from shared.observability import logs, spans
from tests.factories import TUESDAY_AT_TEN, a_trace

STORY = UUID("24009be4-4490-439b-a514-78aa95c80f50")
CAUSE = UUID("e8a3437f-7d56-48d0-84ed-373366d498ac")
RECORDED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def a_hold_released():
    return HoldReleased(
        event_id=CAUSE,
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=STORY,
        version=1,
        budget_id=STORY,
        held_pence=0,
        available_pence=0,
    )


def test_who_has_the_correlation_id_of_a_story_has_the_id_of_its_trace():
    trace = replace(a_trace(), correlation_id=STORY, causation_id=CAUSE, traceparent="")

    assert trace.traceparent == "00-24009be44490439ba51478aa95c80f50-84ed373366d498ac-00"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        RECORDED.upper(),
        RECORDED + "-more",
        RECORDED + "\n",
        RECORDED.replace("00-", "ff-", 1),
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    ],
)
def test_what_is_no_traceparent_is_replaced(given):
    trace = replace(a_trace(), traceparent=given)

    assert trace.traceparent != given
    assert replace(trace, traceparent=RECORDED).traceparent == RECORDED


def test_an_event_carries_a_span_of_its_own_and_never_its_causes():
    trace = replace(a_trace(), correlation_id=STORY, traceparent=RECORDED)

    envelope = catalogue.dump(a_hold_released(), trace=trace)

    assert envelope["traceparent"] == f"00-{STORY.hex}-84ed373366d498ac-00"
    assert inbox.trace_for(envelope).traceparent == envelope["traceparent"]


@pytest.mark.parametrize("given", [None, 5, [], {}, "Oliver"], ids=repr)
def test_a_traceparent_that_is_none_is_no_reason_to_refuse_an_event(given):
    envelope = catalogue.dump(a_hold_released(), trace=a_trace())

    trace = inbox.trace_for({**envelope, "traceparent": given})

    assert trace.traceparent == envelope["traceparent"]
    assert inbox.trace_for({**envelope, "traceparent": RECORDED}).traceparent == RECORDED


def test_the_story_in_a_log_line_is_all_four():
    trace = replace(a_trace(), correlation_id=STORY, causation_id=CAUSE, traceparent=RECORDED)

    assert logs.story(trace) == {
        "correlation_id": str(STORY),
        "causation_id": str(CAUSE),
        "actor": "tests/system",
        "traceparent": RECORDED,
    }


def test_where_nobody_collects_spans_the_work_goes_on_in_its_causes():
    trace = a_trace()

    with spans.span("CONSUMER", "process x", place="q", message_id=CAUSE, trace=trace) as own:
        assert own is trace
