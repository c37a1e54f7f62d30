"""Whatever the ledger hears first, every penny ends where it belongs.

One thing follows the order in which purchases are asked for, and is meant to: who carries the
odd penny of a joint spend that does not divide. While nothing is given back, that evens out in
each funder's total. A spend that is given back takes its own odd penny with it, so for each of
these a funder's total may be a penny apart. All else is the same to the penny.
"""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from sqlalchemy import text

from services.budget.service import BudgetService
from tests.integration.budget import conftest as ledger
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
from tests.integration.order.stage import ALL, Ending, answered, line, told

NOT_COMPARED_AS_ROWS = {
    # Compared as pence, below. Which journals there are depends on the versions that came late.
    "balances": ALL,
    "journals": ALL,
    "postings": ALL,
    "held_amounts": ALL,  # what was held on the way
    "agreement_shares": ["spent_pence"],
    "hold_portions": ["asked_pence", "held_pence", "posted_pence"],
    # Counted up, over all examples or over the versions that did not come late.
    "accounts": ["account_id"],
    "holds": ["version"],
}
ABOUT_A_CHANGE = (
    "budget.hold_captured.v1",
    "budget.hold_released.v1",
    "budget.refund_posted.v1",
)
# How low a budget fell on its way depends on the order, and so does whether a crisis that nobody
# had promised anything for was heard of before it was over; where it stands is compared.
ABOUT_THE_WAY = ("budget.balance_low.v1", "budget.crisis_reserve_not_called.v1")

PENCE = text("""
SELECT 'budget/' || budget_id, accounts.funder_id, kind, sum(
    CASE account_id WHEN credit_account_id THEN amount_pence ELSE -amount_pence END)
FROM accounts JOIN postings ON account_id IN (debit_account_id, credit_account_id)
GROUP BY budget_id, accounts.funder_id, kind
UNION ALL
SELECT 'budget/' || budget_id, funder_id, column_name, pence
FROM balances JOIN accounts USING (account_id),
LATERAL (VALUES ('posted', posted_pence), ('held', held_pence)) AS columns (column_name, pence)
UNION ALL
SELECT 'budget/' || budget_id, funder_id, purpose, spent_pence
FROM agreement_shares JOIN agreements USING (agreement_id)
UNION ALL
SELECT 'purchase/' || purchase_id, funder_id, column_name, pence
FROM hold_portions, LATERAL (
    VALUES ('asked', asked_pence), ('held', held_pence), ('posted', posted_pence)
) AS columns (column_name, pence)
""")
JOINT_PURCHASES = text("""
SELECT 'purchase/' || purchase_id, 'budget/' || holds.budget_id, posted_pence = 0
FROM holds JOIN budget_items USING (item_id) WHERE payer = 'joint'
""")
UNEQUAL = (
    ledger.UNEQUAL_BALANCES,
    ledger.UNEQUAL_SPENDING,
    ledger.UNEQUAL_HOLDS,
    ledger.UNEQUAL_SHARES,
    ledger.UNEQUAL_CONTRIBUTIONS,
)


def of_budget(operation, budget_id):
    commands = recorded.of("command", operation=operation)
    return [one for one in commands if one["request"]["budget_id"] == budget_id]


def after(line):
    """Name what somebody knew who said this.

    What the host advances between a promise and its money follows the order in which all of it
    is heard, and is meant to (tests/integration/budget/test_commitments.py): so here everybody
    promises before somebody pays, and pays before something is bought.
    """
    if line.get("type") == "payments.purchase_requested.v1":
        budget_id = line["data"]["budget_id"]
        paid = of_budget("receive_contribution", budget_id)
        return {told("budget.budget_activated.v1", f"budget/{budget_id}"), *map(answered, paid)}
    if line.get("operation") == "receive_contribution":
        promised = of_budget("commit_contribution", line["request"]["budget_id"])
        return set(map(answered, promised))
    if line.get("operation") == "open_pool":
        return set(map(answered, recorded.of("command", operation="register_funder")))
    if line.get("operation") == "record_agreement":
        report, story = "report_financial_assessment", line["correlationid"]
        reports = recorded.of("command", operation=report, correlationid=story)
        pools = recorded.of("command", operation="open_pool")
        return set(map(answered, [*reports, *pools]))
    return set()


MESSAGES = [
    *commands_for(BudgetService, after=after),
    *events_for(BudgetService, after=after),
]


@dataclass(frozen=True, kw_only=True)
class Books:
    """How the books stand, and by how much a funder's figures may be apart."""

    ending: Ending
    pence: dict  # by budget or purchase, funder, and what
    odd_pence: Counter  # by budget or purchase


def books_after(on_stage, programme):
    with on_stage(BudgetService) as stage:
        play(stage, programme)
        for unequal in UNEQUAL:
            assert stage.connection.execute(text(unequal)).all() == []
        pence = {tuple(about): int(value) for *about, value in stage.connection.execute(PENCE)}
        odd_pence = Counter()
        for purchase, budget, is_given_back in stage.connection.execute(JOINT_PURCHASES):
            odd_pence[purchase] += 1
            odd_pence[budget] += is_given_back
        together = Counter()
        for (about, _, what), funders_pence in pence.items():
            together[f"{about} {what}"] += funders_pence
        return Books(
            ending=Ending(
                *stage.rows(leaving_out=NOT_COMPARED_AS_ROWS),
                *(f"{name}: {total}" for name, total in together.items() if total),
                *what_is_known_from(stage.newest()),
            ),
            pence=pence,
            odd_pence=odd_pence,
        )


def what_is_known_from(newest):
    """Return what a listener knows who heard the newest event of each type.

    Of a hold that is the newest word about what it holds and what it has cost: a version that
    was overtaken by a newer one is never told.
    """
    cost, held = {}, {}
    oldest_first = sorted(newest.items(), key=lambda event: event[1].get("version", 0))
    for (event_type, subject), data in oldest_first:
        if event_type in ABOUT_THE_WAY:
            continue
        if event_type in ABOUT_A_CHANGE:
            cost[subject] = data.get("posted_pence", cost.get(subject, 0))
            held[subject] = data.get("held_pence", held.get(subject, 0))
        else:
            yield line(f"{event_type} {subject}", data, leaving_out=["available_pence"])
    yield from (f"{subject} has cost {pence}" for subject, pence in cost.items() if pence)
    yield from (f"{subject} holds {pence}" for subject, pence in held.items())


def see_that_they_are(books, in_order):
    books.ending.see_that_it_is(in_order.ending)
    apart = Counter(books.pence)
    apart.subtract(in_order.pence)
    assert {
        about: pence for about, pence in apart.items() if abs(pence) > in_order.odd_pence[about[0]]
    } == {}


@pytest.fixture
def in_order(on_stage):
    return books_after(on_stage, Programme(order=MESSAGES))


def test_budget_tells_in_order_what_it_told_that_day(on_stage):
    with on_stage(BudgetService) as stage:
        play(stage, Programme(order=MESSAGES))

        told_that_day = recorded.told_by(BudgetService.name)
        assert without_instants(stage.newest()) == without_instants(told_that_day)


@BRIEFLY
@given(programme=programmes(MESSAGES))
def test_the_books_stand_the_same_in_whatever_order_budget_hears(on_stage, in_order, programme):
    see_that_they_are(books_after(on_stage, programme), in_order)


@pytest.mark.prove
@AT_LENGTH
@given(programme=programmes(MESSAGES))
def test_the_books_stand_the_same_in_many_more_orders(on_stage, in_order, programme):
    see_that_they_are(books_after(on_stage, programme), in_order)
