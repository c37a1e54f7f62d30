"""A limit that lets a role do more waits for a second person; one that tightens does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.approvals.commands import DecideOnPurchase
from services.payments.approvals.handlers import decide_on_purchase
from services.payments.approvals.rules import Decision
from services.payments.exceptions.models import RaisedException
from services.payments.limits.handlers import (
    confirm_spending_limit,
    limits_on,
    set_spending_limit,
)
from services.payments.limits.models import SpendingLimit
from services.payments.limits.queries import spending_limits
from services.payments.limits.rules import (
    DEFAULTS,
    LimitAlreadySetError,
    LimitCountsError,
    LimitInPastError,
    NobodyMayApproveError,
    NotAllowedToApproveError,
    SamePersonError,
    UnknownLimitError,
)
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

TODAY = TUESDAY_AT_TEN.date()
TOMORROW = TODAY + timedelta(days=1)
BROKERS = DEFAULTS["broker"]
ASKED, WAITS = PurchaseState.REQUESTED, PurchaseState.AWAITING_APPROVAL


@pytest.fixture
def holds_on(transaction):
    """Look at the limit of a role that holds on a day."""

    def look(day=TODAY, role="broker"):
        with transaction() as session:
            return limits_on(session, day).get(role)

    return look


@pytest.fixture
def tasks(transaction):
    def waiting():
        with transaction() as session:
            kinds = select(RaisedException).where(
                RaisedException.kind == "spending_limit_to_confirm"
            )
            return [(one.role, one.about, one.resolution) for one in session.scalars(kinds)]

    return waiting


@pytest.fixture
def buy(known_plan, ask, carry_out, now):
    """Ask for a purchase of its own plan; returns its state."""

    def one(amount_pence):
        command = ask(known_plan(facts.an_item(unit_cost_pence=amount_pence)))
        carry_out(request_purchase, command)
        return now(command.purchase_id).state

    return one


@pytest.fixture
def approve(carry_out):
    def say_yes(who, purchase_id):
        command = DecideOnPurchase(
            purchase_id=purchase_id, decision=Decision.APPROVED, decided_by=who, reason="Needed"
        )
        carry_out(decide_on_purchase, command)

    return say_yes


def test_what_lets_a_role_do_more_counts_when_somebody_else_has_confirmed_it(
    *, carry_out, holds_on, tasks, told, buy
):
    limit = facts.a_limit()
    waits = {"role": "broker", "from_on": TODAY, "counts": False, "loosens": ["asks_up_to_pence"]}
    assert [carry_out(set_spending_limit, limit) for _ in range(2)] == [waits] * 2
    assert holds_on() == BROKERS
    assert buy(900_00) == WAITS
    with pytest.raises(SamePersonError):
        carry_out(confirm_spending_limit, facts.confirming(limit, limit.set_by))
    assert holds_on() == BROKERS
    about = f"spending_limit/broker/{TODAY}"
    assert tasks() == [("finance_manager", about, None)]
    (raised,) = (
        one for one in told("exception_raised") if one["kind"] == "spending_limit_to_confirm"
    )
    assert raised["due_at"] == (TUESDAY_AT_TEN + timedelta(days=5)).isoformat()

    second = facts.confirming(limit)
    counts = waits | {"counts": True}
    assert [carry_out(confirm_spending_limit, second) for _ in range(2)] == [counts] * 2

    assert holds_on().asks_up_to_pence == 1_000_00
    assert tasks() == [("finance_manager", about, "done")]
    assert buy(900_00) == ASKED
    assert buy(1_000_01) == WAITS
    assert carry_out(set_spending_limit, limit) == counts
    with pytest.raises(LimitCountsError):
        carry_out(confirm_spending_limit, facts.confirming(limit))


def test_what_only_tightens_counts_at_once_and_needs_nobody(carry_out, holds_on, tasks, buy):
    limit = facts.a_limit(asks_up_to_pence=400_00, counts_for_days=60)

    assert carry_out(set_spending_limit, limit)["counts"]

    assert (holds_on().asks_up_to_pence, holds_on().counts_for_days) == (400_00, 60)
    assert buy(400_01) == WAITS
    assert tasks() == []
    with pytest.raises(LimitCountsError):
        carry_out(confirm_spending_limit, facts.confirming(limit))


@pytest.mark.parametrize(
    ("changed", "loosens"),
    [
        ({"asks_up_to_pence": 500_01}, ["asks_up_to_pence"]),
        ({"asks_up_to_pence": 0, "approves_up_to_pence": 1}, ["approves_up_to_pence"]),
        ({"asks_up_to_pence": 0, "counts_for_days": 29}, ["counts_for_days"]),
        ({"role": "a new one", "asks_up_to_pence": 1}, ["asks_up_to_pence"]),
    ],
)
def test_a_limit_waits_as_a_whole_if_it_loosens_by_anything(carry_out, holds_on, changed, loosens):
    limit = facts.a_limit(**changed)
    before = holds_on(role=limit.role)

    answer = carry_out(set_spending_limit, limit)

    assert (answer["counts"], answer["loosens"]) == (False, loosens)
    assert holds_on(role=limit.role) == before


def test_a_limit_that_waits_lets_nobody_approve(carry_out, known_plan, ask, approve):
    coordinator = uuid4()
    limit = facts.a_limit(
        role="care_coordinator", asks_up_to_pence=0, approves_up_to_pence=20_000_00
    )
    carry_out(set_spending_limit, limit)
    plan, dear = (
        known_plan(
            facts.an_item(unit_cost_pence=pence),
            colleagues=[facts.a_member(coordinator, role="care_coordinator")],
        )
        for pence in (1_000_01, 10_000_01)
    )
    command = ask(plan)
    carry_out(request_purchase, command)

    with pytest.raises(NobodyMayApproveError):
        carry_out(request_purchase, ask(dear))
    with pytest.raises(NotAllowedToApproveError):
        approve(coordinator, command.purchase_id)

    carry_out(confirm_spending_limit, facts.confirming(limit))
    approve(coordinator, command.purchase_id)
    assert carry_out(request_purchase, ask(dear))["state"] == "awaiting_approval"


def test_a_limit_counts_from_its_day_on(limited, buy):
    limited(facts.a_limit())
    limited(facts.a_limit(from_on=TOMORROW, asks_up_to_pence=0))

    assert buy(900_00) == ASKED


def test_a_limit_is_held_against_what_would_hold_on_its_own_first_day(carry_out, limited):
    limited(facts.a_limit())
    limited(facts.a_limit(from_on=TODAY + timedelta(days=10), asks_up_to_pence=100_00))

    def again(days):
        later = facts.a_limit(from_on=TODAY + timedelta(days=days), asks_up_to_pence=900_00)
        return carry_out(set_spending_limit, later)["counts"]

    assert again(9)
    assert not again(11)


def test_a_limit_that_one_person_set_never_lets_a_role_do_more_than_before(
    carry_out, limited, holds_on
):
    def from_day(days, **changed):
        return facts.a_limit(from_on=TODAY + timedelta(days=days), **changed)

    as_it_is = {"asks_up_to_pence": BROKERS.asks_up_to_pence}
    assert carry_out(set_spending_limit, from_day(10, **as_it_is))["counts"]

    assert carry_out(set_spending_limit, facts.a_limit(asks_up_to_pence=50_00))["counts"]

    for days in (0, 9, 10, 30):
        assert holds_on(TODAY + timedelta(days=days)).asks_up_to_pence == 50_00
    limited(from_day(20))  # two people say so
    assert holds_on(TODAY + timedelta(days=19)).asks_up_to_pence == 50_00
    assert holds_on(TODAY + timedelta(days=20)).asks_up_to_pence == 1_000_00


def test_one_that_waits_makes_no_other_one_look_tight(carry_out):
    carry_out(set_spending_limit, facts.a_limit(asks_up_to_pence=9_000_00))

    assert not carry_out(set_spending_limit, facts.a_limit(from_on=TOMORROW))["counts"]


def test_one_that_waits_keeps_no_tighter_one_of_its_day_from_counting(
    carry_out, holds_on, tasks, count
):
    looser, tighter = facts.a_limit(), facts.a_limit(asks_up_to_pence=100_00)
    carry_out(set_spending_limit, looser)

    assert [carry_out(set_spending_limit, tighter)["counts"] for _ in range(2)] == [True] * 2

    assert holds_on().asks_up_to_pence == 100_00
    assert [one[2] for one in tasks()] == ["accepted"]
    with pytest.raises(LimitCountsError):
        carry_out(confirm_spending_limit, facts.confirming(looser))
    assert not carry_out(set_spending_limit, looser)["counts"]
    assert holds_on().asks_up_to_pence == 100_00
    assert count(SpendingLimit) == 2


def test_nobody_puts_another_figure_under_what_a_second_person_looks_at(carry_out, limited, count):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)

    with pytest.raises(LimitAlreadySetError):
        carry_out(set_spending_limit, facts.a_limit(asks_up_to_pence=9_000_00))
    carry_out(confirm_spending_limit, facts.confirming(limit))
    for pence in (1, 9_000_00):
        with pytest.raises(LimitAlreadySetError):
            carry_out(set_spending_limit, facts.a_limit(asks_up_to_pence=pence))

    assert count(SpendingLimit) == 1


@pytest.mark.parametrize("pence", [1, 1_000_00])
def test_a_limit_is_never_set_for_a_day_that_is_over(carry_out, count, pence):
    yesterday = TODAY - timedelta(days=1)

    with pytest.raises(LimitInPastError):
        carry_out(set_spending_limit, facts.a_limit(from_on=yesterday, asks_up_to_pence=pence))

    assert count(SpendingLimit) == count(RaisedException) == 0


def test_a_limit_whose_day_has_passed_is_not_confirmed(carry_out, holds_on, tasks):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)
    later = a_trace(at=TUESDAY_AT_TEN + timedelta(days=1))

    with pytest.raises(LimitInPastError):
        carry_out(confirm_spending_limit, facts.confirming(limit), trace=later)

    assert holds_on(TOMORROW) == BROKERS
    assert [one[2] for one in tasks()] == [None]


@pytest.mark.parametrize("changed", [{"role": "team_manager"}, {"from_on": TOMORROW}])
def test_what_nobody_has_set_is_not_confirmed(carry_out, holds_on, changed):
    carry_out(set_spending_limit, facts.a_limit())

    with pytest.raises(UnknownLimitError):
        carry_out(confirm_spending_limit, facts.confirming(facts.a_limit(**changed)))

    assert holds_on() == BROKERS


def test_the_second_person_sees_what_waits_and_by_what_it_loosens(carry_out, transaction):
    limit = facts.a_limit()
    carry_out(set_spending_limit, limit)

    with transaction() as session:
        (shown,) = spending_limits(None, session=session)

    assert (shown["counts"], shown["set_by"]) == (False, limit.set_by)
    assert shown["asks_up_to_pence"] == limit.asks_up_to_pence
    assert "asks_up_to_pence" in shown["loosens"]
