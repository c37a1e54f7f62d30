"""Letters that come as a PDF, and the PDF of those that come as words."""

import base64
import binascii
import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from simulators.notify.errors import ApiError
from simulators.notify.keys import ApiKey, KeyType
from simulators.notify.messages import CallbackPlan, Message, Status
from simulators.notify.templates import Channel, Template

PRECOMPILED = Template(
    template_id=UUID("5a1b0c3e-0000-4000-8000-000000000004"),
    channel=Channel.LETTER,
    name="Pre-compiled PDF",
    subject="Pre-compiled PDF",
    body="",
)
ADDRESSEE = "Provided as PDF"
VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
LINE_CHARACTERS = 84
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def compose(body: Mapping[str, Any], *, key: ApiKey, at: datetime) -> Message:
    """Make the letter that a request brings as a PDF.

    It waits for the scan for viruses first; what is no PDF, or holds the test virus of
    antivirus programs, ends there.

    Raises:
        ApiError: 400, not base64; 403, a team key.
    """
    check_key(key)
    try:
        pdf = base64.b64decode(body["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        message = "Cannot decode letter content (invalid base64 encoding)"
        raise ApiError.bad_request(message) from error
    return Message(
        message_id=uuid4(),
        channel=Channel.LETTER,
        key_type=key.key_type,
        recipient=ADDRESSEE,
        normalised_recipient=ADDRESSEE.lower(),
        address_lines=(),
        template=PRECOMPILED,
        reference=body["reference"],
        subject=PRECOMPILED.subject,
        body="",
        one_click_unsubscribe_url=None,
        created_at=at,
        status=Status.PENDING_VIRUS_CHECK,
        outcome=_outcome(pdf),
        callback=CallbackPlan.NONE,
        pdf=pdf,
        postage=body.get("postage", "second"),
    )


def check_key(key: ApiKey) -> None:
    """Refuse a key that sends no letters.

    Raises:
        ApiError: 403, a team key.
    """
    if key.key_type is KeyType.TEAM:
        message = "Cannot send letters with a team api key"
        raise ApiError.bad_request(message, status_code=403)


def answer(message: Message) -> dict[str, Any]:
    """Write the 201 answer to a letter that came as a PDF."""
    return {
        "id": str(message.message_id),
        "reference": message.reference,
        "postage": message.postage,
    }


def pdf_of(message: Message) -> bytes:
    """Return a letter's PDF.

    Raises:
        ApiError: 400, it is no letter, or there is no PDF of it yet, or none at all.
    """
    if message.channel is not Channel.LETTER:
        raise ApiError.bad_request("Notification is not a letter")
    if message.status is Status.PENDING_VIRUS_CHECK:
        raise ApiError.of(400, "PDFNotReadyError", "PDF not available yet, try again later")
    if message.status is Status.VIRUS_SCAN_FAILED:
        raise ApiError.bad_request("File did not pass the virus scan")
    if message.status is Status.VALIDATION_FAILED:
        raise ApiError.bad_request("PDF not available for letters in status validation-failed")
    if message.pdf is not None:
        return message.pdf
    return printed([*message.address_lines, "", message.subject or "", "", message.body])


def printed(paragraphs: Sequence[str]) -> bytes:
    """Print paragraphs on one page, so that there is something to look at."""
    lines = [
        line
        for paragraph in paragraphs
        for words in paragraph.split("\n")
        for line in textwrap.wrap(words, LINE_CHARACTERS) or [""]
    ]
    shown = b"".join(b"(" + _escaped(line) + b")'\n" for line in lines)
    text = b"BT /F 11 Tf 14 TL 60 780 Td\n" + shown + b"ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE,
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        FONT,
    )
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    )


def _escaped(line: str) -> bytes:
    plain = line.encode("cp1252", errors="replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _outcome(pdf: bytes) -> Status:
    if VIRUS in pdf:
        return Status.VIRUS_SCAN_FAILED
    if not (pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-1024:]):
        return Status.VALIDATION_FAILED
    return Status.RECEIVED
