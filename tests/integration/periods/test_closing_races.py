"""Many at once: what is booked is in the snapshot or refused, and one closes, one reopens."""

from datetime import date

from services.budget.accounts.rules import PeriodClosedError
from shared.contracts import documents
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, a_pool, rows, told
from tests.integration.periods.calendar_of_a_pool import (
    APRIL,
    COUNCIL_FINANCE,
    NHS_FINANCE,
    a_budget,
    a_calendar,
    a_purchase_of,
    a_rule,
    ask,
    balance_of,
    close,
    done,
    now,
    reopen,
    sign,
    spend,
)
from tests.integration.racing import AT_ONCE, all_at_once
from tests.waiting import eventually


def codes(answers):
    """Return how often each came: done, or the code of a refusal."""
    found = ["refusal" in one and one["refusal"]["code"] for one in answers]
    return {code or "done": found.count(code) for code in found}


def test_of_many_that_book_while_a_period_is_closed_each_is_in_it_or_refused(transaction):
    budgets = [a_budget(transaction, joint=AT_ONCE * 50) for _ in range(4)]
    bought = [a_purchase_of(transaction, one, 2_00) for one in budgets for _ in range(AT_ONCE // 4)]
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)

    def book(purchase):
        try:
            spend(transaction, purchase, 2_00)
        except PeriodClosedError:
            return 0
        return 2_00

    acts = [lambda purchase=purchase: book(purchase) for purchase in bought]
    acts.insert(AT_ONCE // 2, lambda: close_softly(transaction, november))
    booked = all_at_once(acts)

    closed_softly = booked.pop(AT_ONCE // 2)
    assert closed_softly == "closing"
    sign(transaction, november)
    done(transaction, "close_period", period_id=november)
    in_it = rows(
        transaction,
        """SELECT coalesce(sum(credits_pence), 0)::bigint FROM period_balances
           JOIN accounts USING (account_id) WHERE period_id = :november AND name = 'paid_out'""",
        november=november,
    )
    assert in_it == [(sum(booked),)]


def close_softly(transaction, period_id):
    return done(transaction, "soft_close_period", period_id=period_id)["state"]


def test_of_many_late_ones_that_meet_the_closing_each_is_in_the_snapshot_or_refused(
    transaction,
):
    budgets = [a_budget(transaction, joint=AT_ONCE * 50) for _ in range(4)]
    bought = [a_purchase_of(transaction, one, 2_00) for one in budgets for _ in range(AT_ONCE // 4)]
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close_softly(transaction, november)
    sign(transaction, november)

    def book(purchase):
        try:
            spend(transaction, purchase, 2_00, late_because="It was forgotten.")
        except PeriodClosedError:
            return 0
        return 2_00

    def sign_and_close():
        while True:  # whoever was quicker with something late has to be signed for
            sign(transaction, november)
            answer = ask(transaction, "close_period", period_id=november)
            if "result" in answer:
                return answer["result"]["last_seq"]
            assert answer["refusal"]["code"] == "signature_missing"

    *booked, last_seq = all_at_once(
        [*(lambda purchase=purchase: book(purchase) for purchase in bought), sign_and_close]
    )

    in_it = rows(
        transaction,
        """SELECT coalesce(sum(credits_pence), 0)::bigint FROM period_balances
           JOIN accounts USING (account_id) WHERE period_id = :november AND name = 'paid_out'""",
        november=november,
    )
    assert in_it == [(sum(booked),)]
    assert rows(transaction, "SELECT max(seq) FROM journals") == [(last_seq,)]


def test_of_many_that_close_one_does_and_it_is_told_once(transaction):
    a_budget(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close_softly(transaction, november)
    sign(transaction, november)

    answers = all_at_once([lambda: ask(transaction, "close_period", period_id=november)] * AT_ONCE)

    assert codes(answers) == {"done": 1, "period_not_closing": AT_ONCE - 1}
    assert len(told(transaction, event_type="budget.period_closed.v1")) == 2
    assert rows(transaction, "SELECT count(*) FROM period_closures") == [(2,)]


def test_two_approvers_who_are_the_same_do_not_make_two(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)
    close(transaction, summer)
    asked = {"period_id": summer, "reason": "An invoice was forgotten."}
    done(transaction, "approve_reopening", actor=COUNCIL_FINANCE, **asked)
    half = AT_ONCE // 2

    answers = all_at_once(
        [lambda: ask(transaction, "reopen_period", actor=COUNCIL_FINANCE, **asked)] * half
        + [lambda: ask(transaction, "approve_reopening", actor=COUNCIL_FINANCE, **asked)] * half
    )

    assert codes(answers) == {"second_approver_required": half, "done": half}
    assert rows(transaction, "SELECT count(*) FROM reopening_approvals") == [(1,)]


def test_of_two_who_reopen_at_once_one_does(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)
    close(transaction, summer)
    asked = {"period_id": summer, "reason": "An invoice was forgotten."}
    for actor in (COUNCIL_FINANCE, NHS_FINANCE):
        done(transaction, "approve_reopening", actor=actor, **asked)

    answers = all_at_once(
        [
            lambda actor=actor: ask(transaction, "reopen_period", actor=actor, **asked)
            for actor in (COUNCIL_FINANCE, NHS_FINANCE) * (AT_ONCE // 2)
        ]
    )

    assert codes(answers) == {"done": 1, "period_not_closed": AT_ONCE - 1}


def test_one_year_end_asked_for_many_times_at_once_is_made_once(transaction):
    for _ in range(3):
        a_budget(transaction)
    for period_id in a_calendar(transaction):
        close(transaction, period_id, at=APRIL)
    rules = [a_rule(NHS, "lapse"), a_rule(COUNCIL, "share", 1)]
    asked = {"pool_id": POOL, "financial_year": 2026, "rules": rules, "at": APRIL}

    answers = all_at_once([lambda: ask(transaction, "year_end", **asked)] * AT_ONCE)

    assert sorted(one["result"]["budgets"] for one in answers) == [0] * (AT_ONCE - 1) + [3]
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'year_end'") == [(3,)]


def test_a_year_end_and_a_reopening_at_once_are_one_after_the_other(transaction):
    a_budget(transaction)
    *_, march = periods = a_calendar(transaction)
    for period_id in periods:
        close(transaction, period_id, at=APRIL)
    reopening = {"period_id": march, "reason": "An invoice was forgotten.", "at": APRIL}
    done(transaction, "approve_reopening", actor=NHS_FINANCE, **reopening)
    rules = [a_rule(NHS, "lapse"), a_rule(COUNCIL, "carry")]
    asked = {"pool_id": POOL, "financial_year": 2026, "rules": rules, "at": APRIL}

    answers = all_at_once(
        [
            lambda: ask(transaction, "year_end", **asked),
            lambda: ask(transaction, "reopen_period", **reopening),
        ]
    )

    assert codes(answers) in (
        {"done": 1, "year_end_made": 1},
        {"done": 1, "period_not_closed": 1},
    )


def test_what_was_known_stays_the_same_while_many_book(transaction):
    planned = a_budget(transaction)
    bought = [a_purchase_of(transaction, planned, 2_00) for _ in range(AT_ONCE - 1)]
    seen = {}

    def known(instant):
        """Return a balance as it was known; nothing while that is not settled."""
        asked = {"as_of": "2026-12-31", "known_at": instant}
        answer = ask(transaction, "balance", budget_id=planned.budget_id, **asked)
        return documents.write(answer["result"]) if "result" in answer else None

    def watch():
        for _ in range(12):
            seen[now(transaction)] = None
            for instant, before in seen.items():
                shown = eventually(lambda instant=instant: known(instant))
                assert before in (None, shown)
                seen[instant] = shown

    def book(purchase):
        spend(transaction, purchase, 2_00, on=date(2026, 11, 24))

    all_at_once([*(lambda purchase=one: book(purchase) for one in bought), watch])

    for instant, shown in seen.items():
        again = balance_of(transaction, planned, "2026-12-31", known_at=instant)
        assert documents.write(again) == shown


def test_a_period_that_is_reopened_and_closed_while_others_book_stays_whole(transaction):
    budgets = [a_budget(transaction, joint=10_00) for _ in range(4)]
    bought = [a_purchase_of(transaction, one, 2_00) for one in budgets]
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)

    def again():
        reopen(transaction, november)
        sign(transaction, november)
        return ask(transaction, "close_period", period_id=november)

    acts = [
        lambda purchase=one: spend(transaction, purchase, 2_00, on=date(2026, 12, 1))
        for one in bought
    ]
    *_, answer = all_at_once([*acts, again])

    assert answer["result"]["version"] == 2
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'capture'") == [(4,)]
