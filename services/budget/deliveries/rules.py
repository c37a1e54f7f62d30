"""What is refused of a delivery."""

from datetime import date

from shared.errors import Refusal


class DeliveredLaterError(Refusal):
    """It would be delivered on a day that has not come."""

    code = "delivered_later"
    next_step = "Record it when it was delivered."


def see_that_it_was_delivered(*, delivered_on: date, today: date) -> None:
    """Look whether the day of a delivery has come.

    Raises:
        DeliveredLaterError: it has not.
    """
    if delivered_on > today:
        raise DeliveredLaterError("This day has not come.", today=today.isoformat())
