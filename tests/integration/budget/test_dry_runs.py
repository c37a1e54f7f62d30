"""I20: what a command says when it is only tried is what it does afterwards, on the same state."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from shared.messaging import answering
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget import repayments
from tests.integration.budget.between_funders import (
    a_rule,
    run,
    settle,
    share_risk,
)
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    a_pool,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    commit,
    everything,
    pay_in,
    spend,
    told,
)
from tests.integration.periods import calendar_of_a_pool as calendar

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def with_places_for_ids(answer):
    """Return an answer's text in which each id, some of them new, is a number."""
    places = {}
    return UUIDS.sub(lambda id_: f"#{places.setdefault(id_[0], len(places))}", str(answer))


@pytest.fixture
def tried(monkeypatch):
    """Have every command tried before it is carried out, and return which were, with effects."""
    done = {}
    for_real = answering.answer_command

    def try_first(call, *, transaction, **handling):
        before = everything(transaction)
        dry = for_real(replace(call, is_dry_run=True), transaction=transaction, **handling)
        assert everything(transaction) == before
        sent_before = len(told(transaction))
        real = for_real(call, transaction=transaction, **handling)
        if "refusal" in real:
            assert dry == real
            return real
        would = dry["result"]
        assert with_places_for_ids(would["would_answer"]) == with_places_for_ids(real["result"])
        events = [one["event"].split(".")[1] for one in would["effects"] if "event" in one]
        assert events == [one["type"] for one in told(transaction)[sent_before:]]
        done.setdefault(call.operation, would["effects"])
        return real

    monkeypatch.setattr(answering, "answer_command", try_first)
    return done


def booked_by(effects):
    """Return the pence that a dry run says would move, by the accounts they leave and reach."""
    return {
        (entry["debit"], entry["credit"]): entry["amount_pence"]
        for effect in effects
        if "booked" in effect
        for entry in effect["booked"]["entries"]
    }


def test_money_coming_in(transaction, tried):
    a_pool(transaction)
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["council"])
    pay_in(transaction, planned, calls["council"], amount_pence=1)

    assert {"open_pool", "record_agreement", "commit_contribution"} <= tried.keys()
    assert booked_by(tried["receive_contribution"]) == {("paid_in", "available"): 50_00}


def test_what_goes_back(transaction, tried):
    funded, _ = repayments.a_funded_budget(transaction, joint=100_00)
    repayments.posted(transaction, funded)

    assert {"propose_repayment", "notify_repayment", "confirm_repayment"} <= tried.keys()
    assert booked_by(tried["post_repayment"])


def test_what_is_due_between_funders(transaction, tried):
    planned = a_planned_budget(transaction, joint=100_00)
    a_pool(transaction)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["council"])
    spend(transaction, buy(transaction, planned, 40_00)[0], 60_00)
    settle(transaction, run(transaction))
    halves = {NHS: {"basis_points": 5_000}, COUNCIL: {"basis_points": 5_000}}
    a_rule(transaction, parts=halves)
    share_risk(transaction)

    assert {"run_recharge", "set_risk_rule", "run_risk_share"} <= tried.keys()
    assert booked_by(tried["settle_recharge"])


def test_periods(transaction, tried):
    planned = an_active_budget(transaction, joint=100_00)
    spend(transaction, buy(transaction, planned, 40_00)[0], 40_00)
    period_id = calendar.a_calendar(transaction)[0]
    calendar.close(transaction, period_id)
    calendar.reopen(transaction, period_id)

    assert {"open_period", "soft_close_period", "sign_period", "close_period"} <= tried.keys()


def test_what_would_be_refused(transaction, tried):
    refused = ask(
        transaction,
        "receive_contribution",
        at=TUESDAY_AT_TEN,
        contribution_id=str(uuid4()),
        budget_id=str(uuid4()),
        funder_id=str(NHS),
        amount_pence=5,
        bank_reference="BACS 1",
    )

    assert refused["refusal"]["code"] == "contribution_not_called"
