"""Who is who, and when."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.assessment.dates import working_days_after
from services.assessment.people import rules
from shared.clock import day_in_london


@pytest.mark.parametrize("number", ["9990000018", "9996635902", "9434765919"])
def test_an_nhs_number_whose_last_digit_checks_the_others_is_one(number):
    assert rules.is_nhs_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "9990000019",  # its check digit is wrong
        "999000001",  # too short
        "99900000180",
        "999 000 0018",
        "٩٩٩٠٠٠٠٠١٨",  # digits, but not the ones a record is kept with
        "999000001x",
        "",
    ],
)
def test_what_only_looks_like_an_nhs_number_is_none(number):
    assert not rules.is_nhs_number(number)


def test_a_check_of_ten_is_no_nhs_number():
    assert not any(rules.is_nhs_number(f"999000000{digit}") for digit in range(10))


def test_a_person_known_by_either_identifier_is_one_record():
    person_id = uuid4()

    for by_nhs_number, by_council in [(person_id, None), (None, person_id), (person_id, person_id)]:
        assert (
            rules.one_record(
                by_nhs_number=by_nhs_number, by_council_client_id=by_council, is_contradicted=False
            )
            == person_id
        )


def test_a_person_nobody_knows_is_new():
    found = rules.one_record(by_nhs_number=None, by_council_client_id=None, is_contradicted=False)

    assert found is None


def test_identifiers_of_two_people_are_a_question_for_a_human():
    with pytest.raises(rules.IdentityUncertainError):
        rules.one_record(by_nhs_number=uuid4(), by_council_client_id=uuid4(), is_contradicted=False)


def test_a_council_id_that_belongs_to_another_nhs_number_is_a_question_for_a_human():
    with pytest.raises(rules.IdentityUncertainError):
        rules.one_record(by_nhs_number=None, by_council_client_id=uuid4(), is_contradicted=True)


def test_nobody_is_born_tomorrow():
    rules.check_birth_date(date(2026, 11, 24), today=date(2026, 11, 24))

    with pytest.raises(rules.BirthDateInFutureError):
        rules.check_birth_date(date(2026, 11, 25), today=date(2026, 11, 24))


def test_the_date_is_the_one_in_london():
    assert day_in_london(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("working_days", "due_on"),
    [
        (0, date(2026, 11, 27)),
        (1, date(2026, 11, 30)),
        (2, date(2026, 12, 1)),
        (6, date(2026, 12, 7)),
    ],
)
def test_a_weekend_is_no_working_day(working_days, due_on):
    friday = date(2026, 11, 27)

    assert working_days_after(friday, working_days=working_days) == due_on
