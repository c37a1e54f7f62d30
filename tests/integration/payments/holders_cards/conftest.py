"""A card of fifty pounds a week that the person holds themselves, week after week."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.holds import subscribers as holds
from services.payments.purchases.models import Purchase
from services.payments.series import handlers, queries
from services.payments.series.commands import ApproveSeries
from services.payments.series.schemas import StartHoldersCardForm
from shared import clock
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.holders_cards.shopping import CARD, TODAY
from tests.integration.payments.network import (
    Network,
)


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def transaction(emptied):
    return emptied("payments")


@pytest.fixture
def coordinator_id():
    return uuid4()


@pytest.fixture
def plan(known_plan, coordinator_id):
    return known_plan(
        facts.an_item(occurrences=10, unit_cost_pence=50_00),
        facts.an_item(rail="invoice", unit_cost_pence=50_00),
        colleagues=[facts.a_member(coordinator_id, role="care_coordinator")],
    )


@pytest.fixture
def asked(plan, broker_id):
    """What is said to start a card of fifty pounds a week."""

    def form(**changed):
        return {
            "series_id": str(uuid4()),
            "budget_id": str(plan.budget_id),
            "item_id": str(plan.items[0].item_id),
            "allowance_pence": changed.pop("allowance_pence", 50_00),
            "every": "week",
            "starts_on": TODAY.isoformat(),
            "ends_on": "2026-12-31",
            "holder_id": str(plan.person_id),
            "holder_name": "Ada Holder",
            "requested_by": str(broker_id),
            "instruction": "I want to choose my lessons myself",
        } | {name: str(value) for name, value in changed.items()}

    return lambda **changed: StartHoldersCardForm().load(form(**changed))


@pytest.fixture
def start(asked, carry_out, coordinator_id):
    def begin(*, is_approved=True, **changed):
        command = asked(**changed)
        carry_out(handlers.start_series, command)
        if is_approved:
            approval = ApproveSeries(series_id=command.series_id, approved_by=coordinator_id)
            carry_out(handlers.approve_series, approval)
        return command

    return begin


@pytest.fixture
def look_at(transaction):
    """Let the job look at a moment; returns the purchases of holders' cards in order."""

    def look(at):
        with transaction() as session:
            due = queries.due(at, session=session)
        for command in [*due, *due]:
            with transaction() as session:
                handlers.ask_for_occurrence(command, session=session, trace=a_trace(at=at))
        with transaction() as session:
            found = select(Purchase).where(Purchase.holder_id.is_not(None))
            return list(session.scalars(found.order_by(Purchase.requested_at)))

    return look


@pytest.fixture
def pass_days(look_at):
    return lambda days: look_at(facts.TUESDAY_AT_TEN + timedelta(days=days))


@pytest.fixture
def hold(hear):
    def place(purchase, version=1):
        answer = facts.placed(purchase.purchase_id, held_pence=50_00, version=version)
        hear(holds.hold_placed, answer)

    return place


@pytest.fixture
def first_week(start, pass_days, hold, transaction, client):
    """Begin with a card whose first allowance is there; returns the series and the network."""

    def begin(**changed):
        series = start(**changed)
        (purchase,) = pass_days(0)
        hold(purchase)
        with transaction() as session:
            facts.record_card(session, purchase.purchase_id, CARD)
        net = Network(
            transaction=transaction, client=client, purchase_id=purchase.purchase_id, card=CARD
        )
        return series, net

    return begin


@pytest.fixture
def next_week(pass_days, hold, now):
    """Let a week pass and the ledger answer; returns the new purchase."""

    def renew(days=7):
        newest = pass_days(days)[-1]
        hold(newest)
        return newest

    return renew


@pytest.fixture
def stands(now):
    """Return what a purchase holds and has cost."""

    def look(purchase_id):
        purchase = now(purchase_id)
        return purchase.held_pence, purchase.posted_pence

    return look
