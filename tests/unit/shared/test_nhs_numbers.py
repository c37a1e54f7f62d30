"""An NHS number that an event tells is one, or the event is not understood."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from nhs_number.validate import is_valid

from shared.contracts.assessment.people import ContactDetailsChangedSchema
from shared.contracts.nhs_number import is_nhs_number

KNOWN = "9990000018"
ten_digits = st.integers(min_value=0, max_value=9_999_999_999).map("{:010}".format)


def contact_details(**told):
    return {
        "event_id": str(uuid4()),
        "occurred_at": "2026-11-24T10:00:00+00:00",
        "person_id": str(uuid4()),
        "version": 1,
        "given_name": "Alex",
        "family_name": "Sample",
        "language": "en",
        "is_interpreter_required": False,
        "accessible_format": None,
        "mobile": None,
        "email": None,
        "address_lines": [],
        "preferred_channel": "letter",
        "is_safe_to_text": False,
        **told,
    }


def number_in(**told):
    return ContactDetailsChangedSchema().load(contact_details(**told)).nhs_number


@given(ten_digits)
def test_the_last_digit_checks_the_others_as_the_package_for_it_says(number):
    """Which also wants a date of birth at the start of Scotland's numbers, below 32..."""
    if is_valid(number):
        assert is_nhs_number(number)
    if number >= "32":
        assert is_nhs_number(number) == is_valid(number)


@given(ten_digits.filter(is_nhs_number), st.integers(0, 9), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(number, place, digit):
    slip = number[:place] + digit + number[place + 1 :]

    assert is_nhs_number(slip) == (slip == number)


def test_a_number_is_told_or_not():
    assert number_in(nhs_number=KNOWN) == KNOWN
    assert number_in(nhs_number=None) is None
    assert number_in() is None


@pytest.mark.parametrize(
    "wrong",
    [
        "9990000019",
        "999000001",
        "99900000180",
        "999 000 0018",
        "999000001X",
        "٩٩٩٠٠٠٠٠١٨",
        f"{KNOWN}\n",
        "",
        9990000018,
    ],
)
def test_what_is_no_number_is_refused_and_not_repeated(wrong):
    with pytest.raises(ValidationError) as refused:
        number_in(nhs_number=wrong)

    assert list(refused.value.normalized_messages()) == ["nhs_number"]
    assert "99" not in str(refused.value.normalized_messages())
