"""The files of receipts: each encrypted, under the SHA-256 of what it holds, in a directory.

A file is a header (sixteen random bytes, its own name) and pieces of at most 64 KiB, each sealed
with AES-256-GCM under ``PAYMENTS_RECEIPTS_KEYS`` (a list as ``COMMONPURSE_SEALING_KEYS`` is, and
rotated likewise) and bound to the name, to its place and to being the last or not: pieces that
are changed, moved, cut off or put from another file do not open. Reading first goes through the
whole and compares the digest, so nothing of a wrong file is ever sent.
"""

import hashlib
import os
import secrets
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.payments.receipt_files import rules
from services.payments.receipts.commands import MediaType
from shared.contracts import sealing
from shared.errors import Refusal

KEYS_SETTING = "PAYMENTS_RECEIPTS_KEYS"
NAME_BYTES = 16
PIECE_BYTES = 64 * 1024
_LENGTH = struct.Struct(">I")


class FileTooLargeError(Refusal):
    """The file is larger than a receipt may be."""

    code = "file_too_large"
    next_step = "Send a smaller file: a photograph of less detail will do."


class FileTypeNotTakenError(Refusal):
    """By its content it is no PDF, JPEG, PNG or TIFF, or not what its sender calls it."""

    code = "file_type_not_taken"
    next_step = "Send the receipt as PDF, JPEG, PNG or TIFF, and call it what it is."


class BrokenFileError(Exception):
    """What lies under a digest is not the file that was put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that came in whole, and is not kept yet."""

    unfinished: Path
    sha256: str
    size_bytes: int
    media_type: MediaType


class ReceiptStore:
    """One directory of receipts' files."""

    def __init__(self, directory: str) -> None:
        self._directory = Path(directory)

    def receive(
        self, read: Callable[[int], bytes], *, called: str, see_that_it_goes_on: Callable[[], None]
    ) -> Received:
        """Take in a file, checked while it comes: at most two pieces of it are in memory.

        Args:
            read: gives so many bytes at most, and none at the end.
            called: the media type that its sender says, or nothing.
            see_that_it_goes_on: raises when it takes too long.

        Raises:
            FileTooLargeError, FileTypeNotTakenError: it is not taken; nothing of it stays.
        """
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._directory / f"unfinished-{secrets.token_hex(8)}"
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                sha256, size_bytes, media_type = _written(
                    _checked(_pieces(read), called, see_that_it_goes_on), file
                )
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return Received(
            unfinished=unfinished, sha256=sha256, size_bytes=size_bytes, media_type=media_type
        )

    def keep(self, received: Received) -> None:
        """Put a file in its place, whole or not at all; the same content is the same file."""
        place = self._place(received.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        received.unfinished.replace(place)
        for directory in (place.parent, self._directory):
            _sync(directory)

    def drop(self, received: Received) -> None:
        """Forget a file that is not kept; one that is kept stays."""
        received.unfinished.unlink(missing_ok=True)

    def read(self, sha256: str) -> Iterator[bytes]:
        """Return a file's pieces, after all of it was found to be what was put there.

        Raises:
            BrokenFileError: it is not, or there is none.
        """
        digest = hashlib.sha256()
        for piece in self._opened(sha256):
            digest.update(piece)
        if digest.hexdigest() != sha256:
            raise BrokenFileError
        return self._opened(sha256)

    def _opened(self, sha256: str) -> Iterator[bytes]:
        try:
            with self._place(sha256).open("rb") as file:
                name = file.read(NAME_BYTES).hex()
                number, sealed = 0, _next(file)
                while sealed:
                    following = _next(file)
                    about = _about(name, number, is_last=not following)
                    yield sealing.open_bytes(sealed, about=about, setting=KEYS_SETTING)
                    number, sealed = number + 1, following
        except (OSError, sealing.BrokenSealError, struct.error) as error:
            raise BrokenFileError from error

    def _place(self, sha256: str) -> Path:
        return self._directory / sha256[:2] / sha256


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Fill pieces of one size from what comes in crumbs."""
    piece = bytearray()
    while crumb := read(PIECE_BYTES - len(piece)):
        piece += crumb
        if len(piece) == PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _checked(
    pieces: Iterator[bytes], called: str, see_that_it_goes_on: Callable[[], None]
) -> Iterator[tuple[bytes, MediaType]]:
    media_type: MediaType | None = None
    size_bytes = 0
    for piece in pieces:
        see_that_it_goes_on()
        media_type = media_type or rules.media_type_of(piece)
        if media_type is None:
            raise FileTypeNotTakenError("This is no PDF, JPEG, PNG or TIFF.")
        if called in set(MediaType) and called != media_type:
            raise FileTypeNotTakenError("This is another kind of file than it is called.")
        size_bytes += len(piece)
        if size_bytes > rules.LARGEST_FILE_BYTES:
            raise FileTooLargeError(
                "This file is too large.", largest_bytes=rules.LARGEST_FILE_BYTES
            )
        yield piece, media_type
    if media_type is None:
        raise FileTypeNotTakenError("This file is empty.")


def _written(
    checked: Iterator[tuple[bytes, MediaType]], file: BinaryIO
) -> tuple[str, int, MediaType]:
    """Seal each piece once it is known whether another follows."""
    name = secrets.token_bytes(NAME_BYTES)
    file.write(name)
    digest, size_bytes, number = hashlib.sha256(), 0, 0
    piece, media_type = next(checked)
    while piece:
        following, _ = next(checked, (b"", media_type))
        digest.update(piece)
        size_bytes += len(piece)
        about = _about(name.hex(), number, is_last=not following)
        sealed = sealing.seal_bytes(piece, about=about, setting=KEYS_SETTING)
        file.write(_LENGTH.pack(len(sealed)) + sealed)
        piece, number = following, number + 1
    return digest.hexdigest(), size_bytes, media_type


def _next(file: BinaryIO) -> bytes:
    length = file.read(_LENGTH.size)
    if not length:
        return b""
    (size,) = _LENGTH.unpack(length)
    return file.read(min(size, 2 * PIECE_BYTES))


def _about(name: str, number: int, *, is_last: bool) -> str:
    return f"receipts/{name}/{number}/{'last' if is_last else 'more'}"


def _sync(directory: Path) -> None:
    """Have the directory's own list on the disk, or a renamed file is lost in a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
