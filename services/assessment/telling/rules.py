"""What it takes that a person was told an amount: in writing, or by somebody face to face."""

from datetime import date
from typing import ClassVar

from shared.errors import Refusal

TOPIC = "indicative_budget"  # of the message that tells the person the amount
WRITTEN_CHANNELS = ("email", "letter")  # a text only announces: it carries no amount
IN_PERSON = "in_person"


class NotTheLatestAmountError(Refusal):
    """The person was told an amount that is not the one they may plan with now."""

    code = "amount_outdated"
    next_step: ClassVar[str] = "Tell the person the latest amount, then record that."


class ToldOnImpossibleDayError(Refusal):
    """Nobody can have been told on that day."""

    code = "told_on_impossible_day"
    next_step: ClassVar[str] = "Give the day of the talk: not before the amount, and not to come."


def check_version(*, version: int, latest: int) -> None:
    if version != latest:
        raise NotTheLatestAmountError(
            f"The latest amount has version {latest}.", field="version", latest_version=latest
        )


def check_day(*, told_on: date, calculated_on: date, today: date) -> None:
    if not calculated_on <= told_on <= today:
        raise ToldOnImpossibleDayError("The person cannot have been told then.", field="told_on")
