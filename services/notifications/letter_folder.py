"""Letters as files in a folder, for whoever prints and posts them."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from services.notifications.delivery.rules import DELIVERED, Outgoing
from services.notifications.provider_settings import LetterFolderSettings
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

POSTED = "posted"
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,64}")  # becomes a file's name


class LetterFolder:
    """Lays each letter down once, whole or not at all. May be used by several threads."""

    name = "letter-folder"

    def __init__(self, settings: LetterFolderSettings) -> None:
        self._folder = settings.folder

    @property
    def longest_call_seconds(self) -> float:
        return 0.0  # it is a file

    def send(self, outgoing: Outgoing) -> str:
        """Lay a letter down under its reference, and return its file's name.

        One that lies there already stays as it is.

        Raises:
            RefusedOutsideError: it is no letter, or not set for printing.
            NotSentError: there is no room, or no folder, for now.
            OutcomeUnknownError: it lies there, and may be gone after a loss of power.
        """
        if outgoing.channel != "letter" or outgoing.pdf is None:
            raise RefusedOutsideError("letter_without_pdf")
        if not _REFERENCE.fullmatch(outgoing.reference):
            raise RefusedOutsideError("letter_reference_unfit")
        if not self._folder.is_dir():
            raise NotSentError
        path = self._folder / f"{outgoing.reference}.pdf"
        if self._is_there(path.name):
            return path.name
        unfinished = self._folder / f".{secrets.token_hex(8)}.unfinished"
        try:
            _write(unfinished, outgoing.pdf)
            with suppress(FileExistsError):  # laid down by another process in this moment
                os.link(unfinished, path)
        except OSError as error:
            raise NotSentError from error
        finally:
            with suppress(OSError):
                unfinished.unlink()
        self._keep()
        return path.name

    def find(self, reference: str) -> str | None:
        """Return the file's name of the letter with our reference, if it lies there.

        Whoever posts a letter moves its file to the folder ``posted`` below, where it stays for
        a week or longer: a letter whose outcome was unknown would otherwise be laid down again.

        Raises:
            OutcomeUnknownError: the folder is not there.
        """
        name = f"{reference}.pdf"
        return name if self._is_there(name) else None

    def status(self, provider_id: str) -> str | None:
        """Return what became of a letter: what was laid down counts as delivered.

        Raises:
            OutcomeUnknownError: the folder is not there.
        """
        return DELIVERED if self._is_there(Path(provider_id).name) else None

    def _is_there(self, name: str) -> bool:
        if not self._folder.is_dir():
            raise OutcomeUnknownError
        return any((folder / name).exists() for folder in (self._folder, self._folder / POSTED))

    def _keep(self) -> None:
        """Let the name of a new file outlive a loss of power."""
        try:
            descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise OutcomeUnknownError from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
