"""What so many hours come to, and to whom wages are paid."""

from datetime import date

from services.payments.entitlements.rules import Rail
from services.payments.payees.rules import Relationship
from shared.errors import Refusal

MINUTES_IN_AN_HOUR = 60


class NotPaidByTransferError(Refusal):
    """Wages go to a bank account at once, and the item is paid in another way."""

    code = "not_paid_by_transfer"
    next_step = "Ask for wages only for items that the plan pays by bank transfer."


class NotAnAssistantError(Refusal):
    """The item's payee is a supplier, or the person."""

    code = "not_an_assistant"
    next_step = "Record the supplier's invoice, or correct what the payee is to the person."


class WorkedDatesError(Refusal):
    """The days worked end before they begin, or are still to come."""

    code = "dates_wrong"
    next_step = "Ask for days that are over, the first of them first."


def wages_pence(*, minutes: int, hourly_rate_pence: int) -> int:
    """Return what is owed for the time worked, in whole pence.

    It is rounded up to the next penny, so that nobody is ever paid less than the hours times the
    rate. Our own rule: to be confirmed by who keeps the payroll.
    """
    return -(-minutes * hourly_rate_pence // MINUTES_IN_AN_HOUR)


def check_wages(
    *,
    rail: Rail,
    relationship: Relationship,
    worked_from_on: date,
    worked_until_on: date,
    today: date,
) -> None:
    """See that these are wages, of days that are over, and paid through the bank.

    Raises:
        NotPaidByTransferError, NotAnAssistantError, WorkedDatesError: they are not.
    """
    if rail is not Rail.BACS:
        raise NotPaidByTransferError("This item is not paid by bank transfer.")
    if relationship in {Relationship.SUPPLIER, Relationship.SELF, Relationship.NOMINEE}:
        raise NotAnAssistantError("The payee of this item is not paid wages.")
    if not worked_from_on <= worked_until_on <= today:
        raise WorkedDatesError("Wages are paid for days that are over.")
