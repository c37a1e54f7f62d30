"""A period is opened, closed softly and for good, and reopened, each in its order."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.budget.accounts.rules import PeriodClosedError
from services.budget.periods import handlers, pool_books
from services.budget.periods.commands import ClosePeriod, SoftClosePeriod
from services.budget.periods.models import Period
from services.budget.periods.rules import SnapshotLine, snapshot_hash
from shared.errors import NotKnownYetError
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    called_by,
    commit,
    pay_in,
    rows,
    told,
)
from tests.integration.periods.calendar_of_a_pool import (
    APRIL,
    COUNCIL_FINANCE,
    DECEMBER,
    NHS_FINANCE,
    a_budget,
    a_calendar,
    a_period,
    a_purchase_of,
    a_trace,
    ask,
    close,
    done,
    refused,
    reopen,
    sign,
    sign_and_close,
    snapshot_of,
    spend,
    spend_in,
)


def opening(transaction, **changes):
    given = {"period_id": uuid4(), "pool_id": POOL}
    days = {"starts_on": "2026-04-01", "ends_on": "2026-05-01"}
    return refused(transaction, "open_period", **(given | days | changes))


def test_periods_follow_one_another_from_the_pools_first_day(transaction):
    a_pool(transaction)

    a_calendar(transaction)

    assert rows(transaction, "SELECT starts_on, state FROM periods ORDER BY starts_on") == [
        (date(2026, 4, 1), "open"),
        (date(2026, 11, 1), "open"),
        (date(2026, 12, 1), "open"),
        (date(2027, 1, 1), "open"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_on": "2026-06-01", "ends_on": "2026-07-01"}, "period_order"),
        ({"starts_on": "2026-04-15", "ends_on": "2026-05-15"}, "period_order"),
        ({"starts_on": "2026-05-01", "ends_on": "2026-05-01"}, "dates_wrong"),
        ({"starts_on": "2026-05-01", "ends_on": "2027-04-02"}, "dates_wrong"),
        ({"starts_on": "2026-05-01", "ends_on": "2027-01-02"}, "outside_pool"),
        ({"starts_on": "0001-01-01", "ends_on": "2026-05-01"}, "invalid_request"),
        ({"starts_on": None}, "invalid_request"),
        ({"pool_id": "00000000-0000-4000-8000-000000000009"}, "pool_not_found"),
    ],
)
def test_a_period_with_a_gap_an_overlap_or_outside_the_pool_is_refused(transaction, changes, code):
    a_pool(transaction, ends_on="2027-01-01")
    a_period(transaction, "2026-04-01", "2026-05-01")

    assert opening(transaction, **changes) == code


def test_the_first_period_starts_with_the_pool(transaction):
    a_pool(transaction)

    assert opening(transaction, starts_on="2026-05-01", ends_on="2026-06-01") == "period_order"


def test_a_period_that_is_opened_twice_is_one_and_its_id_is_no_others(transaction):
    a_pool(transaction)
    asked = {"period_id": uuid4(), "pool_id": POOL, "starts_on": "2026-04-01"}
    done(transaction, "open_period", ends_on="2026-05-01", **asked)

    again = done(transaction, "open_period", ends_on="2026-05-01", **asked)

    assert again == {"period_id": str(asked["period_id"]), "state": "open"}
    assert refused(transaction, "open_period", ends_on="2026-06-01", **asked) == "id_reused"


@pytest.mark.parametrize(
    "operation", ["soft_close_period", "close_period", "approve_reopening", "reopen_period"]
)
def test_what_is_no_period_is_neither_closed_nor_reopened(transaction, operation):
    reason = {"reason": "Why not."} if "reopen" in operation else {}

    assert refused(transaction, operation, period_id=uuid4(), **reason) == "period_not_found"


def test_a_period_is_closed_softly_once_it_is_over_and_in_order(transaction):
    a_pool(transaction)
    summer, november, december, _ = a_calendar(transaction)

    assert refused(transaction, "soft_close_period", period_id=november) == "period_order"
    assert done(transaction, "soft_close_period", period_id=summer)["state"] == "closing"
    assert done(transaction, "soft_close_period", period_id=november)["state"] == "closing"
    assert refused(transaction, "soft_close_period", period_id=december) == "period_not_over"
    assert refused(transaction, "soft_close_period", period_id=november) == "period_not_open"


def test_while_a_period_is_closing_only_what_says_why_it_is_late_is_booked(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, november, _, _ = a_calendar(transaction)
    for period_id in (summer, november):
        done(transaction, "soft_close_period", period_id=period_id)

    with pytest.raises(PeriodClosedError):
        spend(transaction, purchase, 4_00)
    spend(transaction, purchase, 4_00, late_because="The invoice came after the month's end.")
    spend(transaction, purchase, 5_00, version=2, on=date(2026, 12, 1))

    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'capture'") == [(2,)]


def test_nobody_signs_what_is_not_closing_and_only_partners_sign(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)
    signing = {"period_id": summer, "role": "chief_finance_officer"}

    assert refused(transaction, "sign_period", funder_id=NHS, **signing) == "period_not_closing"
    done(transaction, "soft_close_period", period_id=summer)
    assert refused(transaction, "sign_period", funder_id=uuid4(), **signing) == "not_a_partner"
    assert refused(transaction, "sign_period", funder_id=NHS, period_id=summer) == "invalid_request"


def test_a_period_is_closed_when_every_partner_has_signed(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)

    assert refused(transaction, "close_period", period_id=summer) == "period_not_closing"
    done(transaction, "soft_close_period", period_id=summer)
    assert refused(transaction, "close_period", period_id=summer) == "signature_missing"
    for _ in range(2):
        signed = sign(transaction, summer, NHS)["result"]
        assert (signed["version"], signed["missing_signatures"]) == (1, [str(COUNCIL)])
    assert refused(transaction, "close_period", period_id=summer) == "signature_missing"
    assert sign(transaction, summer, COUNCIL)["result"]["missing_signatures"] == []
    closed = done(transaction, "close_period", period_id=summer)
    assert (closed["state"], closed["version"], closed["last_seq"]) == ("closed", 1, 0)
    assert refused(transaction, "close_period", period_id=summer) == "period_not_closing"


def test_what_is_booked_after_a_signature_is_signed_again(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    done(transaction, "soft_close_period", period_id=november)
    sign(transaction, november)

    spend(transaction, purchase, 4_00, late_because="The invoice came after the month's end.")

    assert refused(transaction, "close_period", period_id=november) == "signature_missing"
    spend(transaction, purchase, 5_00, version=2, on=date(2026, 12, 1))  # none of November's
    sign(transaction, november)
    done(transaction, "close_period", period_id=november)


def test_the_period_before_is_closed_first(transaction):
    a_pool(transaction)
    summer, november, _, _ = a_calendar(transaction)
    for period_id in (summer, november):
        done(transaction, "soft_close_period", period_id=period_id)
        sign(transaction, period_id)

    assert refused(transaction, "close_period", period_id=november) == "period_order"


def test_a_snapshot_holds_what_every_account_stood_at(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    a_purchase_of(transaction, planned, 2_00)
    spend(transaction, purchase, 4_00, held=6_00)
    summer, november, december, _ = a_calendar(transaction)
    spend(transaction, purchase, 10_00, version=2, on=date(2026, 12, 2))
    close(transaction, summer)
    close(transaction, november)
    close(transaction, december, at=APRIL)

    assert snapshot_of(transaction, summer) == {
        ("council", "available"): [0, 0, 0, 0, 1_00],
        ("nhs", "available"): [0, 0, 0, 0, 1_00],
    }
    assert snapshot_of(transaction, november)["nhs", "paid_in"] == [0, 50_00, 0, -50_00, 0]
    assert snapshot_of(transaction, november)["nhs", "available"] == [0, 2_00, 50_00, 48_00, 1_00]
    assert snapshot_of(transaction, november)["nhs", "paid_out"] == [0, 0, 2_00, 2_00, 0]
    assert snapshot_of(transaction, december)["nhs", "available"] == [
        *(48_00, 3_00, 0, 45_00),
        1_00,
    ]
    assert snapshot_of(transaction, december)["nhs", "paid_in"] == [-50_00, 0, 0, -50_00, 0]


def test_what_was_booked_before_the_first_period_is_what_it_opens_with(transaction):
    a_pool(transaction, starts_on="2026-12-01")
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned, starts_on="2026-12-01"))
    for call in calls.values():
        commit(transaction, planned, call)  # in November
    december = a_period(transaction, "2026-12-01", "2027-01-01")

    close(transaction, december, at=APRIL)

    assert snapshot_of(transaction, december)["nhs", "available"] == [50_00, 0, 0, 50_00, 0]
    late = pay_in(transaction, planned, calls["nhs"])  # on a day before the pool's first
    assert late["refusal"]["code"] == "period_closed"


def test_nothing_is_booked_for_a_closed_period_whatever_it_says(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)

    for on in (date(2026, 11, 24), date(2026, 10, 31), date(2026, 1, 1)):
        with pytest.raises(PeriodClosedError):
            spend(transaction, purchase, 4_00, on=on, late_because="It was forgotten.")


def test_a_closing_is_told_with_the_hash_of_its_snapshot(transaction):
    a_budget(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)

    closed = close(transaction, november)

    event = told(transaction, event_type="budget.period_closed.v1")[-1]
    lines = rows(
        transaction,
        """SELECT account_id, opening_pence, debits_pence, credits_pence, closing_pence, held_pence
           FROM period_balances WHERE period_id = :november ORDER BY account_id""",
        november=november,
    )
    hashed = snapshot_hash(
        pool_id=POOL,
        period_id=november,
        version=1,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1),
        last_seq=closed["last_seq"],
        lines=[
            SnapshotLine(**dict(zip(SnapshotLine.__slots__, line, strict=True))) for line in lines
        ],
    )
    assert event["hash"] == closed["hash"] == hashed.hex()
    assert {name: event[name] for name in ("version", "pool_id", "starts_on", "ends_on")} == {
        "version": 1,
        "pool_id": str(POOL),
        "starts_on": "2026-11-01",
        "ends_on": "2026-12-01",
    }
    assert event["last_seq"] == closed["last_seq"] > 0


@pytest.mark.parametrize(
    ("planted", "rules"),
    [
        ("UPDATE balances SET posted_pence = posted_pence + 1", "I3"),
        ("UPDATE balances SET held_pence = held_pence + 1", "I5"),
        ("UPDATE balances SET posted_pence = posted_pence + 1, held_pence = 1", "I3, I5"),
    ],
)
def test_books_that_disagree_with_themselves_are_not_closed(transaction, owners, planted, rules):
    a_budget(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    done(transaction, "soft_close_period", period_id=november)
    sign(transaction, november)
    with owners("budget").begin() as connection:
        connection.execute(text(planted))

    assert refused(transaction, "close_period", period_id=november) == "verify_failed"
    answer = ask(transaction, "close_period", period_id=november)
    assert answer["refusal"]["details"] == {"rules": rules}

    with owners("budget").begin() as connection:
        connection.execute(text("UPDATE balances SET posted_pence = 5000, held_pence = 0"))


def test_a_period_is_reopened_by_two_who_are_not_the_same(transaction):
    a_budget(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    asked = {"period_id": summer, "reason": "An invoice was forgotten."}
    alone = {"actor": COUNCIL_FINANCE, **asked}

    assert refused(transaction, "reopen_period", **alone) == "second_approver_required"
    for _ in range(2):
        done(transaction, "approve_reopening", **alone)
    assert refused(transaction, "reopen_period", **alone) == "second_approver_required"
    shouting = {**asked, "actor": f" {COUNCIL_FINANCE.upper()}"}
    assert refused(transaction, "reopen_period", **shouting) == "second_approver_required"
    done(transaction, "approve_reopening", actor=NHS_FINANCE, **asked)
    assert done(transaction, "reopen_period", **alone)["state"] == "closing"

    logged = "SELECT version, actor, reason, is_last, approved_at FROM reopening_approvals"
    why = "An invoice was forgotten."
    assert sorted(rows(transaction, logged)) == [
        (1, COUNCIL_FINANCE, why, False, DECEMBER),
        (1, COUNCIL_FINANCE, why, True, DECEMBER),
        (1, NHS_FINANCE, why, False, DECEMBER),
    ]
    assert refused(transaction, "reopen_period", **alone) == "period_not_closed"
    assert refused(transaction, "approve_reopening", **alone) == "period_not_closed"
    assert refused(transaction, "close_period", period_id=november) == "period_not_closing"


def test_another_role_of_the_same_organisation_is_another(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)
    close(transaction, summer)
    asked = {"period_id": summer, "reason": "An invoice was forgotten."}

    done(transaction, "approve_reopening", actor="E06000001/head_of_finance", **asked)

    assert done(transaction, "reopen_period", **asked)["state"] == "closing"


def test_only_the_newest_closed_period_is_reopened(transaction):
    a_pool(transaction)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)
    asked = {"period_id": summer, "reason": "An invoice was forgotten."}

    assert refused(transaction, "approve_reopening", **asked) == "period_order"
    assert refused(transaction, "reopen_period", **asked) == "period_order"
    reopen(transaction, november)
    reopen(transaction, summer)


def test_a_reopening_forgets_signatures_and_approvals(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, november, _, _ = a_calendar(transaction)
    close(transaction, summer)
    close(transaction, november)
    reopen(transaction, november)

    assert refused(transaction, "close_period", period_id=november) == "signature_missing"
    spend(transaction, purchase, 4_00, late_because="The invoice was forgotten.")
    closed = sign_and_close(transaction, november)

    assert closed["version"] == 2
    assert snapshot_of(transaction, november, 1)["nhs", "available"][3] == 50_00
    assert snapshot_of(transaction, november, 2)["nhs", "available"][3] == 48_00
    versions = [
        event["version"] for event in told(transaction, event_type="budget.period_closed.v1")
    ]
    assert versions == [1, 1, 2]
    asked = {"period_id": november, "reason": "Once more."}
    assert refused(transaction, "reopen_period", **asked) == "second_approver_required"


def test_what_happened_in_a_closed_period_counts_for_the_open_one(transaction):
    a_pool(transaction)
    summer, november, _, _ = a_calendar(transaction)
    today = DECEMBER.date()

    def counts_for(occurred_on):
        with transaction() as session:
            return pool_books.effective_on(session, POOL, occurred_on, today)

    assert counts_for(date(2026, 11, 24)) == date(2026, 11, 24)
    close(transaction, summer)
    assert counts_for(date(2026, 10, 31)) == today
    assert counts_for(date(2026, 11, 1)) == date(2026, 11, 1)
    done(transaction, "soft_close_period", period_id=november)
    assert counts_for(date(2026, 11, 24)) == today


def test_who_closes_does_not_wait_for_ever_for_somebody_who_books(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, _, _, _ = a_calendar(transaction)
    closing = SoftClosePeriod(period_id=summer)

    with transaction() as booking:
        spend_in(booking, purchase, 4_00, on=date(2026, 10, 1))
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(NotKnownYetError):
                handlers.soft_close_period(closing, session=session, trace=a_trace())
            assert session.get_one(Period, summer).state == "open"


def test_who_books_waits_for_whoever_is_closing(transaction):
    planned = a_budget(transaction)
    purchase = a_purchase_of(transaction, planned, 10_00)
    summer, _, _, _ = a_calendar(transaction)
    closing = SoftClosePeriod(period_id=summer)

    with transaction() as session:
        handlers.soft_close_period(closing, session=session, trace=a_trace())
        with transaction() as booking:
            booking.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                spend_in(booking, purchase, 4_00, on=date(2026, 10, 1))


def test_another_fault_of_the_database_is_no_refusal(transaction):
    a_pool(transaction)
    summer, _, _, _ = a_calendar(transaction)

    with transaction() as booking:
        pool_books.keep_periods(booking, POOL)
        with transaction() as session:
            session.execute(text("SET LOCAL statement_timeout = 50"))
            closing = ClosePeriod(period_id=summer)
            with pytest.raises(DBAPIError):
                handlers.close_period(closing, session=session, trace=a_trace())
