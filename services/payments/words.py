"""Fields for what people write: they never take a card number."""

from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.payments.card_numbers import has_card_number, has_card_number_beside_ids

CARD_NUMBER = (
    "card_number_not_accepted: This looks like the number of a card. Leave it out; the last four"
    " digits are enough to say which card it is."
)


def see_that_it_holds_no_card_number(text: str) -> None:
    """Look at something that a person wrote.

    Raises:
        ValidationError: it may hold a card number. The text itself is never shown.
    """
    if has_card_number(text):
        raise ValidationError(CARD_NUMBER)


def see_that_it_names_no_card(reference: str) -> None:
    """Look at an id that somebody else gave out: it may look like anything but a card's number.

    Raises:
        ValidationError: it may be a card number. The text itself is never shown.
    """
    if has_card_number_beside_ids(reference):
        raise ValidationError(CARD_NUMBER)


def words_field(
    *, longest: int, least: int = 1, required: bool = True, **options: Any
) -> fields.String:
    """Return the field of a text that somebody writes, or of the name of a file."""
    return _field(see_that_it_holds_no_card_number, least, longest, required=required, **options)


def reference_field(*, longest: int, required: bool = True, **options: Any) -> fields.String:
    """Return the field of an id that the issuer, a shop or somebody else gave out."""
    return _field(see_that_it_names_no_card, 1, longest, required=required, **options)


def _field(check: Callable[[str], None], least: int, longest: int, **options: Any) -> fields.String:
    checks: list[Callable[[Any], Any]] = [validate.Length(min=least, max=longest), check]
    return fields.String(validate=checks, **options)
