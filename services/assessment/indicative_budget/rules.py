"""What kinds of indicative budget there are, and what must be before one is planned with."""

import enum
from typing import ClassVar

from shared.errors import Refusal

WHO_TELLS = "care_coordinator"
TELL_WITHIN_WORKING_DAYS = 3  # local policy, to be confirmed by whoever runs this


class AmountNotToldError(Refusal):
    """Nothing is planned before the person knows what they may plan with, and why."""

    code = "amount_not_told"
    next_step: ClassVar[str] = (
        "Wait until the letter or e-mail with the amount has arrived, or tell the person and"
        " record that."
    )


def check_told(*, is_told: bool) -> None:
    if not is_told:
        raise AmountNotToldError("The person has not been told the amount yet.")


class BudgetKind(enum.StrEnum):
    ONE_OFF_RECOVERY = "one_off_recovery"
    ONGOING = "ongoing"
