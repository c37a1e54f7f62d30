"""The e-mails that came in, in memory."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One e-mail: to whom it was brought, and what is in it."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def body(self) -> str:
        plain = self.message.get_body(preferencelist=("plain",))
        return "" if plain is None else plain.get_content().replace("\r\n", "\n")

    def as_wire(self) -> dict[str, Any]:
        return {
            "to": list(self.recipients),
            "from": self.message.get("From", ""),
            "subject": self.message.get("Subject", ""),
            "message_id": self.message.get("Message-ID", ""),
            "headers": {name: str(value) for name, value in self.message.items()},
            "body": self.body,
        }


class Mailbox:
    """Everybody's e-mails, oldest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._letters: list[Letter] = []

    def put(self, content: bytes, *, recipients: list[str]) -> Letter:
        message = message_from_bytes(content, policy=policy.default)
        letter = Letter(recipients=tuple(recipients), message=message)
        with self._lock:
            self._letters.append(letter)
        return letter

    def found(self, *, to: str | None, message_id: str | None) -> list[Letter]:
        """List e-mails, oldest first: only to this address, or with this Message-ID."""
        with self._lock:
            return [
                letter
                for letter in self._letters
                if (to is None or to.lower() in {one.lower() for one in letter.recipients})
                and message_id in {None, letter.message.get("Message-ID")}
            ]
