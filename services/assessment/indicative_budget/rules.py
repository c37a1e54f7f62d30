"""What must be before anybody plans with an indicative budget."""

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
