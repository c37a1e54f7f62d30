"""Who is who, and when."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.assessment.dates import working_days_after
from services.assessment.people import identifiers, rules
from services.assessment.people.identifiers import IdentifierKind
from services.assessment.people.schemas import NhsNumber
from shared.clock import day_in_london
from shared.contracts.sealing import BrokenSealError


@pytest.mark.parametrize(
    "number", ["9990000018", "9996635902", "9434765919", "999 000 0018", "943 476 5919"]
)
def test_an_nhs_number_whose_last_digit_checks_the_others_is_one(number):
    assert NhsNumber().deserialize(number) == number.replace(" ", "")


@pytest.mark.parametrize(
    "number",
    [
        "9990000019",  # its check digit is wrong
        "999000001",  # too short
        "99900000180",
        "٩٩٩٠٠٠٠٠١٨",  # digits, but not the ones a record is kept with
        "999000001x",
        "",
        *(f"999000000{digit}" for digit in range(10)),  # a check of ten is no number
    ],
)
def test_what_only_looks_like_an_nhs_number_is_none(number):
    with pytest.raises(ValidationError) as refused:
        NhsNumber().deserialize(number)
    assert number not in str(refused.value) or not number


def test_numbers_for_tests_belong_to_nobody_in_production(monkeypatch):
    monkeypatch.setenv("COMMONPURSE_ENVIRONMENT", "production")

    assert NhsNumber().deserialize("9434765919") == "9434765919"
    with pytest.raises(ValidationError, match="for tests"):
        NhsNumber().deserialize("9990000018")


def test_a_person_known_by_either_identifier_is_one_record():
    person_id = uuid4()

    for by_nhs_number, by_council in [(person_id, None), (None, person_id), (person_id, person_id)]:
        match = rules.one_record(
            by_nhs_number=by_nhs_number, by_council_client_id=by_council, is_contradicted=False
        )
        assert match == rules.Match(person_id=person_id, uncertain=frozenset())


def test_a_person_nobody_knows_is_new():
    found = rules.one_record(by_nhs_number=None, by_council_client_id=None, is_contradicted=False)

    assert found == rules.Match(person_id=None, uncertain=frozenset())


@pytest.mark.parametrize(
    ("by_nhs_number", "is_contradicted"), [(uuid4, False), (lambda: None, True)]
)
def test_identifiers_of_two_people_are_nobodys_until_a_human_answers(
    by_nhs_number, is_contradicted
):
    one, other = by_nhs_number(), uuid4()

    found = rules.one_record(
        by_nhs_number=one, by_council_client_id=other, is_contradicted=is_contradicted
    )

    assert found.person_id is None
    assert found.uncertain == {one, other} - {None}


def test_two_ways_of_writing_a_name_are_alike_and_two_names_are_not():
    def like(given, family, postcode):
        return rules.likeness(
            given_name=given, family_name=family, address_lines=["1 Street", postcode]
        )

    assert like("Siân", "O'Neil", "ZZ99 3WZ") == like("SIÂN ", "ONeil", "zz993wz")
    assert like("Siân", "O'Neil", "ZZ99 3WZ") != like("Sian", "O'Neil", "ZZ99 3WZ")
    assert like("Siân", "O'Neil", "ZZ99 3WZ") != like("Siân", "O'Neil", "ZZ99 3VZ")


@pytest.mark.parametrize(
    ("is_said_safe", "is_known_safe", "is_safe"),
    [
        (True, None, True),
        (False, None, False),
        (True, True, True),
        (True, False, False),
        (False, True, False),
    ],
)
def test_a_referral_never_opens_a_way_that_the_person_closed(is_said_safe, is_known_safe, is_safe):
    assert rules.narrowed(is_said_safe=is_said_safe, is_known_safe=is_known_safe) is is_safe


def test_not_asked_is_not_the_same_as_not_stated():
    assert rules.ETHNIC_CATEGORIES[rules.NOT_ASKED] != rules.ETHNIC_CATEGORIES["Z"]
    assert len(rules.ETHNIC_CATEGORIES) == 16 + 1 + 1


def test_an_identifier_opens_in_the_record_it_was_sealed_for_and_nowhere_else():
    kind, person_id = IdentifierKind.NHS_NUMBER, uuid4()
    sealed = identifiers.seal(kind, "9990000018", person_id=person_id)

    assert b"9990000018" not in sealed
    assert identifiers.unseal(kind, sealed, person_id=person_id) == "9990000018"
    for other_kind, other_id in [
        (kind, uuid4()),
        (IdentifierKind.COUNCIL_CLIENT_ID, person_id),
    ]:
        with pytest.raises(BrokenSealError):
            identifiers.unseal(other_kind, sealed, person_id=other_id)


def test_an_index_finds_the_same_identifier_and_no_other():
    kind = IdentifierKind.NHS_NUMBER
    index = identifiers.blind_index(kind, "9990000018")

    assert index == identifiers.blind_index(kind, "9990000018")
    assert index != identifiers.blind_index(kind, "9990000026")
    assert index != identifiers.blind_index(IdentifierKind.COUNCIL_CLIENT_ID, "9990000018")


@pytest.mark.parametrize("key", ["c2hvcnQ=", "no base64!"])
def test_an_index_needs_a_key_of_its_size(monkeypatch, key):
    monkeypatch.setenv(identifiers.INDEX_SETTING, key)

    with pytest.raises(identifiers.BadIndexKeyError):
        identifiers.blind_index(IdentifierKind.NHS_NUMBER, "9990000018")


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
