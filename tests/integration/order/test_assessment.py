"""Assessment hears what became of its messages early, late and often; its cases end the same."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from services.assessment.service import AssessmentService
from tests.integration.order import recorded
from tests.integration.order.programme import (
    AT_LENGTH,
    BRIEFLY,
    Programme,
    commands_for,
    events_for,
    play,
    programmes,
)
from tests.integration.order.recorded import without_instants
from tests.integration.order.stage import Ending, answered, heard

CHOSEN_AT_RANDOM = {
    "consents": ["request_sha256"],  # of a request that names the person by an id of our own
    "people": ["nhs_number_sealed", "council_client_id_sealed"],  # sealed anew each time
    "team_memberships": ["membership_id"],
    "deadlines": ["deadline_id", "met_at"],  # met when we first heard, whatever that was
}


def the_answers_before(line):
    """Name the answer before: in a case, one thing is done after the other."""
    story = line["correlationid"]
    case = recorded.of("command", service="assessment", correlationid=story)
    before = {answered(earlier) for earlier in case[: case.index(line)]}
    return before | (the_amount_told(story) if line["operation"] == "draft_plan" else set())


def the_amount_told(story):
    """Name the letter or e-mail with the amount: nobody plans before it was delivered."""
    delivered = recorded.of("event", type="notifications.message_delivered.v1", correlationid=story)
    return {heard(event) for event in delivered if event["data"]["topic"] == "indicative_budget"}


def later_by_letter(line):
    """Let the same be sent a second time: it counts when and how somebody was told first."""
    at = datetime.fromisoformat(line["at"]) + timedelta(days=3)
    return {**line, "at": at.isoformat(), "data": {**line["data"], "channel": "letter"}}


MESSAGES = [
    *commands_for(AssessmentService, after=the_answers_before),
    *events_for(AssessmentService, anew=later_by_letter),
]


def ending(on_stage, programme):
    with on_stage(AssessmentService) as stage:
        play(stage, programme)
        return Ending(*stage.rows(leaving_out=CHOSEN_AT_RANDOM), *stage.told())


@pytest.fixture
def in_order(on_stage):
    return ending(on_stage, Programme(order=MESSAGES))


def test_assessment_tells_in_order_what_it_told_that_day(on_stage):
    with on_stage(AssessmentService) as stage:
        play(stage, Programme(order=MESSAGES))

        told_that_day = recorded.told_by(AssessmentService.name)
        assert without_instants(stage.newest()) == without_instants(told_that_day)


@BRIEFLY
@given(programme=programmes(MESSAGES))
def test_cases_end_the_same_in_whatever_order_assessment_hears(on_stage, in_order, programme):
    ending(on_stage, programme).see_that_it_is(in_order)


@pytest.mark.prove
@AT_LENGTH
@given(programme=programmes(MESSAGES))
def test_cases_end_the_same_in_many_more_orders(on_stage, in_order, programme):
    ending(on_stage, programme).see_that_it_is(in_order)
