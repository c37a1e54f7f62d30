from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.payments import addresses
from services.payments.addresses import AddressOverError, NoSuchAddressError, Purpose
from services.payments.receipt_files.rules import media_type_of
from services.payments.receipts import rules
from services.payments.receipts.commands import MediaType
from services.payments.receipts.restricted_words import LISTS, Flag, flag_of

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
TODAY = AT.date()


@pytest.mark.parametrize(
    ("description", "flag"),
    [
        ("House Red WINE 75cl", Flag.ALCOHOL),
        ("Gin & tonic", Flag.ALCOHOL),
        ("20 Cigarettes", Flag.TOBACCO),
        ("e-cigarette refill", Flag.TOBACCO),
        ("E cigarette refill", Flag.TOBACCO),
        ("White wine vinegar", None),
        ("Wine gums 190g", None),
        ("Ginger beer", None),
        ("Alcohol-free lager", Flag.ALCOHOL),  # a question too many is asked, and answered
        ("Alcohol wipes", None),
        ("Original paint set", None),
        ("Engine oil", None),
        ("", None),
    ],
)
def test_words_raise_a_question_as_whole_words_and_not_in_what_is_harmless(description, flag):
    assert flag_of(description, on=TODAY) == flag


def test_before_the_first_list_nothing_is_asked():
    first = min(one.since for one in LISTS)

    assert flag_of("Vodka", on=first) is Flag.ALCOHOL
    assert flag_of("Vodka", on=first - timedelta(days=1)) is None
    assert flag_of("Vodka", on=date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("beginning", "media_type"),
    [
        (b"%PDF-1.7\n", MediaType.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", MediaType.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", MediaType.PNG),
        (b"II*\x00\x08\x00\x00\x00", MediaType.TIFF),
        (b"MM\x00*\x00\x00\x00\x08", MediaType.TIFF),
        (b"\x89PNG\r\n\x1a\n", None),
        (b" %PDF-1.7", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"<svg xmlns=", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(beginning, media_type):
    assert media_type_of(beginning) == media_type


def test_an_address_is_good_for_its_purpose_until_its_end_and_cannot_be_made_up():
    address_id = uuid4()
    until = AT + timedelta(minutes=30)
    token = addresses.address_of(address_id, Purpose.UPLOAD, expires_at=until).split("/")[-1]

    assert addresses.read(token, Purpose.UPLOAD, at=until) == address_id
    with pytest.raises(AddressOverError):
        addresses.read(token, Purpose.UPLOAD, at=until + timedelta(seconds=1))
    identity, end, signature = token.split(".")
    other = "0" if signature[0] != "0" else "1"
    for forged in (
        f"{identity}.{int(end) + 1}.{signature}",
        f"{uuid4().hex}.{end}.{signature}",
        f"{identity}.{end}.{other}{signature[1:]}",
        f"{identity}.{end}",
        "é" * 32,
        "",
    ):
        with pytest.raises(NoSuchAddressError):
            addresses.read(forged, Purpose.UPLOAD, at=AT)
    with pytest.raises(NoSuchAddressError):
        addresses.read(token, Purpose.READ, at=AT)


@pytest.mark.parametrize(
    ("is_completed", "shown", "excused", "expected"),
    [
        (True, 35_00, False, True),
        (True, 34_99, False, False),
        (True, 0, True, True),
        (False, 35_00, False, False),
        (False, 0, True, False),
    ],
)
def test_what_was_bought_is_evidenced_when_all_of_it_is_shown(
    is_completed, shown, excused, expected
):
    assert (
        rules.is_evidenced(
            is_completed=is_completed, shown_pence=shown, cost_pence=35_00, is_excused=excused
        )
        is expected
    )


def test_a_receipt_is_asked_for_on_its_days_and_looked_at_in_the_end():
    due = {day: rules.reminders_due(AT, at=AT + timedelta(days=day)) for day in (0, 6, 7, 14, 28)}

    assert due == {0: 0, 6: 0, 7: 1, 14: 2, 28: 3}
    assert not rules.is_review_due(AT, at=AT + timedelta(days=34))
    assert rules.is_review_due(AT, at=AT + timedelta(days=35))


def test_lines_come_to_the_amount_or_are_none():
    rules.check_lines([], amount_pence=5)
    rules.check_lines([10, -5], amount_pence=5)
    with pytest.raises(rules.LinesDoNotAddUpError):
        rules.check_lines([10], amount_pence=5)
