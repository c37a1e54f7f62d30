"""Letters that we print ourselves: whose they are, and that they reach who posts them."""

import io
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from services.notifications.delivery.rules import Accepted, NotCalled
from services.notifications.errands import Sending
from services.notifications.from_budget import subscribers as budget
from services.notifications.letter_folder import LetterFolder
from services.notifications.provider_settings import LetterFolderSettings
from tests.integration.notifications import facts


@pytest.fixture
def written(known, hear, messages):
    """Have one letter that waits, to somebody with these needs."""

    def write(**needs):
        known(preferred_channel="letter", **needs)
        hear((budget.tell_refund, facts.refund_posted()))
        return messages()[0]

    return write


@pytest.fixture
def send_by_folder(transaction, tmp_path, suite_clock):
    """Send a delivery as an errand does, by the folder of letters."""
    folder = LetterFolder(LetterFolderSettings(folder=tmp_path))
    sending = Sending(
        sessions=SimpleNamespace(begin=transaction),
        provider_of=lambda *_whom, **_how: folder.name,
        providers={folder.name: folder},
        trust_absence_after_seconds=0,
    )

    def send(delivery_id):
        return sending.call(delivery_id, {"delivery_id": str(delivery_id)}), tmp_path

    return send


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_an_ordinary_letter_is_set_by_who_posts_it(written, claim):
    assert claim(written()).letter is None


@pytest.mark.parametrize(
    ("needs", "points"),
    [
        ({"accessible_format": "large_print"}, 18),
        ({"accessible_format": "easy_read"}, 16),
        ({"language": "ar"}, 12),
    ],
)
def test_a_letter_that_others_cannot_set_is_printed_by_us(written, claim, needs, points):
    outgoing = claim(written(**needs))

    assert outgoing.letter.points == points
    assert outgoing.letter.address == ("Alex Sample", "1 Example Street", "Exampleton", "ZZ99 3WZ")


def test_a_letter_is_not_set_large_for_somebody_who_needs_that_no_more(written, claim, known, now):
    message = written(accessible_format="large_print")
    known(version=2, preferred_channel="letter")

    assert claim(message) == NotCalled()

    assert claim(now(message)).letter is None


def test_what_is_printed_is_what_is_kept_of_it(written, claim, hear, now, known):
    message = written(accessible_format="large_print")
    assert message.delivery.body.startswith("Dear Alex Sample,")
    known(version=2, given_name="Alexa", accessible_format="large_print")

    outgoing = claim(message)

    assert outgoing.letter.blocks[0].lines == ("Dear Alexa Sample,",)
    assert now(message).delivery.body.startswith("Dear Alexa Sample,")
    assert outgoing.body == now(message).delivery.body


def test_a_folder_gets_every_letter_printed(written, send_by_folder):
    delivery_id = written().delivery_id

    answer, folder = send_by_folder(delivery_id)

    assert answer == Accepted(provider_id=f"{delivery_id}.pdf")
    text = text_of((folder / f"{delivery_id}.pdf").read_bytes())
    assert "You have £20.00 back in your budget." in text


def test_a_format_that_we_do_not_have_becomes_a_task(written, messages):
    message = written(accessible_format="braille")

    assert (message.state, message.reason) == ("failed", "cannot_be_said")
