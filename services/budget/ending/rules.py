"""When a budget can be given an end."""

from datetime import date

from shared.errors import Refusal


class AlreadyEndedError(Refusal):
    """The budget has an end."""

    code = "already_ended"
    next_step = "Nothing has to be done. A person who goes on needs a new plan."


class EndAheadError(Refusal):
    """What is yet to come cannot have happened."""

    code = "end_ahead"
    next_step = "Give the day on which it happened."


def see_that_it_has_happened(*, ends_on: date, today: date) -> None:
    """Look whether a day on which somebody is said to have died is not ahead.

    Raises:
        EndAheadError: it is.
    """
    if ends_on > today:
        raise EndAheadError("That day is yet to come.")
