"""NHS numbers, and that one is not a slip of the pen."""

from typing import Any

from marshmallow import ValidationError, fields, validate

DIGITS = 10
MODULUS = 11


class NhsNumber(fields.String):
    """Ten digits of which the last checks the others (Modulus 11), or None.

    What is refused is not repeated in the refusal: it may be somebody's number all the same.
    """

    def __init__(self) -> None:
        ten_digits = validate.Regexp(r"[0-9]{10}\Z", error="An NHS number has ten digits.")
        super().__init__(load_default=None, allow_none=True, validate=ten_digits)

    def _validate(self, value: Any) -> None:
        super()._validate(value)
        if not is_nhs_number(value):
            raise ValidationError("The last digit of this NHS number does not check the others.")


def is_nhs_number(text: str) -> bool:
    """Tell whether a text can be an NHS number.

    Each of the first nine digits counts as often as its place from the end says, ten times for
    the first. What is missing to a multiple of eleven is the tenth digit; nobody has a number
    for which ten is missing. (NHS Data Dictionary, NHS NUMBER.)
    """
    if len(text) != DIGITS or not (text.isascii() and text.isdigit()):
        return False
    counted = sum(int(digit) * (DIGITS - place) for place, digit in enumerate(text[:-1]))
    return -counted % MODULUS == int(text[-1])
