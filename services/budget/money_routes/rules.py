"""The ways that money for an item goes, and how an item moves from one to another."""

import enum
import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from services.budget.accounts.rules import AccountKind
from shared.errors import Refusal


class Route(enum.StrEnum):
    """By which way the money for an item of the plan goes.

    They are the three forms of a personal health budget of the National Health Service (Direct
    Payments) Regulations 2013 and its guidance, and of the Care and Support (Direct Payments)
    Regulations 2014; what the host pays itself, by card or by transfer, is the default here.
    """

    HOST = "host"  # the host pays the supplier, or the card programme
    BROKER = "broker"  # a broker's organisation holds money for it: a third-party budget
    DIRECT_PAYMENT = "direct_payment"  # the person or their nominee holds it
    NOTIONAL = "notional"  # a partner arranges and delivers it; nothing is paid


class Payee(enum.StrEnum):
    """Who holds a direct payment."""

    PERSON = "person"
    NOMINEE = "nominee"


# The account to which spending by each way is credited.
SPENT_TO: Mapping[Route, AccountKind] = MappingProxyType(
    {
        Route.HOST: AccountKind.PAID_OUT,
        Route.BROKER: AccountKind.WITH_BROKER,
        Route.DIRECT_PAYMENT: AccountKind.WITH_PERSON,
        Route.NOTIONAL: AccountKind.DELIVERED,
    }
)
BOUGHT = frozenset({Route.HOST, Route.BROKER})  # by a purchase that somebody asks for

_SEPARATORS = re.compile(r"[ ._-]")
_BANK_ACCOUNT = re.compile(r"\d*|[A-Z]{2}\d{2}[A-Z]{4}\d{14}")  # a number, or a British IBAN


class ItemNotInPlanError(Refusal):
    """The plan of this budget has no such item."""

    code = "item_not_in_plan"
    next_step = "Buy what the plan names, or change the plan."


class RouteBeforeNewestError(Refusal):
    """The item went another way from a later day on."""

    code = "route_before_newest"
    next_step = "Let it start on the day on which the newest way started, or later."


class PayeeWrongError(Refusal):
    """A direct payment needs somebody who holds it, and no other way has anybody."""

    code = "payee_wrong"
    next_step = "Name payee and account_reference for a direct payment, and for nothing else."


class AccountReferenceNotOpaqueError(Refusal):
    """The reference could be the number of a bank account."""

    code = "account_reference_not_opaque"
    next_step = "Give the token under which payments knows the account, never its number."


class ItemNotBoughtHereError(Refusal):
    """The item is not bought by card or by a broker."""

    code = "item_not_bought_here"
    next_step = "It goes by direct payment or is delivered; to buy it here, move the item first."


class ItemOnOtherRouteError(Refusal):
    """The money for the item goes another way on that day."""

    code = "item_on_other_route"
    next_step = "Move the item first; the query money_routes shows which way it goes."


def see_that_it_follows(*, starts_on: date, newest_starts_on: date | None) -> None:
    """Look whether an item may move on a day: what was said for later days stands.

    Raises:
        RouteBeforeNewestError: it moved on a later day.
    """
    if newest_starts_on is not None and starts_on < newest_starts_on:
        raise RouteBeforeNewestError(
            "This item moved on a later day.", newest_starts_on=newest_starts_on.isoformat()
        )


def see_that_payee_fits(
    route: Route, *, payee: Payee | None, account_reference: str | None
) -> None:
    """Look whether a direct payment has somebody who holds it, under a word that says nothing.

    Raises:
        PayeeWrongError: it has nobody, or another way has somebody.
        AccountReferenceNotOpaqueError: the word could be an account's number.
    """
    is_direct = route is Route.DIRECT_PAYMENT
    if (payee is not None) != is_direct or (account_reference is not None) != is_direct:
        raise PayeeWrongError("A direct payment, and it alone, has a payee and an account.")
    if account_reference is not None and _BANK_ACCOUNT.fullmatch(
        _SEPARATORS.sub("", account_reference.upper())
    ):
        raise AccountReferenceNotOpaqueError("This could be the number of an account.")


def see_that_it_is_bought(route: Route) -> None:
    """Look whether an item is bought by purchases that payments asks for.

    Raises:
        ItemNotBoughtHereError: it is paid to the person, or delivered.
    """
    if route not in BOUGHT:
        raise ItemNotBoughtHereError("This item is not bought by card.", route=route.value)


def see_that_it_goes(route: Route, *, by: Route) -> None:
    """Look whether an item goes the way that is needed.

    Raises:
        ItemOnOtherRouteError: it goes another way.
    """
    if route is not by:
        raise ItemOnOtherRouteError(
            "The money for this item goes another way.", route=route.value, needed=by.value
        )
