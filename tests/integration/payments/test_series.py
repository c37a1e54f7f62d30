"""Something bought again and again: one approval, caps, one card, a purchase for each day."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.payments.cards import handlers as cards
from services.payments.cards import issuing
from services.payments.cards.commands import ReplaceCard
from services.payments.cards.models import Card
from services.payments.cards.rules import Loss
from services.payments.entitlements.models import Plan
from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.limits.rules import NotAllowedToApproveError, SamePersonError
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import (
    AmountAboveItemError,
    ItemNotInPlanError,
    NotOnCareTeamError,
)
from services.payments.requesting.handlers import request_purchase
from services.payments.series import handlers, queries, rules
from services.payments.series.commands import ApproveSeries, EndSeries, StartSeries
from services.payments.series.models import Series
from services.payments.series.rules import Every, Period
from services.payments.stops import subscribers as stops
from services.payments.stops.handlers import stop_purchases
from services.payments.stops.queries import to_stop
from shared import clock
from shared.contracts.budget.budgets import BudgetEnded
from shared.errors import IdReusedError, NotKnownYetError
from tests.factories import a_trace
from tests.integration.payments import facts

PATH = "/webhooks/issuer/authorizations"
EVENTS = "/webhooks/issuer/events"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def coordinator_id():
    return uuid4()


@pytest.fixture
def start(known_plan, broker_id, coordinator_id, carry_out):
    """Start and approve a series of weekly lessons."""

    def begin(*, is_approved=True, **changed):
        plan = known_plan(
            facts.an_item(occurrences=10),
            colleagues=[facts.a_member(coordinator_id, role="care_coordinator")],
        )
        command = StartSeries(
            **{
                "series_id": uuid4(),
                "budget_id": plan.budget_id,
                "item_id": plan.items[0].item_id,
                "amount_pence": 35_00,
                "every": Every.WEEK,
                "period": Period.MONTH,
                "period_cap_pence": 200_00,
                "starts_on": TODAY,
                "ends_on": date(2026, 12, 31),
                "requested_by": broker_id,
                "instruction": "A lesson each Tuesday",
                **changed,
            }
        )
        carry_out(handlers.start_series, command)
        if is_approved:
            approval = ApproveSeries(series_id=command.series_id, approved_by=coordinator_id)
            carry_out(handlers.approve_series, approval)
        return command

    return begin


@pytest.fixture
def pass_days(transaction):
    """Let the job look, so many days later; returns the series' purchases in order."""

    def look(days):
        at = facts.TUESDAY_AT_TEN + timedelta(days=days)
        with transaction() as session:
            due = queries.due(at, session=session)
        for command in [*due, *due]:
            with transaction() as session:
                handlers.ask_for_occurrence(
                    command, session=session, trace=replace(a_trace(), at=at)
                )
        with transaction() as session:
            found = select(Purchase).where(Purchase.series_id.is_not(None))
            return list(session.scalars(found.order_by(Purchase.requested_at)))

    return look


@pytest.fixture
def hold(hear):
    def place(purchase, version=1):
        hear(holds.hold_placed, facts.placed(purchase.purchase_id, version=version))

    return place


@pytest.fixture
def swipe(client):
    def ask(card, **asked):
        secret = facts.SETTINGS.issuer_authorisations_secret
        request = facts.of_the_issuer(facts.a_request(card, **asked), secret=secret)
        return client.post(PATH, **request).json

    return ask


def test_nothing_is_bought_before_somebody_else_approves_whose_role_may(
    start, pass_days, carry_out, broker_id, coordinator_id
):
    series = start(is_approved=False)
    assert pass_days(0) == []
    for by, refusal in ((broker_id, SamePersonError), (uuid4(), NotAllowedToApproveError)):
        with pytest.raises(refusal):
            carry_out(
                handlers.approve_series, ApproveSeries(series_id=series.series_id, approved_by=by)
            )

    approval = ApproveSeries(series_id=series.series_id, approved_by=coordinator_id)
    for _ in range(2):
        assert carry_out(handlers.approve_series, approval)["state"] == "active"
    assert len(pass_days(0)) == 1


@pytest.fixture
def start_beside(carry_out, coordinator_id):
    """Start another series of the same plan, and have the coordinator approve it."""

    def begin(series, **changed):
        another = replace(series, series_id=uuid4(), **changed)
        carry_out(handlers.start_series, another)
        approval = ApproveSeries(series_id=another.series_id, approved_by=coordinator_id)
        return carry_out(handlers.approve_series, approval)

    return begin


def test_series_of_the_same_thing_are_approved_by_the_sum_of_their_caps(
    start, start_beside, carry_out, broker_id
):
    series = start(period_cap_pence=600_00)

    with pytest.raises(NotAllowedToApproveError) as refused:
        start_beside(series, period_cap_pence=400_01)
    assert refused.value.details == {"counted_pence": 1_000_01}
    assert start_beside(series, period_cap_pence=400_00)["state"] == "active"

    end = EndSeries(series_id=series.series_id, ended_by=broker_id, reason="No more lessons")
    carry_out(handlers.end_series, end)
    assert start_beside(series, period_cap_pence=600_00)["state"] == "active"


def test_two_series_approved_at_once_are_approved_by_the_sum_of_their_caps(
    start, carry_out, coordinator_id
):
    first = start(is_approved=False, period_cap_pence=600_00)
    others = [replace(first, series_id=uuid4()) for _ in range(2)]
    for one in others:
        carry_out(handlers.start_series, one)

    def approve(series):
        approval = ApproveSeries(series_id=series.series_id, approved_by=coordinator_id)
        try:
            return carry_out(handlers.approve_series, approval)["state"]
        except NotAllowedToApproveError as refusal:
            return refusal.code

    with ThreadPoolExecutor(3) as people:
        answers = sorted(people.map(approve, [first, *others]))

    assert answers == ["active", "not_allowed_to_approve", "not_allowed_to_approve"]


def test_whoever_approves_another_series_at_once_waits_until_the_first_is_kept(
    start, carry_out, coordinator_id, transaction
):
    first = start(is_approved=False, period_cap_pence=600_00)
    other = replace(first, series_id=uuid4())
    carry_out(handlers.start_series, other)
    one, another = (
        ApproveSeries(series_id=series.series_id, approved_by=coordinator_id)
        for series in (first, other)
    )

    with transaction() as approving:
        handlers.approve_series(one, session=approving, trace=a_trace())
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                handlers.approve_series(another, session=session, trace=a_trace())

    with pytest.raises(NotAllowedToApproveError):
        carry_out(handlers.approve_series, another)


@pytest.mark.parametrize(
    ("cap_pence", "tolerance_pence"), [(175_00, 0), (177_50, 50), (200_00, 3_50)]
)
def test_an_occurrences_tolerance_is_within_what_was_approved_for_the_period(
    start, in_force, pass_days, cap_pence, tolerance_pence
):
    in_force(facts.a_policy())  # a tenth: 3.50
    start(starts_on=date(2026, 12, 1), period_cap_pence=cap_pence)  # five Tuesdays

    (asked,) = pass_days(7)

    assert asked.tolerance_pence == tolerance_pence


def test_what_a_series_asks_for_was_approved_and_counts_against_no_limit(
    start, limited, pass_days, carry_out, broker_id
):
    limited(facts.a_limit(asks_up_to_pence=50_00))
    series = start()
    pass_days(0)
    beside = RequestPurchase(
        purchase_id=uuid4(),
        budget_id=series.budget_id,
        item_id=series.item_id,
        amount_pence=35_00,
        requested_by=broker_id,
        instruction="One lesson more",
        is_not_a_repeat=True,
        not_a_repeat_because="One more than each Tuesday's",
    )

    assert carry_out(request_purchase, beside)["state"] == "requested"
    again = replace(beside, purchase_id=uuid4())
    assert carry_out(request_purchase, again)["state"] == "awaiting_approval"


def test_each_week_has_a_purchase_of_its_own_and_one_card_serves_them_all(
    *, start, pass_days, hold, swipe, transaction, errands, now, told
):
    start()
    (first,) = pass_days(0)
    hold(first)
    (arguments,) = errands(cards.ISSUE_CARD)
    assert (arguments["limit_applies_to"], arguments["payment_count"]) == ("each", None)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_series")
    assert swipe("ic_series", authorisation="iauth_1")["approved"]

    first, second = pass_days(7)
    assert now(first.purchase_id).state == "ready"  # a shop was promised its money
    hold(second)

    assert now(second.purchase_id).state == "ready"
    assert len(errands(cards.ISSUE_CARD)) == 1
    # More on the first authorisation belongs to the first purchase, which has nothing left.
    assert not swipe("ic_series", authorisation="iauth_1", amount=1)["approved"]
    assert swipe("ic_series", authorisation="iauth_2")["approved"]
    assert len(told("purchase_requested")) == 2


def test_one_that_was_not_used_ends_when_the_next_is_due_and_its_money_is_free(
    *, start, pass_days, hold, transaction, now, told
):
    start()
    (first,) = pass_days(0)
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_series")

    _, second = pass_days(7)

    unused = now(first.purchase_id)
    assert (unused.state, unused.refusal_code, unused.held_pence) == ("lapsed", "not_taken", 0)
    assert told("purchase_amounts_changed", purchase_id=first.purchase_id)[-1]["held_pence"] == 0
    hold(second)
    with transaction() as session:
        card = session.scalars(select(Card)).one()
    assert (card.state, card.purchase_id) == ("active", second.purchase_id)


def test_while_the_ledger_has_not_answered_the_next_is_not_asked_for(start, pass_days):
    start()
    pass_days(0)

    assert len(pass_days(7)) == 1


def test_a_period_is_not_spent_beyond_its_cap_and_somebody_looks(
    start, pass_days, hold, transaction, carry_out
):
    series = start(period_cap_pence=69_99, starts_on=date(2026, 12, 1))
    assert pass_days(6) == []
    (first,) = pass_days(7)
    hold(first)
    with transaction() as session:
        purchase = session.get_one(Purchase, first.purchase_id)
        purchase.state, purchase.posted_pence, purchase.captured_pence = "completed", 35_00, 35_00

    assert len(pass_days(14)) == 1
    with transaction() as session:
        (raised,) = session.scalars(select(RaisedException))
        (shown,) = queries.series(series.budget_id, session=session)
    assert raised.kind == "occurrence_not_asked"
    assert [one["refusal_code"] for one in shown["occurrences"]] == [None, "period_cap_reached"]
    assert shown["next_due_on"] == date(2026, 12, 15)


def test_days_on_which_nothing_ran_are_not_made_up_for(start, pass_days):
    start()

    assert len(pass_days(20)) == 1
    assert len(pass_days(20)) == 1


def test_a_series_that_ends_before_the_ledger_has_answered_lets_the_hold_go(
    *, start, pass_days, hold, told, now, carry_out
):
    series = start()
    (asked,) = pass_days(0)

    carry_out(
        handlers.end_series,
        EndSeries(series_id=series.series_id, ended_by=uuid4(), reason="Moved away"),
    )
    hold(asked)

    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["version"], amounts["held_pence"], amounts["posted_pence"]) == (1, 0, 0)
    assert now(asked.purchase_id).held_pence == 0


def test_after_its_last_day_a_series_ends_by_itself(start, pass_days, hold, transaction, errands):
    series = start(ends_on=TODAY)
    (first,) = pass_days(0)
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_series")

    assert len(pass_days(7)) == 1

    with transaction() as session:
        ended = session.get_one(Series, series.series_id)
        assert (ended.state, ended.ended_by) == ("ended", None)
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": "ic_series"}]


def test_a_series_is_ended_by_somebody_with_a_reason(start, pass_days, hold, carry_out, now):
    series = start()
    (first,) = pass_days(0)
    hold(first)
    command = EndSeries(series_id=series.series_id, ended_by=uuid4(), reason="Moved away")

    for _ in range(2):
        assert carry_out(handlers.end_series, command)["state"] == "ended"

    assert len(pass_days(7)) == 1
    with pytest.raises(rules.SeriesOverError):
        carry_out(
            handlers.approve_series,
            ApproveSeries(series_id=series.series_id, approved_by=uuid4()),
        )
    with pytest.raises(rules.UnknownSeriesError):
        carry_out(handlers.end_series, replace(command, series_id=uuid4()))


def test_what_a_series_may_cost_in_a_period_is_within_the_approvers_limit(
    start, carry_out, coordinator_id
):
    series = start(is_approved=False, period_cap_pence=1_000_01)

    with pytest.raises(NotAllowedToApproveError):
        carry_out(
            handlers.approve_series,
            ApproveSeries(series_id=series.series_id, approved_by=coordinator_id),
        )


def test_what_cannot_be_started_is_refused_and_nothing_is_kept(start, count):
    for changed, refusal in (
        ({"item_id": uuid4()}, ItemNotInPlanError),
        ({"requested_by": uuid4()}, NotOnCareTeamError),
        ({"amount_pence": 35_01}, AmountAboveItemError),
        ({"starts_on": TODAY - timedelta(days=1)}, rules.SeriesInThePastError),
        ({"budget_id": uuid4()}, NotKnownYetError),
    ):
        with pytest.raises(refusal):
            start(**changed)
    assert count(Series) == 0


def test_a_series_is_started_once_for_each_id(start, carry_out, count):
    command = start(is_approved=False)

    assert carry_out(handlers.start_series, command)["state"] == "asked"
    with pytest.raises(IdReusedError):
        carry_out(handlers.start_series, replace(command, amount_pence=1_00))
    assert count(Series) == 1


@pytest.mark.parametrize("ends_first", [True, False])
def test_a_card_in_a_lost_ones_place_is_closed_with_its_series_whichever_comes_first(
    *, start, pass_days, hold, carry_out, transaction, errands, ends_first
):
    series = start()
    (first,) = pass_days(0)
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_lost")
        lost = session.scalars(select(Card.card_id)).one()
    loss = ReplaceCard(card_id=lost, because=Loss.LOST, changed_by=uuid4(), reason="On the bus")
    carry_out(cards.replace_card, loss)
    (arguments,) = errands(cards.REPLACE_CARD)

    def end():
        command = EndSeries(series_id=series.series_id, ended_by=uuid4(), reason="Moved away")
        carry_out(handlers.end_series, command)

    def come():
        with transaction() as session:
            answer = {"issuer_card_id": "ic_new"}
            issuing.record_replacement(answer, arguments, session=session, trace=a_trace())

    for step in (end, come) if ends_first else (come, end):
        step()

    with transaction() as session:
        states = dict(session.execute(select(Card.issuer_card_id, Card.state)).all())
    assert states == {"ic_lost": "closed" if ends_first else "replaced", "ic_new": "closed"}
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": "ic_new"}]


@pytest.mark.parametrize("is_replaced_first", [True, False])
def test_of_a_card_in_a_lost_ones_place_and_one_for_the_next_purchase_one_serves_the_series(
    *, start, pass_days, hold, carry_out, swipe, errands, transaction, is_replaced_first
):
    start()
    (first,) = pass_days(0)
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_lost")
        lost = session.scalars(select(Card.card_id)).one()
    loss = ReplaceCard(card_id=lost, because=Loss.LOST, changed_by=uuid4(), reason="On the bus")
    carry_out(cards.replace_card, loss)
    (arguments,) = errands(cards.REPLACE_CARD)
    _, second = pass_days(7)
    hold(second)  # the issuer cannot be reached: nothing has come in the lost one's place yet

    def come_instead():
        with transaction() as session:
            answer = {"issuer_card_id": "ic_instead"}
            issuing.record_replacement(answer, arguments, session=session, trace=a_trace())

    def come_anew():
        with transaction() as session:
            facts.record_card(session, second.purchase_id, "ic_anew")

    for step in (come_instead, come_anew) if is_replaced_first else (come_anew, come_instead):
        step()

    serves, is_closed = ("ic_instead", "ic_anew")[:: 1 if is_replaced_first else -1]
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": is_closed}]
    assert not swipe(is_closed, authorisation="iauth_1")["approved"]
    assert swipe(serves, authorisation="iauth_2")["approved"]
    with transaction() as session:
        of_purchase = select(Card.purchase_id).where(Card.issuer_card_id == serves)
        assert session.scalar(of_purchase) == second.purchase_id


def test_a_card_that_comes_for_what_was_called_off_disturbs_no_other_of_its_series(
    *, start, pass_days, hold, carry_out, errands, transaction, now
):
    start()
    (first,) = pass_days(0)
    hold(first)
    carry_out(cancel_purchase, CancelPurchase(purchase_id=first.purchase_id, reason="Ill"))
    _, second = pass_days(7)
    hold(second)

    with transaction() as session:
        facts.record_card(session, second.purchase_id, "ic_second")
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_first")

    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": "ic_first"}]
    assert now(second.purchase_id).state == "ready"


def test_a_death_ends_what_was_bought_again_and_again_and_closes_its_card(
    *, start, pass_days, hold, hear, now, transaction, errands, told
):
    series = start()
    (first,) = pass_days(0)
    hold(first)
    with transaction() as session:
        facts.record_card(session, first.purchase_id, "ic_series")

    for _ in range(2):
        hear(stops.budget_ended, an_end(series, now(first.purchase_id), ends_on=TODAY))

    with transaction() as session:
        ended = session.get_one(Series, series.series_id)
        assert (ended.state, ended.ended_by, ended.ended_because) == ("ended", None, "died")
    assert now(first.purchase_id).state == "cancelled"
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": "ic_series"}]
    assert told("purchase_refused") == []  # the family is not told of each purchase
    assert len(pass_days(7)) == 1
    assert told("exception_raised") == []


def test_a_series_with_nothing_open_ends_on_its_budgets_last_day(
    start, pass_days, hear, now, transaction
):
    series = start(starts_on=TODAY + timedelta(days=1))
    other = start(is_approved=False)  # of a budget that goes on
    with transaction() as session:
        plan = session.get_one(Plan, series.budget_id)
    hear(stops.budget_ended, an_end(series, plan, ends_on=TODAY + timedelta(days=7)))

    def look(days):
        at = facts.TUESDAY_AT_TEN + timedelta(days=days)
        with transaction() as session:
            due = to_stop(at, session=session)
        for one in due:
            with transaction() as session:
                stop_purchases(one, session=session, trace=a_trace(at=at))
        with transaction() as session:
            states = dict(session.execute(select(Series.series_id, Series.state)).all())
        return len(due), states[series.series_id], states[other.series_id]

    assert look(6) == (0, "active", "asked")
    assert look(7) == (1, "ended", "asked")
    assert look(8) == (0, "ended", "asked")


def an_end(series, known, *, ends_on):
    return BudgetEnded(
        occurred_at=facts.TUESDAY_AT_TEN,
        budget_id=series.budget_id,
        person_id=known.person_id,
        ends_on=ends_on,
        reason="died",
        funders=[],
    )
