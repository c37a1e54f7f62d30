"""Shares disputed for two months at 50:50 and decided at 70:30: past cost moves by journals."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    a_purchase,
    agree,
    an_agreement,
    ask,
    buy,
    called_by,
    commit,
    paid_by,
    pay_in,
    rows,
    spend,
    statement_of,
    tell,
    told_about,
    totals,
    unanswered,
)
from tests.integration.budget.pools import (
    ANOTHER_NHS,
    a_pool_of_three,
    accounts_of,
    agreed,
    calls_of,
    due,
    left_to,
)

JANUARY = datetime(2027, 1, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def planned(transaction):
    return a_planned_budget(transaction, joint=200_00)


def dispute(transaction, planned, *, host_id=COUNCIL, promising=()):
    """Have two pay in 100 pounds each while they dispute, or promise it."""
    a_pool_of_three(transaction, host_id=host_id)
    answer = agreed(
        transaction,
        planned,
        {NHS: 1, COUNCIL: 1},
        agreement_id=str(uuid4()),
        is_disputed=True,
        signatures=[],
    )
    for funder_id, call in calls_of(answer).items():
        pay = commit if funder_id in promising else pay_in
        pay(transaction, planned, call)


def decide(transaction, planned, numerators=None, **request):
    """Decide from the first day on, in January; who has to pay more does. Return the id."""
    agreement_id = str(uuid4())
    answer = agreed(
        transaction,
        planned,
        numerators or {NHS: 7, COUNCIL: 3},
        agreement_id=agreement_id,
        at=JANUARY,
        **request,
    )
    for call in calls_of(answer).values():
        pay_in(transaction, planned, call, bank_reference="January", at=JANUARY)
    return agreement_id


def reapportion(transaction, agreement_id):
    return ask(transaction, "reapportion", agreement_id=agreement_id, at=JANUARY)


def bought(transaction, planned, amount_pence, *, number=1):
    """Buy under an id of that place: past cost is moved in the order of the ids."""
    purchase = a_purchase(planned, amount_pence, purchase_id=UUID(int=number))
    tell(transaction, purchase)
    return purchase


def test_two_months_at_half_and_half_are_decided_at_seventy_to_thirty(transaction, planned):
    """80 pounds spent, 20 held, and a purchase of 20 for which the shop took 110: 10 too much.

    Each has paid in 100 and spent 40 and 50 of it, 10 are held, and 5 are overspent. Decided,
    the NHS has to bear 56 of the 80, 14 of the 20 held and 77 of the 110. It pays in the 40 that
    it now has to: of these go 16 to the first and 4 more are held, and 20 of the 22 for the last
    are there. The council, which hosts, gets 16 and 22 back, 5 of them to mend its overspend.
    """
    dispute(transaction, planned)
    spend(transaction, bought(transaction, planned, 80_00, number=1), 80_00)
    held = bought(transaction, planned, 20_00, number=2)
    overspent = bought(transaction, planned, 20_00, number=3)
    spend(transaction, overspent, 110_00)
    assert left_to(transaction, planned) == {}
    assert totals(transaction)["overspent_pence"] == 10_00

    decision = decide(transaction, planned)
    assert left_to(transaction, planned) == {NHS: 40_00}
    assert reapportion(transaction, decision) == {"result": {"purchases": 3, "is_all": True}}

    assert paid_by(transaction, planned) == {"nhs": (14_00, 133_00), "council": (6_00, 57_00)}
    assert accounts_of(transaction, planned) == {
        (NHS, "paid_in"): -140_00,
        (NHS, "available"): 14_00,
        (NHS, "overspent"): -7_00,
        (NHS, "paid_out"): 95_00,
        (NHS, "due_to E06000001"): 38_00,
        (COUNCIL, "paid_in"): -100_00,
        (COUNCIL, "available"): 43_00,
        (COUNCIL, "paid_out"): 95_00,
        (COUNCIL, "due_from QHM01"): -38_00,
    }
    assert left_to(transaction, planned) == {COUNCIL: 37_00}
    assert totals(transaction)["spent_pence"] == {"nhs": 133_00, "council": 57_00}

    # 80 of the 110 come back. The NHS bears 56 of them: 7 mend its overspend, and 22 go to the
    # council, to which it owes them; 34 come back from what it paid itself.
    spend(transaction, overspent, 30_00, version=2)
    assert paid_by(transaction, planned) == {"nhs": (14_00, 77_00), "council": (6_00, 33_00)}
    assert accounts_of(transaction, planned) == {
        (NHS, "paid_in"): -140_00,
        (NHS, "available"): 63_00,
        (NHS, "paid_out"): 61_00,
        (NHS, "due_to E06000001"): 16_00,
        (COUNCIL, "paid_in"): -100_00,
        (COUNCIL, "available"): 67_00,
        (COUNCIL, "paid_out"): 49_00,
        (COUNCIL, "due_from QHM01"): -16_00,
    }

    spend(transaction, held, 20_00)
    assert paid_by(transaction, planned) == {"nhs": (0, 91_00), "council": (0, 39_00)}
    assert left_to(transaction, planned) == {NHS: 49_00, COUNCIL: 61_00}

    later, _ = buy(transaction, planned, 10_00, at=JANUARY)
    spend(transaction, later, 10_00)
    assert paid_by(transaction, planned) == {"nhs": (0, 98_00), "council": (0, 42_00)}


def test_what_is_moved_once_is_not_moved_again(transaction, planned):
    dispute(transaction, planned)
    spend(transaction, bought(transaction, planned, 80_00), 80_00)
    decision = decide(transaction, planned)
    reapportion(transaction, decision)
    before = unanswered(transaction)

    assert reapportion(transaction, decision)["refusal"]["code"] == "nothing_to_move"
    assert unanswered(transaction) == before


def test_what_is_moved_is_told_to_nobody_whose_purchase_stays_as_it_was(transaction, planned):
    dispute(transaction, planned)
    purchase = bought(transaction, planned, 80_00)
    spend(transaction, purchase, 50_00, held_pence=30_00)
    before = told_about(transaction, purchase)

    reapportion(transaction, decide(transaction, planned))

    assert told_about(transaction, purchase) == before
    (journal,) = rows(
        transaction,
        "SELECT reason, effective_on::text, source_id FROM journals WHERE kind = 'reapportionment'",
    )
    assert journal == ("Disputed shares were decided.", "2027-01-24", purchase.purchase_id)


def test_a_decision_under_which_nothing_was_bought_moves_nothing(transaction, planned):
    dispute(transaction, planned)
    decision = decide(transaction, planned)
    buy(transaction, planned, 10_00, at=JANUARY)
    before = unanswered(transaction)

    assert reapportion(transaction, decision)["refusal"]["code"] == "nothing_to_move"
    assert unanswered(transaction) == before


def test_what_is_no_decision_moves_nothing(transaction, planned):
    """Neither the disputed shares themselves, before and after, nor any that nobody knows."""
    dispute(transaction, planned)
    bought(transaction, planned, 80_00)
    ((disputed,),) = rows(transaction, "SELECT agreement_id FROM agreements")
    before = unanswered(transaction)
    for agreement_id in (disputed, uuid4()):
        answer = reapportion(transaction, str(agreement_id))
        assert answer["refusal"]["code"] == "no_agreement"
    assert unanswered(transaction) == before

    decide(transaction, planned)
    before = unanswered(transaction)
    assert reapportion(transaction, str(disputed))["refusal"]["code"] == "no_agreement"
    assert reapportion(transaction, "70:30")["refusal"]["code"] == "invalid_request"
    assert unanswered(transaction) == before


def test_what_was_disputed_goes_to_its_decision_and_not_to_what_is_agreed_for_later(
    transaction, planned
):
    dispute(transaction, planned)
    spend(transaction, bought(transaction, planned, 80_00), 80_00)
    decision = decide(transaction, planned)
    assert reapportion(transaction, decision)["result"]["purchases"] == 1
    assert paid_by(transaction, planned) == {"nhs": (0, 56_00), "council": (0, 24_00)}
    later = decide(transaction, planned, {NHS: 1, COUNCIL: 9}, starts_on="2027-01-24")
    before = unanswered(transaction)

    assert reapportion(transaction, later)["refusal"]["code"] == "nothing_to_move"
    assert unanswered(transaction) == before
    states = [one["state"] for one in statement_of(transaction, planned)["agreements"]]
    assert states == ["superseded", "agreed", "agreed"]


@pytest.mark.parametrize(
    ("host_id", "debts"),
    [
        (COUNCIL, {(NHS, "due_to E06000001"): 16_00, (COUNCIL, "due_from QHM01"): -16_00}),
        (NHS, {(NHS, "due_to E06000001"): 16_00, (COUNCIL, "due_from QHM01"): -16_00}),
        (
            ANOTHER_NHS,
            {
                (NHS, "due_to RVJ01"): 16_00,
                (ANOTHER_NHS, "due_from QHM01"): -16_00,
                (ANOTHER_NHS, "due_to E06000001"): 16_00,
                (COUNCIL, "due_from RVJ01"): -16_00,
            },
        ),
    ],
)
def test_who_paid_too_little_owes_it_by_way_of_the_host_whoever_that_is(
    transaction, planned, host_id, debts
):
    dispute(transaction, planned, host_id=host_id)
    purchase = bought(transaction, planned, 80_00)
    spend(transaction, purchase, 80_00)

    reapportion(transaction, decide(transaction, planned))

    assert due(transaction, planned) == debts
    assert paid_by(transaction, planned) == {"nhs": (0, 56_00), "council": (0, 24_00)}
    spend(transaction, purchase, 0, version=2)
    assert left_to(transaction, planned) == {NHS: 140_00, COUNCIL: 100_00}


def test_what_the_host_had_advanced_and_what_is_decided_are_one_debt(transaction, planned):
    dispute(transaction, planned, promising=[NHS])
    purchase = bought(transaction, planned, 80_00)
    spend(transaction, purchase, 80_00)
    assert due(transaction, planned)[NHS, "due_to E06000001"] == 40_00

    reapportion(transaction, decide(transaction, planned))
    assert due(transaction, planned)[NHS, "due_to E06000001"] == 56_00

    spend(transaction, purchase, 0, version=2)
    assert due(transaction, planned) == {}


def test_a_decision_may_let_another_partner_in_and_one_out(transaction, planned):
    dispute(transaction, planned)
    spend(transaction, bought(transaction, planned, 80_00), 60_00, held_pence=20_00)

    reapportion(transaction, decide(transaction, planned, {ANOTHER_NHS: 1, COUNCIL: 3}))

    assert due(transaction, planned) == {
        (NHS, "due_from E06000001"): -30_00,
        (COUNCIL, "due_to QHM01"): 30_00,
        (ANOTHER_NHS, "due_to E06000001"): 15_00,
        (COUNCIL, "due_from RVJ01"): -15_00,
    }
    portions = rows(
        transaction,
        "SELECT funder_id, asked_pence, held_pence, posted_pence FROM hold_portions ORDER BY 1",
    )
    assert portions == [
        (COUNCIL, 60_00, 15_00, 45_00),
        (NHS, 0, 0, 0),
        (ANOTHER_NHS, 20_00, 5_00, 15_00),
    ]


def test_new_shares_are_agreed_after_what_was_bought_under_disputed_ones_has_moved(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    disputed = an_agreement(planned.budget_id) | {"is_disputed": True, "signatures": []}
    for call in called_by(agree(transaction, planned, **disputed)).values():
        pay_in(transaction, planned, call)
    buy(transaction, planned, 10_00)
    decision = an_agreement(planned.budget_id, nhs_share=7_000)
    agree(transaction, planned, **decision)
    later = an_agreement(
        planned.budget_id, nhs_share=6_000, starts_on=TUESDAY_AT_TEN + timedelta(days=30)
    )
    before = unanswered(transaction)

    assert agree(transaction, planned, **later)["refusal"]["code"] == "reapportion_first"
    assert unanswered(transaction) == before

    ask(transaction, "reapportion", agreement_id=decision["agreement_id"])
    assert "result" in agree(transaction, planned, **later)
