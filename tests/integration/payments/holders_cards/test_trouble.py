"""What goes wrong with a card that a person holds themselves, and what must not follow from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from services.payments import web
from services.payments.cards import handlers as cards
from services.payments.cards.commands import ChangeCard
from services.payments.cards.models import Card
from services.payments.cards.rules import NoCardError
from services.payments.entitlements import subscribers as entitlements
from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.purchases.models import Purchase
from services.payments.series import handlers, queries
from services.payments.series.commands import ApproveSeries, EndSeries
from services.payments.stops import subscribers as stops
from shared import clock
from shared.contracts import catalogue
from shared.contracts.budget.budgets import BudgetEnded, BudgetRevised
from shared.messaging.tables import OutboxMessage
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.holders_cards.shopping import CARD, TODAY, pays
from tests.integration.payments.network import Network, returns
from tests.integration.racing import all_at_once


@pytest.fixture
def change_card(carry_out, transaction):
    """Let somebody freeze or close the one card."""

    def change(how):
        with transaction() as session:
            card_id = session.scalars(select(Card.card_id)).one()
        command = ChangeCard(card_id=card_id, changed_by=uuid4(), reason="Somebody took it")
        return carry_out(how, command)

    return change


@pytest.fixture
def budget_ends(hear, plan):
    def tell(*, ends_on=TODAY, reason="died"):
        event = BudgetEnded(
            occurred_at=facts.TUESDAY_AT_TEN,
            budget_id=plan.budget_id,
            person_id=plan.person_id,
            ends_on=ends_on,
            reason=reason,
            funders=[],
        )
        hear(stops.budget_ended, event)

    return tell


def test_while_shops_ask_the_next_period_begins_and_no_penny_is_promised_twice(
    *, first_week, transaction, stands
):
    series, net = first_week()
    at = facts.TUESDAY_AT_TEN + timedelta(days=7)
    with transaction() as session:
        (due,) = queries.due(at, session=session)
    app = web.app_on(transaction, settings=facts.SETTINGS)
    secret = facts.SETTINGS.issuer_authorisations_secret

    def ask(number):
        document = facts.a_request(CARD, authorisation=f"iauth_{number}", amount=10_00)
        request = facts.of_the_issuer(document, secret=secret)
        return app.test_client().post("/webhooks/issuer/authorizations", **request).json["approved"]

    def renew():
        with transaction() as session:
            handlers.ask_for_occurrence(due, session=session, trace=a_trace(at=at))

    *approved, _ = all_at_once([*(partial(ask, number) for number in range(8)), renew])

    assert approved.count(True) <= 5
    assert stands(net.purchase_id) == (10_00 * approved.count(True), 0)
    with transaction() as session:
        asked_for = select(Purchase).where(Purchase.series_id == series.series_id)
        assert len(session.scalars(asked_for).all()) == 2


def test_from_the_day_on_which_the_budget_ends_nothing_is_approved_though_no_job_has_run_yet(
    *, first_week, budget_ends, monkeypatch, told
):
    _, net = first_week()
    budget_ends(ends_on=TODAY + timedelta(days=1), reason="plan_ended")
    assert pays(net, 10_00, named="before")

    midnight = datetime(2026, 11, 25, 0, 0, 1, tzinfo=UTC)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(clock.offset_seconds_to(midnight)))

    assert not pays(net, 10_00, named="after")
    assert [one["code"] for one in told("authorisation_declined")] == ["budget_not_active"]


def test_an_allowance_due_on_the_day_of_the_end_is_not_asked_for_and_nobody_is_bothered(
    first_week, budget_ends, pass_days, told
):
    first_week()
    budget_ends(ends_on=TODAY + timedelta(days=7))

    assert len(pass_days(7)) == 1
    assert told("exception_raised") == []


def test_what_comes_back_after_a_death_goes_to_the_purchase_that_it_was_paid_for(
    *, first_week, budget_ends, stands, told
):
    _, net = first_week()
    assert pays(net, 20_00, named="one")
    budget_ends()
    assert not pays(net, 1, named="two")

    returns(20_00, authorisation="one")(net)

    assert stands(net.purchase_id) == (0, 0)
    assert [one["code"] for one in told("authorisation_declined")] == ["card_closed"]
    assert told("purchase_amounts_changed")[-1]["posted_pence"] == 0
    assert net.raised() == []


def test_a_frozen_card_stays_frozen_when_the_next_period_begins(
    *, first_week, next_week, change_card, told
):
    _, net = first_week()
    change_card(cards.freeze_card)
    next_week()

    assert not pays(net, 1, named="one")
    assert [one["code"] for one in told("authorisation_declined")] == ["card_frozen"]
    change_card(cards.unfreeze_card)
    assert pays(net, 50_00, named="two")


def test_a_card_that_somebody_closed_does_not_come_back_by_itself(
    *, first_week, pass_days, change_card, transaction, errands, stands
):
    series, net = first_week()
    assert pays(net, 20_00, named="one")
    change_card(cards.close_one_card)
    assert not pays(net, 1, named="two")

    assert len(pass_days(7)) == 1

    assert stands(net.purchase_id) == (0, 20_00)
    assert len(errands(cards.ISSUE_CARD)) == 1
    with transaction() as session:
        (raised,) = session.scalars(select(RaisedException.kind))
        (shown,) = queries.series(series.budget_id, session=session)
    assert raised == "occurrence_not_asked"
    assert shown["occurrences"][-1]["refusal_code"] == "holders_card_closed"


def test_the_allowance_goes_on_when_the_broker_who_began_it_has_left(
    *, first_week, next_week, hear, plan, told
):
    _, net = first_week()
    others = facts.a_care_team(plan.person_id, facts.a_member(uuid4()), version=2)
    hear(entitlements.care_team_changed, others)

    next_week()

    assert pays(net, 50_00, named="one")
    assert told("exception_raised") == []


def test_an_item_that_the_plan_has_no_longer_is_not_paid_with_the_card(
    *, first_week, pass_days, hear, plan, now, told
):
    _, net = first_week()
    assert pays(net, 20_00, named="one")
    hear(entitlements.plan_approved, replace(plan, version=2, items=[facts.an_item()]))
    revised = BudgetRevised(
        occurred_at=facts.TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        version=2,
        plan_id=plan.plan_id,
        total_pence=35_00,
        used_pence=20_00,
        gap_pence=0,
    )
    hear(stops.budget_revised, revised)

    assert not pays(net, 1, named="two")
    assert now(net.purchase_id).finished_because == "plan_changed"
    assert len(pass_days(7)) == 1
    assert [one["kind"] for one in told("exception_raised")] == ["occurrence_not_asked"]


def test_who_holds_cards_for_two_people_pays_for_each_from_their_own_budget(
    *, first_week, known_plan, start, hold, pass_days, transaction, now, broker_id, coordinator_id
):
    nominee = uuid4()
    _, net = first_week(holder_id=nominee)
    other = known_plan(
        facts.an_item(occurrences=10, unit_cost_pence=50_00),
        colleagues=[facts.a_member(coordinator_id, role="care_coordinator")],
    )
    start(holder_id=nominee, budget_id=other.budget_id, item_id=other.items[0].item_id)
    second = next(one for one in pass_days(0) if one.budget_id == other.budget_id)
    hold(second)
    with transaction() as session:
        facts.record_card(session, second.purchase_id, "ic_other")

    assert pays(net, 50_00, named="one")
    assert not pays(net, 1, named="two")
    assert now(second.purchase_id).held_pence == 50_00
    assert pays(replace(net, card="ic_other"), 50_00, named="three")
    with transaction() as session:
        (shown,) = queries.series(other.budget_id, session=session)
    assert [one["purchase_id"] for one in shown["occurrences"]] == [second.purchase_id]


def test_each_step_again_changes_nothing(
    *, first_week, carry_out, coordinator_id, pass_days, errands, told, stands
):
    series, net = first_week()
    approval = ApproveSeries(series_id=series.series_id, approved_by=coordinator_id)
    assert carry_out(handlers.approve_series, approval)["state"] == "active"
    assert len(pass_days(0)) == 1
    end = EndSeries(series_id=series.series_id, ended_by=uuid4(), reason="Prefers cash")

    for _ in range(2):
        assert carry_out(handlers.end_series, end)["state"] == "ended"
        assert carry_out(handlers.start_series, series)["state"] == "ended"

    assert stands(net.purchase_id) == (0, 0)
    assert len(errands(cards.CLOSE_CARD)) == 1
    assert len(told("purchase_cancelled")) == 1
    assert told("purchase_refused") == []  # nobody is told that they spent nothing
    assert len(pass_days(7)) == 1


def test_cards_that_nobody_knows_are_refused_and_pay_nothing(first_week, carry_out, client):
    _, net = first_week()
    unknown = ChangeCard(card_id=uuid4(), changed_by=uuid4(), reason="Lost")

    for change in (cards.freeze_card, cards.unfreeze_card, cards.close_one_card):
        with pytest.raises(NoCardError):
            carry_out(change, unknown)
    stranger = replace(net, card="ic_nobodys")
    assert not pays(stranger, 1, named="one")


@pytest.mark.parametrize(
    ("starts_on", "begins_at"),
    [
        (  # clocks go forward on 28 March: midnight in London is an hour earlier from then on
            date(2027, 3, 21),
            [datetime(2027, 3, 28, 0, tzinfo=UTC), datetime(2027, 4, 3, 23, tzinfo=UTC)],
        ),
        (  # and back on 31 October
            date(2027, 10, 24),
            [datetime(2027, 10, 30, 23, tzinfo=UTC), datetime(2027, 11, 7, 0, tzinfo=UTC)],
        ),
    ],
)
def test_a_period_begins_at_midnight_in_london_in_summer_and_in_winter(
    *, start, look_at, hold, transaction, starts_on, begins_at
):
    start(starts_on=starts_on, ends_on=date(2027, 12, 31))

    (first,) = look_at(begins_at[0] - timedelta(days=3))
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, CARD)
    for number, midnight in enumerate(begins_at, start=1):
        assert len(look_at(midnight - timedelta(seconds=1))) == number
        found = look_at(midnight)
        assert len(found) == number + 1
        hold(found[-1])


def test_four_weeks_over_the_longest_night_are_within_what_the_ledger_holds(
    *, start, look_at, hear, transaction, client, monkeypatch
):
    start(starts_on=date(2027, 10, 24), ends_on=date(2027, 12, 31), every="four_weeks")
    begins_at = datetime(2027, 10, 23, 23, tzinfo=UTC)
    (purchase,) = look_at(begins_at)
    placed = facts.placed(
        purchase.purchase_id, held_pence=50_00, expires_at=begins_at + timedelta(days=30)
    )
    hear(holds.hold_placed, placed)
    with transaction() as session:
        facts.record_card(session, purchase.purchase_id, CARD)
    net = Network(
        transaction=transaction, client=client, purchase_id=purchase.purchase_id, card=CARD
    )
    last = datetime(2027, 11, 20, 23, 59, 50, tzinfo=UTC)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(clock.offset_seconds_to(last)))

    assert pays(net, 50_00, named="one")


def test_the_holders_name_is_in_no_event_and_no_log(
    *, first_week, next_week, change_card, transaction, budget_ends
):
    with capture_logs() as logged:
        _, net = first_week()
        assert pays(net, 20_00, named="one")
        assert not pays(net, 50_00, named="two")
        assert not pays(replace(net, card="ic_nobodys"), 1, named="three")
        next_week()
        change_card(cards.freeze_card)
        budget_ends()

    with transaction() as session:
        bodies = session.scalars(select(OutboxMessage.body)).all()
    said = [str(catalogue.data_of(body)) for body in bodies]
    assert len(said) > 10
    assert [one for one in [*said, *map(str, logged)] if "Ada" in one] == []
    assert [one["event"] for one in logged] == ["card_unknown"]
