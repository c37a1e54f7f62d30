"""A closed statement stays the same to the byte, and so does what was known at an instant."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.budget.periods import queries
from services.budget.periods.commands import ShowBalance
from shared.contracts import documents
from shared.errors import NotKnownYetError
from tests.integration.budget.budgets import (
    a_planned_budget,
    agree,
    called_by,
    pay_in,
)
from tests.integration.periods.calendar_of_a_pool import (
    COUNCIL_FINANCE,
    a_budget,
    a_calendar,
    a_purchase_of,
    ask,
    balance_of,
    close,
    done,
    now,
    posted_of,
    reopen,
    sign_and_close,
    spend,
    spend_in,
    statement_bytes,
)

BEFORE_ANYTHING = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_closed_statement_is_the_same_to_the_byte_whatever_is_booked_afterwards(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    spend(transaction, purchase, 4_00, held=16_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)
    of_budget = {"budget_id": planned.budget_id}
    asked = [{}, {"version": 1}, of_budget, {"version": 1, **of_budget}]
    first = [statement_bytes(transaction, november, **one) for one in asked]

    spend(transaction, purchase, 5_00, version=2, held=15_00, on=date(2026, 12, 2))
    assert [statement_bytes(transaction, november, **one) for one in asked] == first

    reopen(transaction, november)
    late = "The invoice came after the month's end."
    spend(transaction, purchase, 6_00, version=3, held=14_00, late_because=late)
    assert [statement_bytes(transaction, november, **one) for one in asked] == first

    sign_and_close(transaction, november)
    spend(transaction, purchase, 7_00, version=4, held=13_00, on=date(2026, 12, 2))
    assert statement_bytes(transaction, november, **asked[3]) == first[3]
    second = statement_bytes(transaction, november, version=2, **of_budget)
    assert second != first[3]
    assert late.encode() in second
    assert statement_bytes(transaction, november, **of_budget) == second


def test_a_statement_says_what_each_funder_had_and_what_moved_it(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    spend(transaction, purchase, 4_00, held=16_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    closed = close(transaction, november)

    shown = done(transaction, "period_statement", period_id=november, budget_id=planned.budget_id)

    assert (shown["starts_on"], shown["ends_on"]) == ("2026-11-01", "2026-12-01")
    assert (shown["version"], shown["hash"]) == (1, closed["hash"])
    assert (shown["closed_by"], len(shown["signatures"])) == (COUNCIL_FINANCE, 2)
    available = [one for one in shown["funders"] if one["account"] == "available"]
    assert [
        (one["opening_pence"], one["debits_pence"], one["credits_pence"], one["closing_pence"])
        for one in available
    ] == [(0, 2_00, 50_00, 48_00)] * 2
    assert [one["held_pence"] for one in available] == [8_00] * 2
    assert sum(one["closing_pence"] for one in shown["funders"]) == 0
    kinds = [journal["kind"] for journal in shown["budget"]["journals"]]
    assert kinds == ["contribution", "contribution", "capture"]
    assert [
        (one["debit"], one["credit"], one["amount_pence"])
        for one in shown["budget"]["journals"][-1]["postings"]
    ] == [("available", "paid_out", 2_00)] * 2
    assert {one["account"] for one in shown["budget"]["accounts"]} == {
        *("available", "paid_in", "paid_out")
    }


def test_there_is_no_statement_of_what_was_not_closed(transaction):
    planned = a_budget(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)

    def code_of(**asked):
        return ask(transaction, "period_statement", **asked)["refusal"]["code"]

    assert code_of(period_id=uuid4()) == "period_not_found"
    assert code_of(period_id=november) == "period_not_closed"
    assert code_of(period_id=summer, version=2) == "period_not_closed"
    assert code_of(period_id=summer, version=0) == "invalid_request"
    assert code_of(period_id=summer, budget_id=uuid4()) == "budget_not_found"
    done(transaction, "period_statement", period_id=summer, budget_id=planned.budget_id)


def test_a_balance_is_of_a_day_and_of_what_was_known(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    funded = now(transaction)
    spend(transaction, purchase, 4_00, held=16_00)
    november_spent = now(transaction)
    spend(transaction, purchase, 10_00, version=2, held=10_00, on=date(2026, 12, 2))
    spend(transaction, purchase, 12_00, version=3, held=8_00, on=date(2026, 11, 25))

    assert posted_of(transaction, planned, "2026-11-23") == {"nhs": 0, "council": 0}
    assert posted_of(transaction, planned, "2026-11-24") == {"nhs": 48_00, "council": 48_00}
    assert posted_of(transaction, planned, "2026-11-30") == {"nhs": 47_00, "council": 47_00}
    assert posted_of(transaction, planned, "2026-12-02") == {"nhs": 44_00, "council": 44_00}
    for day in ("2026-11-24", "2026-12-02"):
        known = posted_of(transaction, planned, day, known_at=november_spent)
        assert known == {"nhs": 48_00, "council": 48_00}
        before = posted_of(transaction, planned, day, known_at=funded)
        assert before == {"nhs": 50_00, "council": 50_00}
    assert posted_of(transaction, planned, "2026-12-02", known_at=BEFORE_ANYTHING) == {}


def test_a_balance_says_what_the_year_opened_with_and_what_is_held_now(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    spend(transaction, purchase, 4_00, held=16_00)
    spend(transaction, purchase, 10_00, version=2, held=10_00, on=date(2027, 4, 2))

    def first_line(as_of, **known):
        line = balance_of(transaction, planned, as_of, **known)["funders"][0]
        return {name: line[name] for name in line if name.endswith("pence")}

    nothing = {"opening_pence": 0, "in_pence": 0, "out_pence": 0, "posted_pence": 0}
    assert first_line("2026-04-01") == {**nothing, "held_now_pence": 5_00}
    assert first_line("2027-03-31") == {
        "opening_pence": 0,
        "in_pence": 50_00,
        "out_pence": 2_00,
        "posted_pence": 48_00,
        "held_now_pence": 5_00,
    }
    assert first_line("2027-04-30", known_at=now(transaction)) == {
        "opening_pence": 48_00,
        "in_pence": 0,
        "out_pence": 3_00,
        "posted_pence": 45_00,
        "held_now_pence": None,
    }


def test_what_was_known_at_a_past_instant_never_changes(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    instants, answers = [], {}

    def look():
        instants.append(now(transaction))
        for instant in instants:
            for day in ("2026-11-24", "2026-12-31", "2027-04-30"):
                balance = documents.write(balance_of(transaction, planned, day, known_at=instant))
                assert answers.setdefault((day, instant), balance) == balance

    look()
    calls = called_by(agree(transaction, planned))
    look()
    pay_in(transaction, planned, calls["nhs"])
    look()
    pay_in(transaction, planned, calls["council"])
    purchase = a_purchase_of(transaction, planned, 20_00)
    look()
    spend(transaction, purchase, 4_00, held=16_00)
    look()
    spend(transaction, purchase, 6_00, version=2, held=10_00, on=date(2026, 4, 1))
    look()
    spend(transaction, purchase, 8_00, version=3, on=date(2027, 4, 1))
    look()
    assert len(set(answers.values())) > len(instants)


def test_a_transaction_that_began_before_and_is_committed_after_changes_nothing_known(
    transaction,
):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    began, was_known = Event(), Event()

    def a_slow_booking():
        with transaction() as session:
            session.execute(text("SELECT now()"))  # the transaction has begun
            began.set()
            assert was_known.wait(timeout=20)
            spend_in(session, purchase, 4_00)

    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(a_slow_booking)
        assert began.wait(timeout=20)
        instant = now(transaction)
        before = balance_of(transaction, planned, "2026-12-31", known_at=instant)
        was_known.set()
        slow.result(timeout=20)

    assert balance_of(transaction, planned, "2026-12-31", known_at=instant) == before


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1)])
def test_nobody_knows_yet_what_will_have_been_known(transaction, ahead):
    planned = a_budget(transaction)

    with transaction() as session:
        asked = ShowBalance(
            budget_id=planned.budget_id,
            as_of=date(2026, 12, 1),
            known_at=now(transaction) + timedelta(minutes=1) + ahead,
        )
        with pytest.raises(NotKnownYetError):
            queries.balance(asked, session=session)


def test_what_was_known_before_a_booking_is_known_while_it_is_under_way(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 20_00)
    before = ShowBalance(
        budget_id=planned.budget_id, as_of=date(2026, 12, 1), known_at=now(transaction)
    )

    with transaction() as booking:
        spend_in(booking, purchase, 4_00)
        since = replace(before, known_at=now(transaction))
        with transaction() as session:
            known = queries.balance(before, session=session)
            with pytest.raises(NotKnownYetError):
                queries.balance(since, session=session)

    with transaction() as session:
        assert queries.balance(before, session=session) == known
        assert queries.balance(since, session=session)["funders"] != known["funders"]


def test_a_budget_that_is_in_no_pool_yet_has_nothing(transaction):
    planned = a_planned_budget(transaction, joint=100_00)

    asked = {"as_of": "2026-12-01", "known_at": now(transaction)}
    assert balance_of(transaction, planned, **asked)["funders"] == []
    assert ask(transaction, "balance", budget_id=uuid4(), **asked)["refusal"]["code"] == (
        "budget_not_found"
    )
    wrong = {"budget_id": planned.budget_id, "as_of": "2026-12-01", "known_at": "yesterday"}
    assert ask(transaction, "balance", **wrong)["refusal"]["code"] == "invalid_request"
