"""What is taken, how long an address is good, and what a file is by its first bytes.

Four signatures, each fixed by its format's standard. The `filetype` library knows some eighty
kinds that would all have to be refused again, and was last released in 2022: this is less to
trust.
"""

from datetime import timedelta

from services.payments.receipts.commands import MediaType
from shared.errors import Refusal

LARGEST_FILE_BYTES = 10 * 1024 * 1024
ADDRESS_IS_GOOD_FOR = timedelta(minutes=30)

SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", MediaType.PDF),  # ISO 32000-2, 7.5.2
    (b"\xff\xd8\xff", MediaType.JPEG),  # ISO/IEC 10918-1, B.1.1.3: SOI, then a marker
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", MediaType.PNG),  # ISO/IEC 15948, 5.2 and 11.2.2
    (b"II*\x00", MediaType.TIFF),  # TIFF 6.0, section 2
    (b"MM\x00*", MediaType.TIFF),
)
LONGEST = max(len(signature) for signature, _ in SIGNATURES)


class FileKeptError(Refusal):
    """The receipt's file is here already."""

    code = "file_kept"
    next_step = "Read it with `ask_receipt`; another file is another receipt, with its own id."


class NoFileError(Refusal):
    """Of this receipt only the digest is known here."""

    code = "no_file"
    next_step = "Ask for an address with `ask_upload` and send the file there."


class DigestDiffersError(Refusal):
    """The file that came is not the one that was announced."""

    code = "digest_differs"
    next_step = "Send the file whose SHA-256 was given, or ask again with the right one."


def media_type_of(beginning: bytes) -> MediaType | None:
    """Return what a file is that begins so; None: nothing that is taken."""
    for signature, media_type in SIGNATURES:
        if beginning.startswith(signature):
            return media_type
    return None
