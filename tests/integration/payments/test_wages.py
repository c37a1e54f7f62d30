"""Wages: hours times rate, to somebody whom every funder pays."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.payments.approvals.payees import confirm_payee
from services.payments.holds import subscribers as holds
from services.payments.payees.commands import AgreePayee, ConfirmPayee
from services.payments.payees.handlers import add_payee, agree_payee
from services.payments.payees.rules import (
    Funder,
    PayeeNotAgreedError,
    PayeeUnknownError,
    Relationship,
)
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import AmountAboveItemError
from services.payments.purchases.states import PurchaseState
from services.payments.wages import rules
from services.payments.wages.commands import RequestWages
from services.payments.wages.handlers import request_wages
from services.payments.wages.models import Wage
from services.payments.wages.schemas import RequestWagesForm
from shared.errors import IdReusedError
from tests.factories import TUESDAY_AT_TEN
from tests.integration.payments import facts

TODAY = TUESDAY_AT_TEN.date()


@pytest.fixture
def employed(known_plan, carry_out):
    """Let a plan arrive with an assistant who can be paid; returns plan and payee's id."""

    def employ(*, rail="bacs", payer="joint", with_payee=True, **changed):
        item = facts.an_item(
            rail=rail, payer=payer, payee="Sam", unit_cost_pence=400_00, occurrences=50
        )
        plan = known_plan(item, with_payees=False)
        payee = facts.a_payee(
            **{
                "name": "Sam",
                "person_id": plan.person_id,
                "relationship": Relationship.ASSISTANT,
                **changed,
            }
        )
        if with_payee:
            carry_out(add_payee, payee)
            confirmed = ConfirmPayee(
                payee_id=payee.payee_id, details_version=1, confirmed_by=uuid4()
            )
            carry_out(confirm_payee, confirmed)
        return plan, payee.payee_id

    return employ


@pytest.fixture
def hours(broker_id):
    def worked(plan, **changed):
        return RequestWages(
            **{
                "purchase_id": uuid4(),
                "budget_id": plan.budget_id,
                "item_id": plan.items[0].item_id,
                "requested_by": broker_id,
                "instruction": "Pay Sam for last week",
                "minutes": 10 * 60 + 20,
                "hourly_rate_pence": 13_15,
                "worked_from_on": TODAY - timedelta(days=7),
                "worked_until_on": TODAY - timedelta(days=1),
                **changed,
            }
        )

    return worked


def test_wages_are_hours_times_rate_and_paid_by_transfer(
    *, employed, hours, carry_out, hear, now, errands
):
    plan, _ = employed()
    command = hours(plan)

    for _ in range(2):
        answer = carry_out(request_wages, command)

    assert answer == {
        "purchase_id": command.purchase_id,
        "state": PurchaseState.REQUESTED,
        "amount_pence": 135_89,  # 135.883 pounds, rounded up
    }
    assert now(command.purchase_id).is_wage
    hear(holds.hold_placed, facts.placed(command.purchase_id, held_pence=135_89))
    (order,) = errands("order_transfer")
    assert order["amount_pence"] == 135_89


def test_days_paid_before_are_asked_about(employed, hours, carry_out, count):
    plan, _ = employed()
    first = hours(plan)
    carry_out(request_wages, first)
    again = hours(plan, minutes=60, worked_from_on=first.worked_until_on)

    answer = carry_out(request_wages, again)

    assert answer["question"]["similar_purchase_id"] == first.purchase_id
    assert count(Wage) == 1
    confirmed = replace(again, is_not_a_repeat=True, not_a_repeat_because="A night on top")
    assert carry_out(request_wages, confirmed)["state"] is PurchaseState.REQUESTED


def test_the_same_amount_for_other_days_within_a_day_is_asked_about_and_kept_nowhere(
    employed, hours, carry_out, count
):
    plan, _ = employed()
    first = hours(plan)
    carry_out(request_wages, first)
    other_week = hours(
        plan,
        worked_from_on=first.worked_from_on - timedelta(days=7),
        worked_until_on=first.worked_until_on - timedelta(days=7),
    )

    assert carry_out(request_wages, other_week)["state"] is None
    assert count(Wage) == count(Purchase) == 1


@pytest.mark.parametrize(
    ("employment", "changed", "refusal"),
    [
        ({"rail": "invoice"}, {}, rules.NotPaidByTransferError),
        ({"relationship": Relationship.SUPPLIER}, {}, rules.NotAnAssistantError),
        ({"with_payee": False}, {}, PayeeUnknownError),
        ({}, {"worked_until_on": TODAY + timedelta(days=1)}, rules.WorkedDatesError),
        ({}, {"worked_from_on": TODAY}, rules.WorkedDatesError),
        ({}, {"minutes": 60 * 40}, AmountAboveItemError),
        (
            {"relationship": Relationship.FRIEND, "is_same_household": True},
            {},
            PayeeNotAgreedError,
        ),
        ({"relationship": Relationship.PARTNER, "payer": "council"}, {}, PayeeNotAgreedError),
    ],
)
def test_what_is_no_wage_is_refused_and_nothing_is_kept(
    *, employed, hours, carry_out, count, employment, changed, refusal
):
    plan, _ = employed(**employment)

    with pytest.raises(refusal):
        carry_out(request_wages, hours(plan, **changed))

    assert count(Purchase) == count(Wage) == 0


def test_a_relative_is_paid_while_the_funder_agrees(employed, hours, carry_out, now):
    plan, payee_id = employed(relationship=Relationship.PARTNER, payer="council")
    agreement = AgreePayee(
        agreement_id=uuid4(),
        payee_id=payee_id,
        funder=Funder.COUNCIL,
        agreed_by=uuid4(),
        reason="Nobody else can be found so far out",
        from_on=TODAY - timedelta(days=9),
        until_on=TODAY,
    )
    carry_out(agree_payee, agreement)
    command = hours(plan)
    with pytest.raises(PayeeNotAgreedError):  # it ended yesterday
        carry_out(request_wages, command)

    carry_out(agree_payee, replace(agreement, agreement_id=uuid4(), until_on=None))

    assert carry_out(request_wages, command)["state"] is PurchaseState.REQUESTED


def test_one_id_is_for_one_timesheet(employed, hours, carry_out):
    plan, _ = employed()
    command = hours(plan)
    carry_out(request_wages, command)

    with pytest.raises(IdReusedError):
        carry_out(request_wages, replace(command, minutes=1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", 0),
        ("minutes", 7.5),
        ("hourly_rate_pence", -1),
        ("worked_from_on", "last week"),
        ("instruction", ""),
    ],
)
def test_hours_in_another_form_are_refused_by_field(field, value):
    document = {
        **{name: str(uuid4()) for name in ("purchase_id", "budget_id", "item_id")},
        "requested_by": str(uuid4()),
        "instruction": "Pay Sam",
        "minutes": 60,
        "hourly_rate_pence": 12_00,
        "worked_from_on": "2026-11-16",
        "worked_until_on": "2026-11-22",
    }
    assert RequestWagesForm().validate(document) == {}

    assert RequestWagesForm().validate({**document, field: value}).keys() == {field}


@pytest.mark.parametrize(
    ("minutes", "rate", "pence"),
    [(60, 12_00, 12_00), (30, 12_01, 6_01), (1, 1, 1), (20, 12_00, 4_00), (50, 11_45, 9_55)],
)
def test_wages_are_never_less_than_hours_times_rate(minutes, rate, pence):
    assert rules.wages_pence(minutes=minutes, hourly_rate_pence=rate) == pence
    assert pence * 60 >= minutes * rate > (pence - 1) * 60
