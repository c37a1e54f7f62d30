"""What is left at the end of a financial year is carried, lapses, or is shared by rule."""

from datetime import date
from uuid import uuid4

import pytest

from services.budget.accounts import bookkeeper
from services.budget.year_end import handlers
from tests.integration.budget import allocating
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    called_by,
    left_of,
    pay_in,
    rows,
    totals,
)
from tests.integration.budget.crises import activate, promise
from tests.integration.budget.pools import assess
from tests.integration.periods.calendar_of_a_pool import (
    APRIL,
    a_budget,
    a_calendar,
    a_period,
    a_purchase_of,
    a_rule,
    ask,
    close,
    done,
    posted_of,
    refused,
    reopen,
    spend,
)

LAPSE = [a_rule(NHS, "lapse"), a_rule(COUNCIL, "lapse")]


def year_end(transaction, rules, **changes):
    asked = {"pool_id": POOL, "financial_year": 2026, "rules": rules, "at": APRIL}
    return done(transaction, "year_end", **(asked | changes))


def year_end_refused(transaction, rules, **changes):
    asked = {"pool_id": POOL, "financial_year": 2026, "rules": rules, "at": APRIL}
    return refused(transaction, "year_end", **(asked | changes))


def a_closed_year(transaction):
    periods = a_calendar(transaction)
    for period_id in periods:
        close(transaction, period_id, at=APRIL)
    return periods


def came_to(transaction):
    """Return what year-end journals brought to each account, by book and name."""
    sql = """SELECT f.kind, a.name, sum(pence)::bigint
             FROM journals AS j JOIN postings USING (journal_id),
             LATERAL (VALUES (credit_account_id, amount_pence), (debit_account_id, -amount_pence))
                 AS moves (account_id, pence)
             JOIN accounts AS a USING (account_id) JOIN funders AS f USING (funder_id)
             WHERE j.kind = 'year_end' GROUP BY 1, 2"""
    return {(kind, name): pence for kind, name, pence in rows(transaction, sql)}


def test_what_lapses_goes_back_to_its_funder_and_what_is_carried_stays(transaction):
    planned = a_budget(transaction)
    spend(transaction, a_purchase_of(transaction, planned, 20_00), 20_00)
    a_purchase_of(transaction, planned, 10_00)  # is held
    a_closed_year(transaction)

    made = year_end(transaction, [a_rule(NHS, "lapse"), a_rule(COUNCIL, "carry")])

    assert made == {"budgets": 1, "carried_pence": 35_00, "lapsed_pence": 35_00, "is_all": True}
    assert came_to(transaction) == {("nhs", "available"): -35_00, ("nhs", "lapsed"): 35_00}
    assert left_of(transaction, planned) == {"nhs": 0, "council": 35_00}
    assert posted_of(transaction, planned, "2027-03-31") == {"nhs": 40_00, "council": 40_00}
    assert posted_of(transaction, planned, "2027-04-01") == {"nhs": 5_00, "council": 40_00}
    ((effective_on, occurred_on, reason, year),) = rows(
        transaction,
        """SELECT effective_on, occurred_on, reason, metadata->>'financial_year'
           FROM journals WHERE kind = 'year_end'""",
    )
    assert (effective_on, occurred_on, year) == (date(2027, 4, 1), date(2027, 4, 1), "2026")
    assert reason == handlers.REASON


def test_what_is_unallocated_or_kept_for_a_crisis_stays_as_it_is(transaction):
    planned = a_budget(transaction)
    promise(transaction, planned)
    allocating.schedule(
        transaction, planned, ends_on="2027-12-28", leftover="carry", amount_pence=1_00
    )
    allocating.run(transaction)
    before = allocating.unallocated(transaction, planned)
    left = left_of(transaction, planned)
    activate(transaction, planned)
    a_closed_year(transaction)

    year_end(transaction, LAPSE)

    assert allocating.unallocated(transaction, planned) == before > 0
    assert came_to(transaction)["nhs", "lapsed"] == left["nhs"] == 1_00
    assert left_of(transaction, planned) == {"nhs": 200_00, "council": 100_00}


def test_what_is_shared_is_divided_by_the_rule_and_the_difference_is_due(transaction):
    a_budget(transaction, joint=100_00, nhs_share=7_000)
    a_closed_year(transaction)
    before = totals(transaction)

    made = year_end(transaction, [a_rule(NHS, "share", 1), a_rule(COUNCIL, "share", 1)])

    assert (made["lapsed_pence"], made["carried_pence"]) == (100_00, 0)
    assert came_to(transaction) == {
        ("nhs", "available"): -70_00,
        ("nhs", "lapsed"): 50_00,
        ("nhs", "due_to E06000001"): 20_00,
        ("council", "available"): -30_00,
        ("council", "lapsed"): 50_00,
        ("council", "due_from QHM01"): -20_00,
    }
    assert totals(transaction)["spent_pence"] == before["spent_pence"]
    assert totals(transaction)["funded_pence"] == before["funded_pence"]


def test_what_the_person_was_charged_is_no_partners_to_take_or_to_share(transaction):
    planned = a_planned_budget(transaction, joint=200_00)
    assess(transaction, planned, weekly_contribution_pence=40_00, weeks=1)
    calls = called_by(agree(transaction, planned))
    for kind in ("nhs", "council"):
        pay_in(transaction, planned, calls[kind])
    pay_in(transaction, planned, calls["person"], amount_pence=15_00, bank_reference="BACS 15")
    a_closed_year(transaction)

    made = year_end(transaction, [a_rule(NHS, "share", 1), a_rule(COUNCIL, "share", 1)])

    # 100.00 of the NHS body's and 60.00 of the council's own; 40.00 are the person's.
    assert made["lapsed_pence"] == 160_00
    assert came_to(transaction)["council", "available"] == -60_00
    assert left_of(transaction, planned) == {"nhs": 0, "council": 40_00}


def test_a_year_end_is_made_once_however_often_it_is_asked_for(transaction):
    a_budget(transaction)
    a_closed_year(transaction)
    first = year_end(transaction, LAPSE)

    again = year_end(transaction, list(reversed(LAPSE)))

    assert (first["budgets"], first["lapsed_pence"]) == (1, 100_00)
    assert again == {"budgets": 0, "carried_pence": 0, "lapsed_pence": 0, "is_all": True}
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'year_end'") == [(1,)]
    other = [a_rule(NHS, "carry"), a_rule(COUNCIL, "lapse")]
    assert year_end_refused(transaction, other) == "id_reused"


def test_a_year_with_many_budgets_is_ended_batch_by_batch(transaction, monkeypatch):
    budgets = [a_budget(transaction, joint=10_00) for _ in range(3)]
    a_closed_year(transaction)
    monkeypatch.setattr(handlers, "MOST_BOOKINGS", 2)

    made = [year_end(transaction, LAPSE) for _ in range(3)]

    assert [(one["budgets"], one["is_all"]) for one in made] == [(2, False), (1, True), (0, True)]
    assert all(left_of(transaction, one) == {"nhs": 0, "council": 0} for one in budgets)
    assert bookkeeper.MOST_BOOKINGS == 1_000


def test_what_was_spent_since_is_not_given_back(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    a_closed_year(transaction)
    spend(transaction, purchase, 100_00, on=date(2027, 4, 10))  # more than was held

    made = year_end(transaction, LAPSE)

    assert (made["lapsed_pence"], left_of(transaction, planned)) == (0, {"nhs": 0, "council": 0})
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'year_end'") == [(0,)]


def test_when_april_is_closed_it_counts_for_the_day_on_which_it_is_made(transaction):
    a_budget(transaction)
    a_closed_year(transaction)
    april = a_period(transaction, "2027-04-01", "2027-05-01")
    in_may = APRIL.replace(month=5)
    close(transaction, april, at=in_may)

    year_end(transaction, LAPSE, at=in_may)

    days = "SELECT effective_on, occurred_on FROM journals WHERE kind = 'year_end'"
    assert rows(transaction, days) == [(in_may.date(), date(2027, 4, 1))]


def test_a_year_is_ended_when_its_last_period_is_closed(transaction):
    a_budget(transaction)
    periods = a_calendar(transaction)
    assert year_end_refused(transaction, LAPSE) == "period_not_closed"
    for period_id in periods:
        close(transaction, period_id, at=APRIL)
    assert year_end_refused(transaction, LAPSE, financial_year=2027) == "period_not_closed"
    reopen(transaction, periods[-1], at=APRIL)

    assert year_end_refused(transaction, LAPSE) == "period_not_closed"


def test_no_period_of_a_year_that_was_ended_is_reopened(transaction):
    a_budget(transaction)
    *_, march = a_closed_year(transaction)
    year_end(transaction, LAPSE)
    asked = {"period_id": march, "reason": "An invoice was forgotten.", "at": APRIL}
    done(transaction, "approve_reopening", actor="QHM01/finance_officer", **asked)

    assert refused(transaction, "reopen_period", **asked) == "year_end_made"


def test_who_has_money_left_needs_a_rule(transaction):
    a_budget(transaction)
    a_closed_year(transaction)

    assert year_end_refused(transaction, []) == "rule_missing"
    assert year_end_refused(transaction, [a_rule(NHS, "lapse")]) == "rule_missing"


def test_who_has_nothing_left_needs_none(transaction):
    a_budget(transaction, nhs_share=10_000)
    a_closed_year(transaction)

    assert year_end(transaction, [a_rule(NHS, "lapse")])["lapsed_pence"] == 100_00


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([a_rule(NHS, "lapse"), a_rule(NHS, "carry")], "rules_wrong"),
        ([a_rule(uuid4(), "lapse")], "rules_wrong"),
        ([a_rule(NHS, "share")], "rules_wrong"),
        ([a_rule(NHS, "lapse", 1)], "rules_wrong"),
        ([a_rule(NHS, "share", 0)], "invalid_request"),
        ([a_rule(NHS, "give_away")], "invalid_request"),
        (None, "invalid_request"),
    ],
)
def test_rules_that_do_not_say_one_thing_for_each_partner_are_refused(transaction, rules, code):
    a_pool(transaction)

    assert year_end_refused(transaction, rules) == code


def test_a_pool_that_does_not_exist_has_no_years(transaction):
    assert year_end_refused(transaction, LAPSE, pool_id=uuid4()) == "pool_not_found"
    assert year_end_refused(transaction, LAPSE, financial_year=12) == "invalid_request"


def test_the_year_end_of_a_pool_without_budgets_is_empty(transaction):
    a_pool(transaction)
    a_closed_year(transaction)

    assert year_end(transaction, LAPSE)["budgets"] == 0
    assert ask(transaction, "year_end", pool_id=POOL)["refusal"]["code"] == "invalid_request"
