"""Money with a broker and care that is delivered: each funder's, to the penny."""

from uuid import uuid4

import pytest

from services.budget.reconciliation.models import ledger_lines
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    agree,
    an_active_budget,
    buy,
    called_by,
    left_of,
    paid_by,
    pay_in,
    rows,
    spend,
    told_about,
    totals,
    unanswered,
)
from tests.integration.budget.repayments import do
from tests.integration.budget.ways import (
    TODAY,
    broker_says,
    code_of,
    day,
    deliver,
    from_broker,
    move,
    of_funders,
    routes_of,
    top_up,
    where,
)
from tests.integration.racing import AT_ONCE, all_at_once


@pytest.fixture
def planned(transaction):
    """A budget whose joint item goes by a broker."""
    planned = an_active_budget(transaction, nhs_share=6_000, joint=1_000_00, council=100_00)
    move(transaction, planned, "broker")
    return planned


def portions(nhs, council):
    return [
        {"funder_id": str(NHS), "amount_pence": nhs},
        {"funder_id": str(COUNCIL), "amount_pence": council},
    ]


def with_broker(transaction, planned):
    return {kind: figures[0] for kind, figures in where(transaction, planned).items()}


def test_a_top_up_is_divided_by_the_shares_of_the_brokers_items_and_is_not_spent(
    transaction, planned, found
):
    answer = top_up(transaction, planned, 100_01)

    assert (answer["result"]["amount_pence"], answer["result"]["held_pence"]) == (100_01, 100_01)
    assert with_broker(transaction, planned) == {"nhs": 60_01, "council": 40_00}
    assert totals(transaction)["spent_pence"] == {"nhs": 0, "council": 0}
    assert left_of(transaction, planned) == {"nhs": 600_00, "council": 500_00}
    assert found() == []


def test_a_top_up_may_say_what_is_each_funders(transaction, planned):
    top_up(transaction, planned, None, portions=portions(10_00, 20_00))

    assert with_broker(transaction, planned) == {"nhs": 10_00, "council": 20_00}


def test_what_is_bought_is_taken_from_what_the_broker_has(transaction, planned, found):
    top_up(transaction, planned, 100_00)
    purchase, _ = buy(transaction, planned, 30_00)
    spend(transaction, purchase, 30_00)

    assert with_broker(transaction, planned) == {"nhs": 42_00, "council": 28_00}
    assert totals(transaction)["spent_pence"] == {"nhs": 18_00, "council": 12_00}
    spend(transaction, purchase, 20_00, version=2)
    assert with_broker(transaction, planned) == {"nhs": 48_00, "council": 32_00}
    assert found() == []


def test_a_broker_that_pays_ahead_has_less_than_nothing(transaction, planned, found):
    purchase, _ = buy(transaction, planned, 10_00)
    spend(transaction, purchase, 10_00)

    assert with_broker(transaction, planned) == {"nhs": -6_00, "council": -4_00}
    assert of_funders(transaction, planned, "to_be_returned_pence") == {"nhs": 0, "council": 0}
    assert found() == []


def test_the_bank_knows_of_top_ups_and_of_nothing_that_the_broker_bought(transaction, planned):
    top_up(transaction, planned, 100_00)
    purchase, _ = buy(transaction, planned, 30_00)
    spend(transaction, purchase, 30_00)
    from_broker(transaction, planned, 20_00)

    with transaction() as session:
        lines = ledger_lines(
            session, since=TUESDAY_AT_TEN.date(), until=TUESDAY_AT_TEN.date(), most=100
        )

    by_reference = {
        reference: sum(line.amount_pence for line in lines if reference in line.references)
        for reference in ("BACS 7", "BACS 8", str(purchase.purchase_id))
    }
    assert by_reference == {"BACS 7": -100_00, "BACS 8": 20_00, str(purchase.purchase_id): 0}


@pytest.mark.parametrize(
    ("amount_pence", "changes", "code"),
    [
        (1_100_01, {}, "insufficient_funds"),
        (None, {"portions": portions(600_01, 1)}, "insufficient_funds"),
        (None, {}, "amount_ambiguous"),
        (1, {"portions": portions(1, 1)}, "amount_ambiguous"),
        (None, {"portions": portions(1, 1) * 2}, "amount_ambiguous"),
        (
            None,
            {"portions": [{"funder_id": str(uuid4()), "amount_pence": 1}]},
            "funder_has_no_book",
        ),
        (1, {"budget_id": str(uuid4())}, "budget_not_found"),
        (0, {}, "invalid_request"),
        (1, {"bank_reference": ""}, "invalid_request"),
        (None, {"portions": []}, "invalid_request"),
    ],
)
def test_a_wrong_top_up_is_refused_and_changes_nothing(
    transaction, planned, amount_pence, changes, code
):
    before = unanswered(transaction)

    assert code_of(top_up(transaction, planned, amount_pence, **changes)) == code
    assert unanswered(transaction) == before


def test_where_no_item_goes_by_a_broker_none_gets_money(transaction, planned):
    move(transaction, planned, "host")

    assert code_of(top_up(transaction, planned, 1)) == "no_broker_item"


def test_before_anybody_has_agreed_or_paid_in_no_broker_gets_money(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    move(transaction, planned, "broker")
    assert code_of(top_up(transaction, planned, 1)) == "budget_not_active"

    call = called_by(agree(transaction, planned))["council"]
    pay_in(transaction, planned, call)
    assert code_of(top_up(transaction, planned, 2)) == "budget_not_active"


def test_an_ended_budget_gives_nothing_to_a_broker_and_gets_back_what_is_there(
    transaction, planned
):
    top_up(transaction, planned, 100_00)
    do(
        transaction,
        "end_budget",
        budget_id=str(planned.budget_id),
        ends_on=TODAY,
        reason="plan_ended",
    )

    assert code_of(top_up(transaction, planned, 1)) == "budget_ended"
    assert from_broker(transaction, planned, 100_00)["result"]["held_pence"] == 0


def test_a_top_up_told_again_is_booked_once_and_its_id_is_used_once(transaction, planned):
    top_up_id = str(uuid4())
    first = top_up(transaction, planned, 10_00, top_up_id=top_up_id)
    before = unanswered(transaction)

    assert top_up(transaction, planned, 10_00, top_up_id=top_up_id) == first
    assert code_of(top_up(transaction, planned, 11_00, top_up_id=top_up_id)) == "id_reused"
    assert code_of(from_broker(transaction, planned, 10_00, top_up_id=top_up_id)) == "id_reused"
    assert unanswered(transaction) == before


def test_a_top_up_told_many_times_at_once_is_booked_once(transaction, planned, found):
    top_up_id = str(uuid4())

    answers = all_at_once(
        [lambda: top_up(transaction, planned, 9_00, top_up_id=top_up_id)] * AT_ONCE
    )

    assert {answer["result"]["held_pence"] for answer in answers} == {9_00}
    assert found() == []


def test_of_many_that_take_the_same_money_at_once_one_wins(transaction, planned):
    answers = all_at_once([lambda: top_up(transaction, planned, 1_000_00)] * AT_ONCE)

    refused = [code_of(answer) for answer in answers if "refusal" in answer]
    assert refused == ["insufficient_funds"] * (AT_ONCE - 1)


def test_what_comes_back_is_of_those_whose_money_is_there(transaction, planned, found):
    top_up(transaction, planned, 100_00)

    from_broker(transaction, planned, 50_01)
    assert with_broker(transaction, planned) == {"nhs": 29_99, "council": 20_00}
    from_broker(transaction, planned, None, portions=portions(9_99, 20_00))
    assert with_broker(transaction, planned) == {"nhs": 20_00, "council": 0}
    assert found() == []


@pytest.mark.parametrize(
    ("amount_pence", "changes", "code"),
    [
        (100_01, {}, "exceeds_broker_balance"),
        (None, {"portions": portions(60_01, 1)}, "exceeds_broker_balance"),
        (None, {}, "amount_ambiguous"),
        (1, {"budget_id": str(uuid4())}, "budget_not_found"),
        (0, {}, "invalid_request"),
    ],
)
def test_what_the_broker_has_not_does_not_come_back(
    transaction, planned, amount_pence, changes, code
):
    top_up(transaction, planned, 100_00)
    before = unanswered(transaction)

    assert code_of(from_broker(transaction, planned, amount_pence, **changes)) == code
    assert unanswered(transaction) == before


def test_a_top_up_is_suggested_for_some_weeks_of_the_brokers_items(transaction, planned):
    """£1,000 over 50 weeks are £20 a week, of which the NHS pays £12."""

    def due(**terms):
        return of_funders(transaction, planned, "top_up_due_pence", plan_weeks=50, **terms)

    assert due() == {"nhs": 48_00, "council": 32_00}
    top_up(transaction, planned, 60_00)
    assert due() == {"nhs": 12_00, "council": 8_00}
    assert due(weeks=3) == {"nhs": 0, "council": 0}
    move(transaction, planned, "notional")
    assert due() == {"nhs": 0, "council": 0}


def test_what_a_broker_has_for_an_item_that_moved_is_to_be_returned(transaction, planned):
    top_up(transaction, planned, 100_00)
    assert of_funders(transaction, planned, "to_be_returned_pence") == {"nhs": 0, "council": 0}

    move(transaction, planned, "notional")
    assert of_funders(transaction, planned, "to_be_returned_pence") == {
        "nhs": 60_00,
        "council": 40_00,
    }
    move(transaction, planned, "broker", payer="council")  # £100, for which it is kept
    assert of_funders(transaction, planned, "to_be_returned_pence") == {"nhs": 0, "council": 0}


def report_of(transaction, planned):
    return routes_of(transaction, planned)["result"]["broker_report"]


def test_a_report_that_differs_is_open_with_an_owner_until_a_later_one_agrees(
    transaction, planned, found
):
    assert report_of(transaction, planned) is None
    top_up(transaction, planned, 100_00)

    answer = broker_says(transaction, planned, {NHS: 60_01, COUNCIL: 39_00})["result"]
    assert (answer["outcome"], answer["owner"], answer["due_on"]) == (
        "differs",
        "host/finance_officer",
        "2026-12-04",
    )
    assert {line["funder_id"]: line["difference_pence"] for line in answer["lines"]} == {
        str(NHS): 1,
        str(COUNCIL): -1_00,
    }
    assert report_of(transaction, planned)["is_open"] is True
    assert report_of(transaction, planned)["difference_pence"] == -99

    agreed = broker_says(transaction, planned, {NHS: 60_00, COUNCIL: 40_00})["result"]
    assert (agreed["outcome"], agreed["owner"]) == ("agreed", None)
    assert report_of(transaction, planned)["is_open"] is False
    assert found() == []


def test_a_report_is_compared_with_the_ledger_of_its_day(transaction, planned):
    top_up(transaction, planned, 100_00)
    later = day("2026-12-24")
    top_up(transaction, planned, 50_00, at=later)

    told = {NHS: 60_00, COUNCIL: 40_00}
    then = broker_says(transaction, planned, told, at=later, on="2026-12-23")["result"]
    now = broker_says(transaction, planned, told, at=later)["result"]

    assert (then["outcome"], now["outcome"]) == ("agreed", "differs")


def test_money_that_a_report_leaves_out_is_missing(transaction, planned):
    top_up(transaction, planned, 100_00)

    answer = broker_says(transaction, planned, {NHS: 60_00})["result"]

    assert [line["difference_pence"] for line in answer["lines"] if line["difference_pence"]] == [
        -40_00
    ]


@pytest.mark.parametrize(
    ("held", "changes", "code"),
    [
        ({NHS: 1}, {"budget_id": str(uuid4())}, "budget_not_found"),
        ({NHS: 1}, {"on": "2026-11-25"}, "not_due_yet"),
        ({uuid4(): 1}, {}, "funder_has_no_book"),
        ({}, {}, "invalid_request"),
        ({NHS: -1}, {}, "invalid_request"),
        (
            {NHS: 1},
            {"balances": [{"funder_id": str(NHS), "held_pence": 1}] * 2},
            "funder_has_no_book",
        ),
    ],
)
def test_a_wrong_report_is_refused_and_changes_nothing(transaction, planned, held, changes, code):
    before = unanswered(transaction)

    assert code_of(broker_says(transaction, planned, held, **changes)) == code
    assert unanswered(transaction) == before


def test_a_report_told_again_is_kept_once_and_its_id_is_used_once(transaction, planned):
    report_id = str(uuid4())
    first = broker_says(transaction, planned, {NHS: 0, COUNCIL: 0}, report_id=report_id)
    before = unanswered(transaction)

    assert broker_says(transaction, planned, {NHS: 0, COUNCIL: 0}, report_id=report_id) == first
    assert code_of(broker_says(transaction, planned, {NHS: 1}, report_id=report_id)) == "id_reused"
    assert unanswered(transaction) == before


def test_two_reports_at_once_follow_one_another(transaction, planned):
    all_at_once([lambda: broker_says(transaction, planned, {NHS: 0})] * 3)

    assert rows(transaction, "SELECT number FROM broker_reports ORDER BY number") == [
        (1,),
        (2,),
        (3,),
    ]


@pytest.fixture
def notional(transaction):
    planned = an_active_budget(transaction, nhs_share=6_000, joint=1_000_00, council=100_00)
    move(transaction, planned, "notional")
    return planned


def test_what_was_delivered_is_counted_by_the_shares_and_nothing_is_paid(
    transaction, notional, found
):
    deliver(transaction, notional, 100_01)

    assert where(transaction, notional) == {"nhs": (0, 0, 0, 60_01), "council": (0, 0, 0, 40_00)}
    assert paid_by(transaction, notional) == {"nhs": (0, 60_01), "council": (0, 40_00)}
    with transaction() as session:
        lines = ledger_lines(
            session, since=TUESDAY_AT_TEN.date(), until=TUESDAY_AT_TEN.date(), most=100
        )
    assert all(line.amount_pence > 0 for line in lines)
    assert found() == []


def test_a_delivery_counts_by_the_way_on_the_day_it_was_delivered(transaction, notional):
    later = day("2026-12-24")
    move(transaction, notional, "host", at=later)

    assert code_of(deliver(transaction, notional, 1_00, at=later)) == "item_on_other_route"
    assert "result" in deliver(transaction, notional, 1_00, at=later, delivered_on=TODAY)
    assert rows(
        transaction,
        "SELECT effective_on::text, occurred_on::text FROM journals WHERE kind = 'capture'",
    ) == [("2026-12-24", TODAY)]


@pytest.mark.parametrize(
    ("amount_pence", "changes", "code"),
    [
        (1_100_01, {}, "insufficient_funds"),
        (1_000_01, {}, "insufficient_funds"),
        (1, {"budget_id": str(uuid4())}, "budget_not_found"),
        (1, {"item_id": str(uuid4())}, "item_not_in_plan"),
        (1, {"payer": "council"}, "item_on_other_route"),
        (1, {"delivered_on": "2026-11-25"}, "delivered_later"),
        (1, {"delivered_on": "2026-11-23"}, "item_on_other_route"),
        (0, {}, "invalid_request"),
    ],
)
def test_a_wrong_delivery_is_refused_and_changes_nothing(
    transaction, notional, amount_pence, changes, code
):
    before = unanswered(transaction)

    assert code_of(deliver(transaction, notional, amount_pence, **changes)) == code
    assert unanswered(transaction) == before


def test_before_anybody_has_agreed_nothing_is_delivered(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    move(transaction, planned, "notional")

    assert code_of(deliver(transaction, planned, 1_00)) == "budget_not_active"


def test_a_delivery_told_again_counts_once_and_its_id_is_used_once(transaction, notional):
    delivery_id = str(uuid4())
    first = deliver(transaction, notional, 10_00, delivery_id=delivery_id)
    before = unanswered(transaction)

    assert deliver(transaction, notional, 10_00, delivery_id=delivery_id) == first
    other = deliver(transaction, notional, 11_00, delivery_id=delivery_id)
    assert code_of(other) == "id_reused"
    assert unanswered(transaction) == before


def test_the_id_of_a_purchase_is_no_delivery(transaction, notional):
    purchase, _ = buy(transaction, notional, 5_00, payer="council")
    assert told_about(transaction, purchase)[-1]["type"] == "hold_placed"

    again = deliver(
        transaction, notional, 5_00, payer="council", delivery_id=str(purchase.purchase_id)
    )

    assert code_of(again) == "id_reused"


def test_of_many_deliveries_at_once_that_take_all_one_wins(transaction, notional, found):
    answers = all_at_once([lambda: deliver(transaction, notional, 900_00)] * AT_ONCE)

    refused = [code_of(answer) for answer in answers if "refusal" in answer]
    assert len(refused) == AT_ONCE - 1
    assert where(transaction, notional) == {
        "nhs": (0, 0, 0, 540_00),
        "council": (0, 0, 0, 360_00),
    }
    assert found() == []
