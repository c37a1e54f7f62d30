"""A pool's first year, told command by command: each that the budget service offers, at least once.

Only amounts that divide evenly, so that no id decides who pays an odd penny.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.allocating import a_stream
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    an_agreement,
    buy,
    rows,
    spend,
)
from tests.integration.budget.crises import a_crisis, a_promise, over
from tests.integration.budget.pools import signed_by
from tests.integration.periods.calendar_of_a_pool import COUNCIL_FINANCE, NHS_FINANCE

TODAY = "2026-11-24"
AFTER_NOTICE = datetime(2026, 12, 22, 10, tzinfo=UTC)
YEAR_IS_OVER = datetime(2027, 4, 20, 10, tzinfo=UTC)
PARTNERS = {
    NHS: {
        "kind": "nhs",
        "code": "QHM01",
        "name": "An integrated care board",
        "organisation": "nhs-trust",
    },
    COUNCIL: {
        "kind": "council",
        "code": "E06000001",
        "name": "A council",
        "organisation": "council",
    },
}
UNTIL_DECEMBER, FROM_DECEMBER = uuid4(), uuid4()
WHY = "It was agreed so."


def play(act):
    """Play the whole story; ``act`` asks a command and returns its answer."""
    act.at = TUESDAY_AT_TEN
    _a_pool(act)
    _money_that_comes_in(act)
    _ways_of_money(act)
    _lines_of_the_bank(act)
    _a_dispute(act)
    leftover, repayment = _a_repayment(act)
    _a_debt(act)

    act.at = AFTER_NOTICE
    _the_debt_is_paid(act)
    act("confirm_repayment", **repayment)
    act("post_repayment", **repayment)
    act("end_budget", budget_id=leftover.budget_id, ends_on="2026-12-22", reason="persons_wish")
    _a_period_is_closed_and_reopened(act)

    act.at = YEAR_IS_OVER
    _the_year_ends(act)


def _a_pool(act):
    for funder_id, partner in PARTNERS.items():
        act("register_funder", funder_id=funder_id, **partner)
        act(
            "name_funder_contact",
            funder_id=funder_id,
            name="Sam Lee",
            email=f"sam@{partner['kind']}.example",
        )
    act(
        "open_pool",
        pool_id=POOL,
        name="Mental health",
        agreement_reference="S75 2026",
        host_id=COUNCIL,
        partner_ids=list(PARTNERS),
        starts_on="2026-04-01",
        ends_on=None,
    )
    days = [
        (UNTIL_DECEMBER, "2026-04-01", "2026-12-01"),
        (FROM_DECEMBER, "2026-12-01", "2027-04-01"),
    ]
    for period_id, starts_on, ends_on in days:
        act("open_period", period_id=period_id, pool_id=POOL, starts_on=starts_on, ends_on=ends_on)
    act(
        "set_risk_rule",
        rule_id=uuid4(),
        pool_id=POOL,
        kind="percentage",
        from_year=2026,
        parts=[{"funder_id": one, "basis_points": 5_000} for one in PARTNERS],
        signatures=signed_by(*PARTNERS),
    )


def _money_that_comes_in(act):
    planned = a_planned_budget(act.transaction, joint=400_00, nhs=260_00)
    act(
        "report_financial_assessment",
        budget_id=planned.budget_id,
        weekly_contribution_pence=5_00,
        weeks=2,
    )
    calls = _agree(act, planned)
    act("commit_contribution", **_paid(planned, calls["nhs"]))
    for kind in ("nhs", "council"):
        _pay(act, planned, calls[kind])
    act("reverse_journal", journal_id=_received(act, calls["council"]), reason=WHY)
    _pay(act, planned, calls["council"], bank_reference="BACS again")
    act(
        "correct_journal",
        journal_id=_received(act, calls["nhs"]),
        effective_on="2026-11-20",
        occurred_on="2026-11-20",
        reason=WHY,
    )

    stream = a_stream(planned)
    act("schedule_allocation", **stream)
    act("run_allocations", pool_id=POOL, on=TODAY)
    act("end_allocation", allocation_id=stream["allocation_id"], ends_on="2026-12-08", reason=WHY)

    act("promise_crisis_reserve", **a_promise(planned))
    crisis = a_crisis(planned)
    act("activate_crisis_reserve", **crisis)
    purchase, answer = buy(act.transaction, planned, 100_00)
    assert answer == "hold_placed"
    spend(act.transaction, purchase, 60_00)
    act("stand_down_crisis_reserve", **over(crisis))


def _ways_of_money(act):
    planned = a_planned_budget(act.transaction, joint=1_000_00, nhs=200_00, council=100_00)
    calls = _agree(act, planned)
    act(
        "release_contribution",
        **_paid(planned, calls["nhs"]),
        contract_reference="Block contract 7",
    )
    _pay(act, planned, calls["council"])
    of = {
        payer: {"budget_id": planned.budget_id, "item_id": planned.item_ids[payer]}
        for payer in planned.item_ids
    }
    change = {"starts_on": TODAY, "reason": WHY}

    act("set_route", **change, route="broker", **of["joint"])
    transfer = {"budget_id": planned.budget_id, "bank_reference": "BACS 7"}
    act("top_up_broker", top_up_id=uuid4(), amount_pence=100_00, **transfer)
    act("record_broker_returned", top_up_id=uuid4(), amount_pence=20_00, **transfer)
    act(
        "report_broker_balance",
        report_id=uuid4(),
        budget_id=planned.budget_id,
        on=TODAY,
        balances=[{"funder_id": one, "held_pence": 40_00} for one in PARTNERS],
    )

    act(
        "set_route",
        **change,
        route="direct_payment",
        payee="person",
        account_reference="account-of-somebody",
        **of["nhs"],
    )
    act(
        "schedule_direct_payment",
        schedule_id=uuid4(),
        recurrence="month",
        amount_pence=50_00,
        starts_on=TODAY,
        ends_on="2026-12-24",
        **of["nhs"],
    )
    act("pay_direct_payments", pool_id=POOL, on=TODAY)
    act(
        "record_return",
        return_id=uuid4(),
        period_starts_on=TODAY,
        period_ends_on="2026-12-24",
        spent_pence=30_00,
        evidence_reference="folder 7",
        **of["nhs"],
    )
    ((payment_id,),) = rows(act.transaction, "SELECT payment_id FROM direct_payments")
    act(
        "record_payment_returned",
        payment_id=payment_id,
        amount_pence=20_00,
        bank_reference="BACS 9",
    )

    act("set_route", **change, route="notional", **of["council"])
    act(
        "record_delivery",
        delivery_id=uuid4(),
        amount_pence=40_00,
        delivered_on=TODAY,
        **of["council"],
    )


def _lines_of_the_bank(act):
    lines = [("in-1", 190_00, "BACS again"), ("lost", -3_00, "")]
    act(
        "import_lines",
        source="bank",
        file_sha256="0" * 64,
        lines=[
            {"external_id": key, "amount_pence": pence, "booked_on": TODAY, "reference": says}
            for key, pence, says in lines
        ],
    )
    act("match_lines", since="2026-11-01", until="2026-11-30")
    ((match_id, journal_id, line),) = rows(
        act.transaction,
        "SELECT match_id, journal_id, line FROM match_lines WHERE journal_id IS NOT NULL",
    )
    act("undo_match", match_id=match_id, reason=WHY)
    act(
        "match_by_hand",
        outside=[{"source": "bank", "external_id": "in-1"}],
        ledger=[{"journal_id": journal_id, "line": line}],
        reason=WHY,
    )
    ((suspense_id,),) = rows(act.transaction, "SELECT suspense_id FROM suspense_items")
    act(
        "assign_suspense",
        suspense_id=suspense_id,
        owner="council/income_officer",
        due_on="2026-12-24",
        reason=WHY,
    )


def _a_dispute(act):
    """Shares that are disputed at first, and decided when some of it is spent."""
    planned = a_planned_budget(act.transaction, joint=100_00)
    for call in _agree(act, planned, is_disputed=True, signatures=[]).values():
        _pay(act, planned, call)
    _bought(act, planned, 50_00)
    agreement = an_agreement(planned.budget_id, nhs_share=3_000)
    for call in _called(act("record_agreement", **agreement)).values():
        _pay(act, planned, call, bank_reference="BACS decided")
    act("reapportion", agreement_id=agreement["agreement_id"])


def _a_repayment(act):
    """Two repayments of one budget: one is withdrawn, the other is reconsidered and stands."""
    planned = a_planned_budget(act.transaction, joint=100_00)
    for call in _agree(act, planned).values():
        _pay(act, planned, call)
    terms = {"ground": "accumulated", "allowance_weeks": 0, "committed_pence": 0}
    mistaken, meant = (
        {"budget_id": planned.budget_id, "repayment_id": uuid4(), "reason": WHY} for _ in range(2)
    )
    act("propose_repayment", proposed_by=uuid4(), **mistaken, **terms)
    act("withdraw_repayment", **mistaken)
    act("propose_repayment", proposed_by=uuid4(), **meant, **terms)
    act("notify_repayment", **meant)
    act("request_reconsideration", asked_by="person", **meant)
    decided = {"outcome": "reduced", "amount_pence": 60_00, "decided_by": uuid4()}
    act("decide_reconsideration", **decided, **meant)
    return planned, meant


def _a_debt(act):
    """Money that the council advances, for the NHS body has only given its word."""
    planned = a_planned_budget(act.transaction, joint=80_00)
    calls = _agree(act, planned)
    _pay(act, planned, calls["council"])
    act("commit_contribution", **_paid(planned, calls["nhs"]))
    _bought(act, planned, 40_00)


def _the_debt_is_paid(act):
    made = act("run_recharge", run_id=uuid4(), pool_id=POOL, month="2026-11")
    (invoice,) = made["invoices"]
    act(
        "settle_recharge",
        run_id=made["run_id"],
        debtor_id=invoice["debtor_id"],
        creditor_id=invoice["creditor_id"],
        amount_pence=invoice["net_pence"],
        bank_reference="BACS 4711",
    )


def _a_period_is_closed_and_reopened(act):
    _close(act, UNTIL_DECEMBER)
    again = {"period_id": UNTIL_DECEMBER, "reason": "An invoice was forgotten."}
    act("approve_reopening", actor=NHS_FINANCE, **again)
    act("reopen_period", actor=COUNCIL_FINANCE, **again)
    _sign_and_close(act, UNTIL_DECEMBER)


def _the_year_ends(act):
    act("run_risk_share", run_id=uuid4(), pool_id=POOL, financial_year=2026)
    _close(act, FROM_DECEMBER)
    rules = [{"funder_id": NHS, "leftover": "lapse"}, {"funder_id": COUNCIL, "leftover": "carry"}]
    act("year_end", pool_id=POOL, financial_year=2026, rules=rules)
    act("seal_journals")


def _close(act, period_id):
    act("soft_close_period", period_id=period_id)
    _sign_and_close(act, period_id)


def _sign_and_close(act, period_id):
    for funder_id in PARTNERS:
        act("sign_period", period_id=period_id, funder_id=funder_id, role="finance_lead")
    act("close_period", period_id=period_id)


def _agree(act, planned, **changes):
    """Agree on equal shares, and return what was called for by the kind of funder."""
    return _called(act("record_agreement", **an_agreement(planned.budget_id) | changes))


def _called(agreed):
    return {call["funder_kind"]: call for call in agreed["called"]}


def _paid(planned, call):
    given = {name: call[name] for name in ("contribution_id", "funder_id", "amount_pence")}
    return given | {"budget_id": planned.budget_id}


def _pay(act, planned, call, *, bank_reference="BACS"):
    act("receive_contribution", **_paid(planned, call), bank_reference=bank_reference)


def _bought(act, planned, pence):
    purchase, answer = buy(act.transaction, planned, pence)
    assert answer == "hold_placed"
    spend(act.transaction, purchase, pence)


def _received(act, call) -> UUID:
    """Return the newest journal of what came in for a call."""
    sql = """SELECT journal_id FROM journals WHERE source_id = :id AND kind = 'contribution'
             ORDER BY seq"""
    return rows(act.transaction, sql, id=call["contribution_id"])[-1][0]
