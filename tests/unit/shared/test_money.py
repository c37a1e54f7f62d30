"""Money divided and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import divide, pounds

amounts = st.integers(0, 10**12)
weights = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 10**9), min_size=1
).filter(lambda named: any(named.values()))


@pytest.mark.parametrize(
    ("amount_pence", "shown"),
    [
        (0, "£0.00"),
        (5, "£0.05"),
        (123_405, "£1,234.05"),
        (-10, "-£0.10"),
        (-100_000_000, "-£1,000,000.00"),
    ],
)
def test_an_amount_reads_as_people_write_it(amount_pence, shown):
    assert pounds(amount_pence) == shown


@given(amount_pence=amounts, weights=weights)
def test_the_parts_of_an_amount_add_up_to_it(amount_pence, weights):
    parts = divide(amount_pence=amount_pence, weights=weights)

    assert sum(parts.values()) == amount_pence
    assert set(parts) == set(weights)


@given(amount_pence=amounts, weights=weights)
def test_every_part_is_its_exact_part_rounded_down_or_up(amount_pence, weights):
    parts = divide(amount_pence=amount_pence, weights=weights)

    total = sum(weights.values())
    for name, weight in weights.items():
        assert abs(parts[name] * total - amount_pence * weight) < total


@given(amount_pence=amounts, weights=weights)
def test_who_has_no_weight_gets_nothing(amount_pence, weights):
    parts = divide(amount_pence=amount_pence, weights={**weights, "nobody": 0})

    assert parts["nobody"] == 0


@given(amount_pence=amounts, weights=weights)
def test_the_order_of_the_names_decides_nothing(amount_pence, weights):
    reversed_weights = dict(reversed(weights.items()))

    assert divide(amount_pence=amount_pence, weights=weights) == divide(
        amount_pence=amount_pence, weights=reversed_weights
    )


@pytest.mark.parametrize(
    ("weights", "parts"),
    [
        ({"a": 1, "b": 2}, {"a": 0, "b": 1}),  # the largest remainder
        ({"b": 1, "a": 1}, {"b": 0, "a": 1}),  # alike: the first in the alphabet
        ({"a": 2, "b": 6, "c": 4, "d": 0}, {"a": 0, "b": 1, "c": 0, "d": 0}),
    ],
)
def test_the_odd_penny_goes_to_the_largest_remainder(weights, parts):
    assert divide(amount_pence=1, weights=weights) == parts


def test_of_equal_remainders_the_larger_weight_gets_the_odd_penny():
    assert divide(amount_pence=2, weights={"a": 1, "b": 3}) == {"a": 0, "b": 2}
