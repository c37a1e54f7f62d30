"""A card that the person holds themselves: an allowance for each period, and many payments."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from services.payments import web
from services.payments.cards import handlers as cards
from services.payments.cards import issuing
from services.payments.cards.commands import ReplaceCard
from services.payments.cards.models import Card, Cardholder
from services.payments.cards.rules import Loss
from services.payments.entitlements.rules import Rail
from services.payments.holds import subscribers as holds
from services.payments.limits.rules import NotAllowedToApproveError
from services.payments.purchases.rules import (
    AmountAboveItemError,
    ItemNotInPlanError,
    NotOnCareTeamError,
)
from services.payments.rails.commands import UseSecondRail
from services.payments.rails.handlers import use_second_rail
from services.payments.rails.rules import HoldersChoiceError
from services.payments.receipts import handlers as receipts
from services.payments.receipts import queries as receipt_queries
from services.payments.series import handlers, queries, rules
from services.payments.series.commands import ApproveSeries, EndSeries
from services.payments.series.models import Series
from services.payments.stops import queries as stop_queries
from services.payments.stops import subscribers as stops
from services.payments.stops.handlers import stop_purchases
from shared.contracts.budget.budgets import BudgetEnded
from shared.errors import IdReusedError, NotKnownYetError
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.holders_cards.shopping import CARD, TODAY, pays
from tests.integration.payments.network import (
    asks,
    created,
    money,
    returns,
    takes,
    updated,
)


def test_many_payments_are_made_up_to_the_allowance_and_not_a_penny_beyond(
    *, first_week, stands, now, hear, told
):
    _, net = first_week()

    assert pays(net, 20_00, named="one")
    assert (now(net.purchase_id).state, stands(net.purchase_id)) == (
        "part_fulfilled",
        (30_00, 20_00),
    )
    assert not pays(net, 30_01, named="two")
    assert pays(net, 29_00, named="three", category="5977")
    assert pays(net, 1_00, named="four")
    assert not pays(net, 1, named="five")

    assert stands(net.purchase_id) == (0, 50_00)
    hear(holds.hold_captured, facts.captured(net.purchase_id, posted_pence=50_00))
    assert now(net.purchase_id).state == "completed"
    assert not pays(net, 1, named="six")
    assert [one["code"] for one in told("authorisation_declined")][-1] == "no_allowance_now"
    assert net.raised() == []


def test_shops_that_ask_at_once_share_what_is_left_of_the_allowance(first_week, transaction):
    _, net = first_week()
    assert pays(net, 20_00, named="one")
    app = web.app_on(transaction, settings=facts.SETTINGS)
    secret = facts.SETTINGS.issuer_authorisations_secret

    def ask(number):
        document = facts.a_request(CARD, authorisation=f"iauth_{number}", amount=10_00)
        request = facts.of_the_issuer(document, secret=secret)
        return app.test_client().post("/webhooks/issuer/authorizations", **request).json["approved"]

    with ThreadPoolExecutor(4) as workers:
        approved = list(workers.map(ask, range(8)))

    assert approved.count(True) == 3


def test_the_holder_chooses_the_shop_and_what_is_excluded_stays_so(first_week, told):
    _, net = first_week()

    assert pays(net, 10_00, named="one", category="5411")
    assert not pays(net, 10_00, named="two", category="7995")
    assert [one["code"] for one in told("authorisation_declined")] == ["excluded_by_funder"]


def test_what_a_shop_gives_back_is_the_budgets_and_not_spent_a_second_time(first_week, stands):
    _, net = first_week()
    assert pays(net, 20_00, named="one")

    returns(20_00, authorisation="one")(net)

    assert stands(net.purchase_id) == (30_00, 0)
    assert not pays(net, 30_01, named="two")


def test_each_period_has_its_own_allowance_and_the_card_stays(
    *, first_week, next_week, stands, now, transaction, errands, told
):
    _, net = first_week()
    assert pays(net, 20_00, named="one")

    second = next_week()

    assert stands(net.purchase_id) == (0, 20_00)
    assert now(net.purchase_id).finished_because == "allowance_over"
    assert told("purchase_amounts_changed", purchase_id=net.purchase_id)[-1]["held_pence"] == 0
    assert pays(net, 50_00, named="two")
    assert stands(second.purchase_id) == (0, 50_00)
    with transaction() as session:
        card = session.scalars(select(Card)).one()
    assert (card.state, card.purchase_id) == ("active", second.purchase_id)
    assert len(errands(cards.ISSUE_CARD)) == 1
    assert [one["amount_pence"] for one in told("purchase_requested")] == [50_00, 50_00]
    assert {one["tolerance_pence"] for one in told("purchase_requested")} == {0}


def test_until_the_next_allowance_is_held_nothing_is_approved(first_week, pass_days, hold):
    _, net = first_week()
    assert pays(net, 20_00, named="one")

    *_, second = pass_days(7)
    assert not pays(net, 1, named="two")
    hold(second)
    assert pays(net, 1, named="three")


def test_an_allowance_that_nobody_used_ends_and_its_money_is_free(
    first_week, next_week, now, stands
):
    _, net = first_week()

    next_week()

    unused = now(net.purchase_id)
    assert (unused.state, unused.cancelled_because) == ("cancelled", "allowance_over")
    assert stands(net.purchase_id) == (0, 0)


def test_what_was_promised_in_one_period_is_captured_there_in_the_next(
    first_week, next_week, stands
):
    _, net = first_week()
    asks(12_00, authorisation="late")(net)
    created(authorisation="late", amount=12_00)(net)

    second = next_week()
    assert stands(net.purchase_id) == (12_00, 0)
    asks(1, authorisation="late", requests=1)(net)
    assert not net.answers[-1]
    takes(12_00, authorisation="late", named="ipi_late")(net)
    updated(
        authorisation="late",
        amount=12_00,
        status="closed",
        transactions=[money(-12_00, authorisation="late", named="ipi_late")],
    )(net)

    assert stands(net.purchase_id) == (0, 12_00)
    assert stands(second.purchase_id) == (50_00, 0)
    assert net.raised() == []


def test_a_refund_in_the_next_period_is_of_the_purchase_that_it_belongs_to(
    first_week, next_week, stands
):
    _, net = first_week()
    assert pays(net, 20_00, named="one")
    second = next_week()
    assert pays(net, 15_00, named="two")

    returns(20_00, authorisation="one")(net)

    assert stands(net.purchase_id) == (0, 0)
    assert stands(second.purchase_id) == (35_00, 15_00)


@pytest.mark.parametrize("ends_by", ["somebody", "its last day"])
def test_when_it_ends_promises_are_kept_the_rest_is_free_and_the_card_closes(
    *, first_week, pass_days, carry_out, stands, errands, transaction, ends_by
):
    series, net = first_week(ends_on=TODAY)
    assert pays(net, 20_00, named="one")
    asks(12_00, authorisation="late")(net)

    if ends_by == "somebody":
        command = EndSeries(series_id=series.series_id, ended_by=uuid4(), reason="Prefers cash")
        carry_out(handlers.end_series, command)
    assert len(pass_days(7)) == 1

    assert stands(net.purchase_id) == (12_00, 20_00)
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": CARD}]
    with transaction() as session:
        assert session.get_one(Series, series.series_id).state == "ended"
    assert not pays(net, 1, named="two")


@pytest.mark.parametrize("is_told_before", [True, False])
def test_when_the_budget_ends_the_card_closes_whether_an_allowance_is_open_or_not(
    *, first_week, hear, now, plan, transaction, errands, told, is_told_before
):
    series, net = first_week()
    ends_on = TODAY + timedelta(days=3) if is_told_before else TODAY
    ended = BudgetEnded(
        occurred_at=facts.TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        ends_on=ends_on,
        reason="died",
        funders=[],
    )
    if is_told_before:
        assert pays(net, 50_00, named="one")
        hear(holds.hold_captured, facts.captured(net.purchase_id, posted_pence=50_00))

    hear(stops.budget_ended, ended)
    at = facts.TUESDAY_AT_TEN + timedelta(days=3)
    with transaction() as session:
        due = stop_queries.to_stop(at, session=session)
    for command in due:
        with transaction() as session:
            stop_purchases(command, session=session, trace=a_trace(at=at))

    assert now(net.purchase_id).state == ("completed" if is_told_before else "cancelled")
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": CARD}]
    assert told("purchase_refused") == []
    with transaction() as session:
        one = session.get_one(Series, series.series_id)
        assert (one.state, one.ended_because) == ("ended", "died")
        assert stop_queries.to_stop(at, session=session) == []


def test_a_lost_card_is_replaced_in_the_holders_name_and_goes_on_to_the_next_period(
    *, first_week, next_week, carry_out, transaction, errands, stands
):
    _, net = first_week()
    asks(12_00, authorisation="before")(net)
    with transaction() as session:
        lost = session.scalars(select(Card)).one()
        holder = session.scalars(select(Cardholder)).one()
    command = ReplaceCard(
        card_id=lost.card_id, because=Loss.LOST, changed_by=uuid4(), reason="On the bus"
    )

    carry_out(cards.replace_card, command)
    (arguments,) = errands(cards.REPLACE_CARD)
    with transaction() as session:
        answer = {"issuer_card_id": "ic_new"}
        issuing.record_replacement(answer, arguments, session=session, trace=a_trace())
    new = replace(net, card="ic_new")

    assert arguments["issuer_cardholder_id"] == holder.issuer_cardholder_id
    assert not pays(net, 1, named="one")
    assert pays(new, 30_00, named="two")
    takes(12_00, authorisation="before", named="ipi_before")(net)
    assert stands(net.purchase_id) == (8_00, 42_00)
    second = next_week()
    assert pays(new, 50_00, named="three")
    assert stands(second.purchase_id) == (0, 50_00)


def test_a_missing_receipt_is_asked_for_and_never_stops_the_card(
    *, first_week, next_week, hear, transaction, told, errands
):
    _, net = first_week()
    assert pays(net, 20_00, named="one")
    next_week()
    hear(holds.hold_captured, facts.captured(net.purchase_id, posted_pence=20_00))

    for days in (7, 14, 28, 35):
        at = facts.TUESDAY_AT_TEN + timedelta(days=days, hours=1)
        with transaction() as session:
            for command in receipt_queries.missing(at, session=session):
                receipts.chase_receipt(command, session=session, trace=a_trace(at=at))

    assert len(told("receipt_missing")) == 3
    assert [one["kind"] for one in told("exception_raised")] == ["receipt_missing"]
    assert (errands(cards.SET_CARD_STATUS), errands(cards.CLOSE_CARD)) == ([], [])
    assert pays(net, 10_00, named="two")


def test_the_issuer_knows_the_holder_by_name_and_by_none_of_our_ids(
    *, first_week, start, plan, errands, pass_days, hold, transaction
):
    first_week()
    (arguments,) = errands(cards.ISSUE_CARD)
    assert (arguments["holder_name"], arguments["limit_applies_to"]) == ("Ada Holder", "each")
    assert arguments["limit_pence"] == 50_00
    assert str(plan.person_id) not in str(arguments)

    start(allowance_pence=10_00)  # a second card for the same person is the same cardholder's
    second = next(one for one in pass_days(0) if one.amount_pence == 10_00)
    hold(second)

    with transaction() as session:
        holder = session.scalars(select(Cardholder)).one()
    assert errands(cards.ISSUE_CARD)[-1]["issuer_cardholder_id"] == holder.issuer_cardholder_id


def test_nothing_is_asked_for_before_a_second_person_approves_the_allowance(
    start, pass_days, carry_out, transaction, coordinator_id
):
    series = start(is_approved=False)
    assert pass_days(0) == []
    approval = ApproveSeries(series_id=series.series_id, approved_by=uuid4())
    with pytest.raises(NotAllowedToApproveError):
        carry_out(handlers.approve_series, approval)

    carry_out(handlers.approve_series, replace(approval, approved_by=coordinator_id))

    assert len(pass_days(0)) == 1
    with transaction() as session:
        (shown,) = queries.series(series.budget_id, session=session)
    assert (shown["kind"], shown["holder_id"], shown["period"]) == (
        "holder",
        series.holder_id,
        None,
    )


def test_the_bank_does_not_pay_an_allowance(first_week, carry_out):
    _, net = first_week()
    change = UseSecondRail(
        purchase_id=net.purchase_id, rail=Rail.INVOICE, decided_by=uuid4(), reason="An outage"
    )

    with pytest.raises(HoldersChoiceError):
        carry_out(use_second_rail, change)


def test_a_card_that_cannot_be_is_refused_and_nothing_is_kept(
    *, start, plan, coordinator_id, count, known_plan
):
    elsewhere = uuid4()
    known_plan(colleagues=[facts.a_member(elsewhere, role="care_coordinator")])
    for changed, refusal in (
        ({"item_id": plan.items[1].item_id}, rules.ItemNotByCardError),
        ({"holder_id": coordinator_id}, rules.HolderIsStaffError),
        ({"holder_id": elsewhere}, rules.HolderIsStaffError),
        ({"item_id": uuid4()}, ItemNotInPlanError),
        ({"requested_by": uuid4()}, NotOnCareTeamError),
        ({"allowance_pence": 50_01}, AmountAboveItemError),
        ({"starts_on": TODAY - timedelta(days=1)}, rules.SeriesInThePastError),
        ({"budget_id": uuid4()}, NotKnownYetError),
    ):
        with pytest.raises(refusal):
            start(**changed)

    assert (count(Series), count(Cardholder)) == (0, 0)


def test_a_card_is_started_once_for_each_id_and_its_holder_has_one_name(start, carry_out, count):
    command = start(is_approved=False)

    assert carry_out(handlers.start_series, command)["state"] == "asked"
    for other in (
        replace(command, amount_pence=1_00),
        replace(command, holder_id=uuid4()),
        replace(command, holder_name="Somebody Else"),
        replace(command, series_id=uuid4(), holder_name="Somebody Else"),
    ):
        with pytest.raises(IdReusedError):
            carry_out(handlers.start_series, other)
    assert (count(Series), count(Cardholder)) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"every": "month"}, "every"),
        ({"allowance_pence": 0}, "allowance_pence"),
        ({"ends_on": "2026-11-23"}, "ends_on"),
        ({"holder_name": ""}, "holder_name"),
        ({"holder_name": "4242 4242 4242 4242"}, "holder_name"),
        ({"holder_id": "Ada"}, "holder_id"),
    ],
)
def test_a_form_that_says_something_wrong_names_the_field(asked, changed, field):
    with pytest.raises(ValidationError) as refused:
        asked(**changed)

    assert set(refused.value.messages_dict) == {field}
