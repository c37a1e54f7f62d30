"""Overspends and underspends at the end of a year: shared as signed, or left to lie."""

from uuid import uuid4

import pytest

from tests.integration.budget.between_funders import (
    MAY,
    SECOND_COUNCIL,
    YEAR_IS_OVER,
    a_pool_of_three,
    a_rule,
    balances,
    everybody_signs,
    look_up,
    run,
    settle,
    share_risk,
    the_invoice,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    an_active_budget,
    an_agreement,
    ask,
    buy,
    called_by,
    commit,
    left_of,
    pay_in,
    rows,
    spend,
    totals,
    unanswered,
)
from tests.integration.budget.reported import read

HALVES = {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 5_000}}
THREE_TO_SEVEN = {NHS: {"basis_points": 3_000}, COUNCIL: {"basis_points": 7_000}}


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(verified):
    """By the whole verifier: what conftest asks does not know sharing."""


def an_overspend(transaction, pence, *, payer="nhs"):
    """Have the card network take so much more than one funder's part of a budget."""
    planned = an_active_budget(transaction, joint=100_00, **{payer: 10_00})
    left_pence = left_of(transaction, planned)[payer]
    purchase, _ = buy(transaction, planned, 10_00, payer=payer)
    spend(transaction, purchase, left_pence + pence)
    return planned


def dues(answer):
    """Return who comes to owe whom how much, by what is shared."""
    return {
        (due["shared"], due["payer_id"], due["receiver_id"]): due["amount_pence"]
        for due in answer["result"]["dues"]
    }


def end(transaction, planned, *, ends_on="2026-11-24"):
    ask(
        transaction,
        "end_budget",
        budget_id=str(planned.budget_id),
        ends_on=ends_on,
        reason="plan_ended",
    )


def test_an_overspend_is_borne_by_percentage_and_due_between_the_two(transaction):
    planned = an_overspend(transaction, 40_01)
    a_rule(transaction, parts=THREE_TO_SEVEN)
    before = totals(transaction)

    answer = share_risk(transaction)

    # 40.01 by 3 to 7 is 12.003 and 28.007: the odd penny is the larger remainder's.
    assert dues(answer) == {("overspent", str(COUNCIL), str(NHS)): 28_01}
    found = balances(transaction, planned)
    assert found["QHM01 overspent"] == -12_00
    assert found["QHM01 due_from E06000001"] == -28_01
    assert found["E06000001 overspent"] == -28_01
    assert found["E06000001 due_to QHM01"] == 28_01
    assert totals(transaction)["overspent_pence"] == before["overspent_pence"] == 40_01
    assert sum(totals(transaction)["spent_pence"].values()) == sum(before["spent_pence"].values())


def test_what_was_shared_is_no_purchase_in_a_funders_statement(transaction):
    an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES)
    share_risk(transaction)

    council, nhs = (
        read(transaction, "funder_statement", funder_id=str(funder_id))
        for funder_id in (COUNCIL, NHS)
    )

    assert (council.spent_pence, council.otherwise_pence) == (0, -20_00)
    assert nhs.otherwise_pence == 20_00
    assert nhs.spent_pence == sum(item.spent_pence for item in nhs.items) > 40_00


def test_what_was_shared_is_settled_by_the_next_recharge(transaction):
    planned = an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES)
    share_risk(transaction)

    april = run(transaction, month="2027-04", at=MAY)
    assert the_invoice(april)["net_pence"] == 20_00
    assert the_invoice(april)["debtor_id"] == str(COUNCIL)
    settle(transaction, april, at=MAY)

    found = balances(transaction, planned)
    assert found["QHM01 overspent"] == found["E06000001 overspent"] == -20_00
    assert found["E06000001 settled QHM01"] == 20_00
    assert not [name for name in found if " due_" in name]


def test_overspends_of_both_are_set_against_one_another_over_all_budgets(transaction):
    an_overspend(transaction, 30_00, payer="nhs")
    an_overspend(transaction, 10_00, payer="council")
    a_rule(transaction, parts=HALVES)

    answer = share_risk(transaction)

    assert dues(answer) == {("overspent", str(COUNCIL), str(NHS)): 10_00}


def test_a_partner_takes_on_no_more_than_its_maximum_and_the_rest_lies_where_it_fell(transaction):
    planned = an_overspend(transaction, 40_00)
    parts = {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 5_000, "most_pence": 7_50}}
    a_rule(transaction, "capped", parts=parts)

    answer = share_risk(transaction)

    assert dues(answer) == {("overspent", str(COUNCIL), str(NHS)): 7_50}
    assert balances(transaction, planned)["QHM01 overspent"] == -32_50


def test_where_risk_lies_where_it_falls_nothing_moves(transaction):
    an_overspend(transaction, 40_00)
    a_rule(transaction, "lie_where_it_falls")
    journals = totals(transaction)["ledger"]["journals"]

    answer = share_risk(transaction)

    assert (answer["result"]["budgets"], dues(answer)) == (0, {})
    assert totals(transaction)["ledger"]["journals"] == journals


def test_what_is_left_when_a_budget_has_ended_is_shared_and_stays_in_the_budget(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=20_00)
    a_rule(transaction, parts=HALVES)
    end(transaction, planned)
    assert left_of(transaction, planned) == {"nhs": 70_00, "council": 50_00}

    answer = share_risk(transaction)

    assert dues(answer) == {("available", str(NHS), str(COUNCIL)): 10_00}
    assert left_of(transaction, planned) == {"nhs": 60_00, "council": 60_00}


def test_what_a_budget_that_goes_on_has_left_is_nobodys_underspend(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=20_00)
    a_rule(transaction, parts=HALVES)

    assert dues(share_risk(transaction)) == {}
    assert left_of(transaction, planned) == {"nhs": 70_00, "council": 50_00}


def test_a_budget_that_is_to_end_after_the_year_goes_on(transaction):
    planned = an_active_budget(transaction, joint=100_00, nhs=20_00)
    a_rule(transaction, parts=HALVES)
    end(transaction, planned, ends_on="2027-04-02")

    assert dues(share_risk(transaction)) == {}
    assert left_of(transaction, planned) == {"nhs": 70_00, "council": 50_00}


def test_neither_a_promise_nor_what_a_person_was_charged_is_shared(transaction):
    planned = a_planned_budget(transaction, joint=200_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=40_00,
        weeks=1,
    )
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["council"])
    commit(transaction, planned, calls["nhs"])
    end(transaction, planned)
    assert left_of(transaction, planned) == {"nhs": 100_00, "council": 100_00}
    a_rule(transaction, parts=HALVES)

    answer = share_risk(transaction)

    # The council's own 60.00 is shared; the NHS body paid nothing in, and 40.00 are the person's.
    assert dues(answer) == {("available", str(COUNCIL), str(NHS)): 30_00}


def test_two_partners_who_do_not_host_share_by_way_of_the_host(transaction):
    a_pool_of_three(transaction)
    planned = a_planned_budget(transaction, joint=100_00, nhs=10_00)
    request = an_agreement(planned.budget_id)
    request["shares"] = [
        {"funder_id": str(NHS), "numerator": 5_000},
        {"funder_id": str(SECOND_COUNCIL), "numerator": 5_000},
    ]
    request["signatures"] = everybody_signs(NHS, SECOND_COUNCIL)
    for call in ask(transaction, "record_agreement", **request)["result"]["called"]:
        pay_in(transaction, planned, call)
    purchase, _ = buy(transaction, planned, 10_00, payer="nhs")
    spend(transaction, purchase, 60_00 + 40_00)
    parts = {
        NHS: {"basis_points": 5_000},
        COUNCIL: {"basis_points": 0},
        SECOND_COUNCIL: {"basis_points": 5_000},
    }
    signatures = everybody_signs(NHS, COUNCIL, SECOND_COUNCIL)
    a_rule(transaction, parts=parts, signatures=signatures)

    answer = share_risk(transaction)

    assert dues(answer) == {("overspent", str(SECOND_COUNCIL), str(NHS)): 20_00}
    found = balances(transaction, planned)
    assert found["E06000002 due_to E06000001"] == 20_00
    assert found["E06000001 due_from E06000002"] == -20_00
    assert found["E06000001 due_to QHM01"] == 20_00
    assert found["QHM01 due_from E06000001"] == -20_00
    assert len(run(transaction, month="2027-04", at=MAY)["result"]["invoices"]) == 2


def test_what_a_year_comes_to_may_be_asked_before_it_is_over_and_is_what_is_shared(transaction):
    an_overspend(transaction, 40_01)
    end(transaction, an_active_budget(transaction, joint=100_00, nhs=20_00))
    a_rule(transaction, parts=THREE_TO_SEVEN)
    before = unanswered(transaction)

    outlook = look_up(transaction, "risk_share_outlook", pool_id=str(POOL), financial_year=2026)

    assert unanswered(transaction) == before
    real = share_risk(transaction)["result"]
    assert dues({"result": outlook}) == dues({"result": real})
    assert outlook["budgets"] == real["budgets"] > 0


def test_a_sharing_asked_for_twice_gives_the_same_answer_and_writes_once(transaction):
    an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES)
    run_id = uuid4()
    first = share_risk(transaction, run_id=run_id)
    before = unanswered(transaction)

    assert share_risk(transaction, run_id=run_id) == first
    assert unanswered(transaction) == before


def test_a_new_version_of_the_rule_counts_for_years_that_are_not_shared(transaction):
    an_overspend(transaction, 40_00)
    first = a_rule(transaction, parts=HALVES)["result"]
    second = a_rule(transaction, parts=THREE_TO_SEVEN)["result"]
    later = a_rule(transaction, "lie_where_it_falls", from_year=2027)["result"]
    assert [one["version"] for one in (first, second, later)] == [1, 2, 3]

    answer = share_risk(transaction)

    assert answer["result"]["rule_id"] == second["rule_id"]
    refused = a_rule(transaction, parts=HALVES)
    assert refused["refusal"]["code"] == "already_shared"


def test_a_rule_that_is_signed_twice_is_one_rule(transaction):
    a_pool(transaction)
    rule_id = str(uuid4())
    first = a_rule(transaction, parts=HALVES, rule_id=rule_id)

    assert a_rule(transaction, parts=HALVES, rule_id=rule_id) == first
    other = a_rule(transaction, parts=THREE_TO_SEVEN, rule_id=rule_id)
    assert other["refusal"]["code"] == "id_reused"
    assert rows(transaction, "SELECT count(*) FROM risk_rules") == [(1,)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signatures": everybody_signs(NHS)}, "signature_missing"),
        ({"signatures": everybody_signs(NHS, COUNCIL, uuid4())}, "not_a_partner"),
        ({"parts": {}}, "risk_rule_wrong"),
        ({"parts": {NHS: {"basis_points": 10_000}}}, "risk_rule_wrong"),
        (
            {"parts": {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 4_999}}},
            "risk_rule_wrong",
        ),
        ({"parts": {**HALVES, uuid4(): {"basis_points": 0}}}, "risk_rule_wrong"),
        (
            {"parts": {NHS: {"basis_points": 10_001}, COUNCIL: {"basis_points": -1}}},
            "invalid_request",
        ),
        ({"kind": "lie_where_it_falls"}, "risk_rule_wrong"),
        ({"kind": "capped"}, "risk_rule_wrong"),
        ({"kind": "lottery"}, "invalid_request"),
        ({"from_year": 26}, "invalid_request"),
        ({"pool_id": str(uuid4())}, "pool_not_found"),
    ],
)
def test_a_rule_that_cannot_be_changes_not_one_row(transaction, changes, code):
    a_pool(transaction)
    before = unanswered(transaction)

    refused = a_rule(transaction, **({"parts": HALVES} | changes))

    assert refused["refusal"]["code"] == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": YEAR_IS_OVER.replace(month=3, day=31)}, "year_not_over"),
        ({"year": 2025, "at": YEAR_IS_OVER}, "rule_missing"),
        ({"year": 3_000}, "invalid_request"),
    ],
)
def test_a_year_that_cannot_be_shared_changes_not_one_row(transaction, changes, code):
    an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES)
    before = unanswered(transaction)

    refused = share_risk(transaction, **changes)

    assert refused["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_year_is_shared_once_and_a_run_id_is_of_one_year(transaction):
    an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES)
    run_id = uuid4()
    share_risk(transaction, run_id=run_id)
    before = unanswered(transaction)

    assert share_risk(transaction)["refusal"]["code"] == "already_shared"
    other = share_risk(transaction, run_id=run_id, year=2027, at=YEAR_IS_OVER.replace(year=2028))
    assert other["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


def test_what_was_overspent_in_another_year_is_not_shared(transaction):
    an_overspend(transaction, 40_00)
    a_rule(transaction, parts=HALVES, from_year=2025)

    assert dues(share_risk(transaction, year=2025)) == {}
