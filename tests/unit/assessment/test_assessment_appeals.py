"""Who decides on an appeal, and who answers and reads a complaint."""

from uuid import uuid4

import pytest

from services.assessment.appeals import rules
from services.assessment.appeals.rules import AppealOutcome, AppealState
from services.assessment.complaints import rules as complaints
from services.assessment.complaints.rules import ComplaintState

NEW, MANAGER, DIRECTOR, FIRST = (uuid4() for _ in range(4))
LINES = {NEW: MANAGER, MANAGER: DIRECTOR, DIRECTOR: None}


@pytest.mark.parametrize("outcome", ["refuse", "approve_in_part"])
def test_what_was_refused_is_appealed_against(outcome):
    rules.check_appealable(outcome)


@pytest.mark.parametrize("outcome", ["approve", "return", "escalate", None])
def test_there_is_no_appeal_against_what_refused_nothing(outcome):
    with pytest.raises(rules.NothingToAppealError):
        rules.check_appealable(outcome)


def test_a_decision_has_one_open_appeal():
    rules.check_only_open(is_open=False)

    with pytest.raises(rules.AppealOpenError):
        rules.check_only_open(is_open=True)


def test_only_the_newest_amount_is_appealed_against():
    rules.check_amount(version=2, newest=2)

    with pytest.raises(rules.AmountReplacedError):
        rules.check_amount(version=1, newest=2)


@pytest.mark.parametrize("state", AppealState)
@pytest.mark.parametrize("outcome", AppealOutcome)
def test_an_appeal_is_decided_on_once(state, outcome):
    if state == AppealState.LODGED:
        assert rules.state_after(state, outcome).value == outcome.value
    else:
        with pytest.raises(rules.AppealDecidedError):
            rules.state_after(state, outcome)


def decide(**changes):
    rules.check_decider(
        **{
            "decider_id": NEW,
            "involved_ids": {FIRST},
            "first_decider_ids": {FIRST},
            "lines": LINES,
        }
        | changes
    )


def test_somebody_new_decides():
    decide()


def test_whoever_decided_or_signed_does_not_decide_on_the_appeal():
    with pytest.raises(rules.DecidedBeforeError):
        decide(involved_ids={NEW})


@pytest.mark.parametrize("first", [MANAGER, DIRECTOR])
def test_nobody_decides_on_an_appeal_against_those_they_work_for(first):
    with pytest.raises(rules.DeciderSubordinateError):
        decide(first_decider_ids={first})


@pytest.mark.parametrize("lines", [{}, {NEW: MANAGER}])
def test_whose_line_is_not_known_does_not_decide(lines):
    with pytest.raises(rules.ReportingLineUnknownError):
        decide(lines=lines)


def test_nobody_reports_to_themselves_through_others():
    rules.check_no_circle(uuid4(), reports_to_id=NEW, lines=LINES)

    with pytest.raises(rules.ReportingCircleError):
        rules.check_no_circle(DIRECTOR, reports_to_id=NEW, lines=LINES)
    with pytest.raises(rules.ReportingCircleError):
        rules.check_no_circle(NEW, reports_to_id=NEW, lines={})


def test_whoever_was_not_right_is_told_where_to_go():
    rules.check_next_route(AppealOutcome.UPHELD, next_route=None)
    rules.check_next_route(AppealOutcome.NOT_UPHELD, next_route="The ombudsman")

    with pytest.raises(rules.NextRouteMissingError):
        rules.check_next_route(AppealOutcome.NOT_UPHELD, next_route=None)


def test_a_complaint_is_answered_once():
    assert complaints.state_after(ComplaintState.MADE, "answer") == ComplaintState.ANSWERED

    with pytest.raises(complaints.ComplaintAnsweredError):
        complaints.state_after(ComplaintState.ANSWERED, "answer")


def test_nobody_of_the_care_team_answers_a_complaint():
    complaints.check_outside(NEW, team_ids={FIRST}, field="handler_id")

    with pytest.raises(complaints.ComplaintNotForCareTeamError):
        complaints.check_outside(FIRST, team_ids={FIRST}, field="handler_id")


def read(**changes):
    complaints.check_reader(
        **{
            "reader_id": NEW,
            "reader_role": "complaints_officer",
            "person_id": uuid4(),
            "team_ids": {FIRST},
            "may_team_read": False,
        }
        | changes
    )


def test_the_person_and_the_complaints_officer_read_a_complaint():
    read()
    read(person_id=NEW, reader_role="person")
    read(reader_id=FIRST, reader_role="broker", may_team_read=True)


def test_nobody_else_reads_a_complaint():
    with pytest.raises(complaints.ComplaintNotForCareTeamError):
        read(reader_id=FIRST)
    with pytest.raises(complaints.ComplaintReaderError):
        read(reader_role="commissioner")
