"""Letters laid down in a folder: once, and whole."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from services.notifications.delivery.rules import Outgoing
from services.notifications.letter_folder import POSTED, LetterFolder
from services.notifications.provider_settings import LetterFolderSettings
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError


@pytest.fixture
def letters(tmp_path):
    return LetterFolder(LetterFolderSettings(folder=tmp_path))


def a_letter(**changed):
    written = {"subject": "Your budget", "body": "Dear Ada", "pdf": b"%PDF-1.7 one"}
    address = ["Ada Moss", "1 Mill Lane", "ZZ99 3WZ"]
    return Outgoing(
        **{"reference": str(uuid4()), "channel": "letter", "to": address, **written, **changed}
    )


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_letter_lies_under_its_reference_for_its_owner_alone(letters, tmp_path):
    letter = a_letter()
    assert letters.find(letter.reference) is None

    name = letters.send(letter)

    assert names(tmp_path) == [name] == [f"{letter.reference}.pdf"]
    assert (tmp_path / name).read_bytes() == letter.pdf
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert letters.find(letter.reference) == name
    assert letters.status(name) == "delivered"
    assert letters.status("another.pdf") is None


def test_a_letter_laid_down_again_stays_as_it_was(letters, tmp_path):
    letter = a_letter()
    name = letters.send(letter)

    assert letters.send(a_letter(reference=letter.reference, pdf=b"%PDF-1.7 two")) == name

    assert (tmp_path / name).read_bytes() == letter.pdf


def test_a_letter_that_was_posted_is_not_laid_down_again(letters, tmp_path):
    letter = a_letter()
    name = letters.send(letter)
    (tmp_path / POSTED).mkdir()
    (tmp_path / name).rename(tmp_path / POSTED / name)

    assert letters.find(letter.reference) == name
    assert letters.status(name) == "delivered"
    letters.send(letter)
    assert names(tmp_path) == [POSTED]


def test_of_many_at_once_one_lays_it_down(letters, tmp_path):
    letter = a_letter(pdf=b"%PDF" * 10_000)
    with ThreadPoolExecutor(8) as workers:
        laid_down = list(workers.map(letters.send, [letter] * 8))

    assert set(laid_down) == {f"{letter.reference}.pdf"}
    assert names(tmp_path) == [f"{letter.reference}.pdf"]
    assert (tmp_path / f"{letter.reference}.pdf").read_bytes() == letter.pdf


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"pdf": None}, "letter_without_pdf"),
        ({"channel": "email"}, "letter_without_pdf"),
        ({"reference": "../elsewhere"}, "letter_reference_unfit"),
        ({"reference": ""}, "letter_reference_unfit"),
    ],
)
def test_what_is_no_letter_is_refused_and_leaves_nothing(letters, tmp_path, changed, reason):
    with pytest.raises(RefusedOutsideError, match=reason):
        letters.send(a_letter(**changed))

    assert names(tmp_path) == []


def test_without_its_folder_nothing_is_sent_and_nothing_known(tmp_path):
    letters = LetterFolder(LetterFolderSettings(folder=tmp_path / "gone"))

    with pytest.raises(NotSentError):
        letters.send(a_letter())
    with pytest.raises(OutcomeUnknownError):
        letters.find(str(uuid4()))
    with pytest.raises(OutcomeUnknownError):
        letters.status("one.pdf")


def test_a_letter_that_finds_no_room_is_not_there_in_part(letters, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    letter = a_letter()

    with pytest.raises(NotSentError):
        letters.send(letter)

    assert names(tmp_path) == []
    assert letters.find(letter.reference) is None
