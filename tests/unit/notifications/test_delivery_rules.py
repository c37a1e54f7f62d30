"""Addresses as letters need them, and when silence means that nothing was sent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivery.rules import address_lines, is_absence_certain

CALLED_AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_letter_is_addressed_to_the_person():
    assert address_lines("Alex Sample", ["1 Example Street", " ", "ZZ99 3WZ "]) == [
        "Alex Sample",
        "1 Example Street",
        "ZZ99 3WZ",
    ]


def test_lines_too_many_are_joined():
    lines = address_lines("Alex", ["1", "2", "3", "4", "5", "6", "ZZ99 3WZ"])

    assert lines == ["Alex", "1", "2", "3", "4", "5, 6", "ZZ99 3WZ"]


@pytest.mark.parametrize("name", ["<b>Alex</b>", "(Al) Sample", "@alex"])
def test_a_name_that_no_letter_may_begin_with_is_kept_behind_a_word(name):
    assert address_lines(name, ["1 Example Street", "ZZ99 3WZ"])[0] == f"To {name}"


@given(lines=st.lists(st.text(alphabet="ab1 ", min_size=1), min_size=2, max_size=12))
def test_no_line_of_an_address_is_lost(lines):
    kept = [line.strip() for line in lines if line.strip()]
    if not kept:
        return

    written = address_lines("Alex", lines)

    assert len(written) <= 7
    assert ", ".join(written) == ", ".join(["Alex", *kept])


@pytest.mark.parametrize(("seconds", "is_certain"), [(0, False), (119, False), (120, True)])
def test_not_found_means_not_sent_only_after_a_while(seconds, is_certain):
    at = CALLED_AT + timedelta(seconds=seconds)

    assert is_certain == is_absence_certain(called_at=CALLED_AT, at=at, after_seconds=120)


def test_what_was_never_called_was_never_sent():
    assert is_absence_certain(called_at=None, at=CALLED_AT, after_seconds=120)
