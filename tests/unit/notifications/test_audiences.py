"""Who hears beside the person, and when colleagues are written to."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from services.notifications.audiences.rules import Acting, Concern, may_hear
from services.notifications.choices.rules import WORKING_HOURS, next_opening

TODAY = date(2026, 11, 24)
ROBIN = UUID(int=7)


def acting(**changed):
    known = {
        "representative_id": ROBIN,
        "kind": "attorney",
        "name": "Robin Example",
        "scopes": ["receive_messages"],
        "starts_on": date(2026, 11, 1),
        "ends_on": None,
        "email": "robin@example.org",
        "mobile": None,
    }
    return Acting(**(known | changed))


def hears(one, concern=Concern.OTHER, copied=()):
    return may_hear(one, concern=concern, on_day=TODAY, copied=copied)


@pytest.mark.parametrize(
    ("scopes", "heard"),
    [
        (["receive_messages"], {"money", "plan", "other"}),
        (["manage_money"], {"money"}),
        (["sign_plan"], {"plan"}),
        (["manage_money", "sign_plan"], {"money", "plan"}),
        (["speak_for"], set()),
        (["of_a_later_release"], set()),
        ([], set()),
    ],
)
def test_what_a_representative_hears_follows_from_their_scopes(scopes, heard):
    assert {one for one in Concern if hears(acting(scopes=scopes), one)} == heard


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_heard"),
    [
        (TODAY, None, True),
        (date(2026, 11, 25), None, False),
        (date(2026, 11, 1), TODAY, True),
        (date(2026, 11, 1), date(2026, 11, 23), False),
    ],
)
def test_an_appointment_counts_from_its_first_day_to_its_last(starts_on, ends_on, is_heard):
    assert hears(acting(starts_on=starts_on, ends_on=ends_on)) is is_heard


@pytest.mark.parametrize(
    ("kind", "is_by_itself"),
    [
        ("attorney", True),
        ("deputy", True),
        ("nominee", False),
        ("advocate", False),
        ("appointee", False),
        ("executor", False),
        ("of_a_later_release", False),
    ],
)
def test_without_a_legal_power_the_person_must_have_chosen_it(kind, is_by_itself):
    assert hears(acting(kind=kind)) is is_by_itself
    assert hears(acting(kind=kind), copied={ROBIN})
    assert hears(acting(kind=kind), copied={uuid4()}) is is_by_itself


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (datetime(2026, 11, 24, 9, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 16, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 8, 59, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)),
        (datetime(2026, 11, 24, 17, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)),
        (datetime(2026, 11, 27, 17, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)),  # Friday
        (datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC)),
        (datetime(2026, 12, 24, 17, tzinfo=UTC), datetime(2026, 12, 29, 9, tzinfo=UTC)),
        (datetime(2026, 7, 1, 7, 30, tzinfo=UTC), datetime(2026, 7, 1, 8, tzinfo=UTC)),  # summer
    ],
)
def test_colleagues_are_written_to_in_working_hours(at, opens):
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}

    assert next_opening(WORKING_HOURS, at=at, bank_holidays=holidays) == opens
