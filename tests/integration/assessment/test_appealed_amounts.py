"""An amount is appealed against: the one before a reduction stands until somebody new decided."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines import queries as deadlines_queries
from tests.integration.assessment.desk import a_death, a_plan
from tests.integration.assessment.planning import an_appeal, an_appeal_decision
from tests.integration.assessment.test_reductions import (
    a_showing,
    a_statement,
    as_before,
    explained,
    lower_rates,
    seen_again,
)

WHOLE, CUT = 2_022_87, 2_022_87 - 231_43
GROUNDS = "I did not understand what I was shown, and the low days are back."


def against(referral_id, version, **changes):
    amount = {"referral_id": referral_id, "version": version}
    return an_appeal(None, amount=amount, grounds=GROUNDS) | changes


@pytest.fixture
def cut(desk):
    """Return a case whose amount fell after a statement was shown, and the statement."""
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0)))
    desk.offer(received["referral_id"])
    statement = a_statement(received["referral_id"])
    desk.ask("record_preventive_effect", **statement)
    desk.ask("record_preventive_effect_shown", **a_showing(statement))
    desk.at += timedelta(minutes=10)
    assert desk.offer(received["referral_id"])["total_pence"] == CUT
    return received, statement


@pytest.fixture
def officer_id(desk):
    """Return somebody who reports to nobody on the case."""
    staff_id = str(uuid4())
    desk.ask("record_reporting_line", staff_id=staff_id, reports_to_id=None)
    return staff_id


def amount_of(desk, referral_id):
    return desk.case(referral_id)["indicative_budget"]["total_pence"]


def tasks(desk):
    return [task["kind"] for task in desk.ask("open_tasks", role="care_coordinator")]


def test_while_an_appeal_against_a_reduction_is_open_the_amount_before_stands(desk, cut):
    referral_id = cut[0]["referral_id"]
    assert desk.refused("draft_plan", **a_plan(referral_id))["code"] == "amount_not_told"

    appeal = against(referral_id, 2)
    answers = [desk.ask("lodge_appeal", **appeal) for _ in range(2)]

    assert answers[0] == answers[1]
    assert amount_of(desk, referral_id) == WHOLE
    # The person knows that amount, so they plan with it; nobody lowers it meanwhile.
    assert desk.ask("draft_plan", **a_plan(referral_id))["version"] == 1
    again = desk.offer(referral_id)
    assert (again["total_pence"], again["version"]) == (WHOLE, 1)
    assert again["blocked"]["domains"] == ["B1"]
    (told,) = desk.told("appeal_lodged")
    assert (told["amount_version"], told["decision_id"], told["plan_id"]) == (2, None, None)


def test_an_appeal_that_is_upheld_opens_the_calculation_again(desk, cut, officer_id):
    received, statement = cut
    referral_id = received["referral_id"]
    lodged = desk.ask("lodge_appeal", **against(referral_id, 2))

    decision = an_appeal_decision(lodged["appeal_id"], officer_id)
    assert desk.ask("decide_appeal", **decision)["is_reopened"]

    (told,) = desk.told("appeal_decided")
    assert (told["amount_version"], told["outcome"], told["is_reopened"]) == (2, "upheld", True)
    assert amount_of(desk, referral_id) == WHOLE
    assert "amount_anew" in tasks(desk)
    assert desk.case(referral_id)["appeals"][0]["amount_version"] == 2

    # What was contributed anew counts; what the statement had lowered needs another one.
    desk.at += timedelta(hours=1)
    seen_again(desk, received, *as_before(B1=(1, 2), B2=(3, 4)))
    offered = desk.offer(referral_id)
    assert offered["total_pence"] > WHOLE
    assert offered["version"] == 3
    assert offered["blocked"]["domains"] == ["B1"]
    assert "amount_anew" not in tasks(desk)
    explained(desk, referral_id, domains=["B1"])
    assert desk.offer(referral_id)["blocked"] is None
    assert statement["statement_id"] in [
        one["statement_id"] for one in desk.case(referral_id)["preventive_effects"]["statements"]
    ]


def test_an_appeal_that_is_not_upheld_lets_the_reduction_count_again(desk, cut, officer_id):
    referral_id = cut[0]["referral_id"]
    lodged = desk.ask("lodge_appeal", **against(referral_id, 2))

    request = an_appeal_decision(
        lodged["appeal_id"], officer_id, outcome="not_upheld", next_route="The ombudsman"
    )
    assert not desk.ask("decide_appeal", **request)["is_reopened"]

    assert amount_of(desk, referral_id) == CUT
    assert desk.refused("draft_plan", **a_plan(referral_id))["code"] == "amount_not_told"
    assert desk.offer(referral_id)["version"] == 2
    assert "amount_anew" not in tasks(desk)


def test_nobody_has_to_tell_a_lower_amount_that_an_appeal_has_set_aside(desk, cut, officer_id):
    referral_id = cut[0]["referral_id"]
    assert "amount_told" in tasks(desk)

    lodged = desk.ask("lodge_appeal", **against(referral_id, 2))
    assert "amount_told" not in tasks(desk)

    request = an_appeal_decision(
        lodged["appeal_id"], officer_id, outcome="not_upheld", next_route="The ombudsman"
    )
    desk.ask("decide_appeal", **request)
    assert "amount_told" in tasks(desk)


def test_an_appeal_against_lower_rates_lets_the_amount_before_stand(desk, officer_id):
    received = desk.offered()
    referral_id = received["referral_id"]
    lower_rates(desk, "here-2026-2", "2026-11-25", 50_00)
    desk.at += timedelta(days=1)
    desk.offer(referral_id)
    explained(desk, referral_id, domains=[])
    desk.at += timedelta(minutes=10)
    assert desk.offer(referral_id)["total_pence"] < WHOLE

    lodged = desk.ask("lodge_appeal", **against(referral_id, 2))
    assert amount_of(desk, referral_id) == WHOLE
    desk.ask("decide_appeal", **an_appeal_decision(lodged["appeal_id"], officer_id))

    again = desk.offer(referral_id)
    assert (again["total_pence"], again["blocked"]["domains"]) == (WHOLE, [])


def test_an_amount_may_be_wrong_without_being_less(desk, officer_id):
    received = desk.offered()
    referral_id = received["referral_id"]

    lodged = desk.ask("lodge_appeal", **against(referral_id, 1))

    # There is no better amount yet: planning goes on with it.
    assert desk.ask("draft_plan", **a_plan(referral_id))["version"] == 1
    desk.ask("decide_appeal", **an_appeal_decision(lodged["appeal_id"], officer_id))
    assert amount_of(desk, referral_id) == WHOLE
    assert "amount_anew" in tasks(desk)
    desk.at += timedelta(days=20)
    desk.strike(deadlines_queries.missed, deadlines.tell_missed)
    assert "amount_anew" in [missed["stage"] for missed in desk.told("deadline_missed")]


def test_what_was_worked_out_anew_meanwhile_is_not_opened_again(desk, cut, officer_id):
    received, _ = cut
    referral_id = received["referral_id"]
    lodged = desk.ask("lodge_appeal", **against(referral_id, 2))
    seen_again(desk, received, *as_before(B1=(0, 0), B2=(4, 4)))
    assert desk.offer(referral_id)["version"] == 3

    decision = an_appeal_decision(lodged["appeal_id"], officer_id)

    assert not desk.ask("decide_appeal", **decision)["is_reopened"]
    assert "amount_anew" not in tasks(desk)


def test_whoever_wrote_or_showed_the_statement_does_not_decide(desk, cut, officer_id):
    received, statement = cut
    lodged = desk.ask("lodge_appeal", **against(received["referral_id"], 2))
    writer_id, subordinate_id = statement["written_by_id"], str(uuid4())
    desk.ask("record_reporting_line", staff_id=writer_id, reports_to_id=None)
    desk.ask("record_reporting_line", staff_id=subordinate_id, reports_to_id=writer_id)

    for decider_id, code in (
        (writer_id, "appeal_decider_not_new"),
        (subordinate_id, "appeal_decider_is_subordinate"),
    ):
        request = an_appeal_decision(lodged["appeal_id"], decider_id)
        assert desk.refused("decide_appeal", **request)["code"] == code


def test_what_is_no_appeal_against_an_amount_is_refused(desk, cut):
    referral_id = cut[0]["referral_id"]

    for request, code in (
        (against(referral_id, 1), "amount_replaced"),
        (against(referral_id, 3), "not_found"),
        (against(str(uuid4()), 1), "not_found"),
        (against(referral_id, 0), "invalid_request"),
        (against(referral_id, 2, refusal_id=str(uuid4())), "invalid_request"),
    ):
        assert desk.refused("lodge_appeal", **request)["code"] == code

    appeal = against(referral_id, 2)
    desk.ask("lodge_appeal", **appeal)
    assert desk.refused("lodge_appeal", **against(referral_id, 2))["code"] == "appeal_open"
    assert desk.refused("lodge_appeal", **appeal | {"grounds": "Else"})["code"] == "id_reused"


def test_nobody_works_out_the_amount_of_somebody_who_has_died(desk, cut, officer_id):
    received, _ = cut
    lodged = desk.ask("lodge_appeal", **against(received["referral_id"], 2))
    desk.ask("record_death", **a_death(received["person_id"]))

    late = desk.refused("lodge_appeal", **against(received["referral_id"], 2))
    assert late["code"] == "case_closed"
    decision = an_appeal_decision(lodged["appeal_id"], officer_id)
    assert not desk.ask("decide_appeal", **decision)["is_reopened"]
