"""By which way money goes: what is refused, and where spending is credited."""

from datetime import date

import pytest

from services.budget.accounts.rules import SPENT
from services.budget.deliveries import rules as deliveries
from services.budget.deliveries.rules import DeliveredLaterError
from services.budget.holds.rules import Capture, Host, Part, spending_entries
from services.budget.money_routes import rules
from services.budget.money_routes.rules import (
    SPENT_TO,
    AccountReferenceNotOpaqueError,
    ItemNotBoughtHereError,
    ItemOnOtherRouteError,
    Payee,
    PayeeWrongError,
    Route,
    RouteBeforeNewestError,
)
from tests.unit.budget.test_direct_payments import COUNCIL, NHS

DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)


def test_each_way_has_an_account_and_each_is_counted_as_spent():
    assert set(SPENT_TO) == set(Route)
    assert len(set(SPENT_TO.values())) == len(Route)
    assert set(SPENT_TO.values()) < set(SPENT)


@pytest.mark.parametrize("route", Route)
def test_only_what_is_bought_gets_a_hold(route):
    if route in (Route.HOST, Route.BROKER):
        rules.see_that_it_is_bought(route)
        return
    with pytest.raises(ItemNotBoughtHereError) as refused:
        rules.see_that_it_is_bought(route)
    assert refused.value.code == "item_not_bought_here"
    assert refused.value.next_step


def test_an_item_is_not_moved_before_the_day_of_its_newest_way():
    rules.see_that_it_follows(starts_on=DAY, newest_starts_on=None)
    rules.see_that_it_follows(starts_on=DAY, newest_starts_on=DAY)
    with pytest.raises(RouteBeforeNewestError):
        rules.see_that_it_follows(starts_on=DAY, newest_starts_on=NEXT)


def test_an_item_goes_the_way_that_is_needed():
    rules.see_that_it_goes(Route.NOTIONAL, by=Route.NOTIONAL)
    with pytest.raises(ItemOnOtherRouteError):
        rules.see_that_it_goes(Route.HOST, by=Route.NOTIONAL)


@pytest.mark.parametrize("token", ["account-7", "a1b2c3d4", "6f1c0d3e-9b1a-4d5e-8a77-1f2e3d4c5b6a"])
def test_a_direct_payment_has_a_payee_and_a_token(token):
    for payee in Payee:
        rules.see_that_payee_fits(Route.DIRECT_PAYMENT, payee=payee, account_reference=token)
    rules.see_that_payee_fits(Route.BROKER, payee=None, account_reference=None)


@pytest.mark.parametrize(
    ("route", "payee", "token"),
    [
        (Route.DIRECT_PAYMENT, None, "account-7"),
        (Route.DIRECT_PAYMENT, Payee.PERSON, None),
        (Route.BROKER, Payee.PERSON, None),
        (Route.NOTIONAL, None, "account-7"),
    ],
)
def test_a_payee_without_a_direct_payment_is_refused_and_the_other_way_round(route, payee, token):
    with pytest.raises(PayeeWrongError):
        rules.see_that_payee_fits(route, payee=payee, account_reference=token)


@pytest.mark.parametrize(
    "number",
    ["12345678", "20-00-00 12345678", "GB29NWBK60161331926819", "gb29 nwbk 6016 1331 9268 19"],
)
def test_a_number_of_a_bank_account_is_refused(number):
    with pytest.raises(AccountReferenceNotOpaqueError):
        rules.see_that_payee_fits(
            Route.DIRECT_PAYMENT, payee=Payee.PERSON, account_reference=number
        )


def test_what_the_host_advances_is_its_own_money_in_the_account_of_the_way():
    part = Part(funder_id=NHS, code="QHM01", free_pence=100, is_in=True, is_advanced=True)
    entries = spending_entries(
        part,
        Capture(from_available_pence=60, overspent_pence=0),
        advanced_pence=60,
        host=Host(funder_id=COUNCIL, code="E06000001"),
        account="with_person",
    )

    assert [(one.funder_id, one.debit, one.credit, one.amount_pence) for one in entries] == [
        (NHS, "available", "due_to E06000001", 60),
        (COUNCIL, "due_from QHM01", "with_person", 60),
    ]


def test_what_is_delivered_has_been_delivered():
    deliveries.see_that_it_was_delivered(delivered_on=DAY, today=DAY)
    with pytest.raises(DeliveredLaterError):
        deliveries.see_that_it_was_delivered(delivered_on=NEXT, today=DAY)
