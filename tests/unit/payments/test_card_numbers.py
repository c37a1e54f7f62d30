"""Card numbers are found however they are written, and what is none is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.payments.card_numbers import (
    BRANDS,
    REMOVED,
    has_card_number,
    is_card_number,
    is_proved,
    without_card_numbers,
)
from services.payments.issuer_events.rules import scrubbed
from services.payments.words import reference_field, words_field

# The networks' own test numbers.
KNOWN = (
    "4242424242424242",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "36227206271667",
    "6011111111111117",
    "3566002020360505",
    "6205500000000000004",
    "6759649826438453",
)


@st.composite
def card_numbers(draw):
    first, last, lengths = draw(st.sampled_from(BRANDS))
    length = draw(st.sampled_from(sorted(lengths)))
    prefix = str(draw(st.integers(int(first), int(last))))
    rest = length - len(prefix) - 1
    body = prefix + draw(st.text("0123456789", min_size=rest, max_size=rest))
    return next(body + digit for digit in "0123456789" if is_proved(body + digit))


# Between two digits, as people write them.
separators = st.sampled_from(
    ["", " ", "-", ".", "  ", " - ", "\u00a0", "\u2013", "\u2009", "\u200b"]
)
# What stands around it: no digit, or the number would be another one.
surroundings = st.text(st.characters(exclude_categories=["N"], exclude_characters=" .-\t"))


@pytest.mark.parametrize("number", KNOWN)
def test_the_networks_test_numbers_are_card_numbers(number):
    assert is_card_number(number)
    assert has_card_number(f"Pay with {number}, please")


@given(number=card_numbers(), before=surroundings, after=surroundings, data=st.data())
def test_a_number_is_found_however_its_digits_are_spaced(number, before, after, data):
    spaced = "".join(digit + data.draw(separators) for digit in number[:-1]) + number[-1]

    assert has_card_number(f"{before}{spaced}{after}")


@given(number=card_numbers())
def test_a_number_in_another_scripts_digits_is_found(number):
    fullwidth = "".join(chr(ord("\uff10") + int(digit)) for digit in number)
    arabic = "".join(chr(ord("\u0660") + int(digit)) for digit in number)

    assert has_card_number(fullwidth)
    assert has_card_number(arabic)


@given(number=card_numbers())
def test_a_number_beside_other_groups_of_digits_is_found(number):
    in_fours = " ".join(number[at : at + 4] for at in range(0, len(number), 4))

    assert has_card_number(f"12 11 2026 {in_fours} 123")


@given(number=card_numbers(), place=st.integers(0, 11), step=st.integers(1, 9))
def test_a_number_with_one_digit_wrong_is_none(number, place, step):
    wrong = str((int(number[place]) + step) % 10)

    assert not is_card_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "999 270 8069",  # an NHS number
        "20-00-00 55779911",  # a sort code and an account
        "Invoice 2026-11-1234 of 12.11.2026",
        "07700 900628",
        "2026-11-26T03:20:27",
        "4242",
        "42424242424242424242424242424242",  # too long for any card
        "Riding lessons at the \u2167th farm, \u00bd price",
    ],
)
def test_what_people_write_is_left_alone(text):
    assert not has_card_number(text)


def test_of_random_digits_few_are_called_card_numbers():
    chance = random.Random(6)
    shares = {
        length: sum(
            is_card_number("".join(chance.choices("0123456789", k=length))) for _ in range(20_000)
        )
        / 20_000
        for length in (10, 11, 13, 14, 15, 16, 19)
    }

    assert shares[10] == shares[11] == 0
    assert max(shares[14], shares[15]) < 0.005
    assert max(shares[13], shares[16], shares[19]) < 0.03


def test_a_text_with_a_card_number_is_refused_and_nothing_of_it_is_shown():
    with pytest.raises(ValidationError) as refusal:
        words_field(longest=200).deserialize("Use 4242 4242 4242 4242")

    (said,) = refusal.value.messages
    assert said.startswith("card_number_not_accepted: ")
    assert "4242" not in said


@pytest.mark.parametrize("number", KNOWN)
def test_an_id_may_look_like_anything_and_is_no_card_number(number):
    field = reference_field(longest=200)
    padded = f"{number:0<32}"

    for id_ in (f"ipi_1a{number}", f"a{padded[:7]}-4242-4242-4242-{padded[-12:]}"):
        assert field.deserialize(id_) == id_
    for none in (number, f"ipi {number}", f"ipi_{number}"):
        with pytest.raises(ValidationError):
            field.deserialize(none)


def test_the_name_of_a_file_is_looked_at_too():
    field = words_field(longest=200)

    with pytest.raises(ValidationError):
        field.deserialize("scan_5555555555554444.jpg")
    assert field.deserialize("IMG_20261126_101500.jpg") == "IMG_20261126_101500.jpg"


@given(number=card_numbers())
def test_nothing_of_a_document_keeps_a_card_number(number):
    document = {
        "id": "iauth_1a2b3c4d5e6f7a8b9c0d1e2f",
        "merchant_data": {"name": f"SHOP {number} 123"},
        "metadata": {number: "a key", "note": [number, int(number)]},
        "amount": 3500,
        "livemode": False,
    }

    kept = without_card_numbers(document)

    assert kept == {
        "id": "iauth_1a2b3c4d5e6f7a8b9c0d1e2f",
        "merchant_data": {"name": REMOVED},
        "metadata": {"note": [REMOVED, REMOVED]},
        "amount": 3500,
        "livemode": False,
    }


@given(number=card_numbers())
def test_an_objects_id_stays_whatever_it_looks_like(number):
    uuid = f"a{number:0<7.7}-4242-4242-4242-{number:0<12.12}"
    document = {"id": f"iauth_1a{number}", "token": uuid}

    assert without_card_numbers(document) == document


def test_an_issuers_event_is_kept_without_a_number_planted_in_a_shops_name():
    event = {"data": {"object": {"merchant_data": {"name": "PAY 4242-4242-4242-4242"}}}}

    assert scrubbed(event) == {"data": {"object": {"merchant_data": {"name": REMOVED}}}}
