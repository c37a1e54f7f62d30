"""The port behind which the providers are: what each of them must be able to do.

A provider's id for a message is text, since not every provider uses UUIDs.
"""

from datetime import datetime
from typing import Protocol

from services.notifications.delivery.rules import Outgoing
from shared.messaging.errands import NotSentError


class NotTodayError(NotSentError):
    """The provider certainly did not take the message, and takes none before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Provider(Protocol):
    """One provider. It may be used by several threads."""

    name: str  # under which its ids are kept

    @property
    def longest_call_seconds(self) -> float:
        """For how long a call can keep its worker, by its time limits, in seconds."""

    def send(self, outgoing: Outgoing) -> str:
        """Send a message under its reference, and return the provider's id for it.

        Raises:
            RefusedOutsideError: the provider will never send it.
            NotSentError: it certainly did not take it, for now.
            OutcomeUnknownError: it may have taken it.
        """

    def find(self, reference: str) -> str | None:
        """Return the provider's id for the message with our reference, if it has one.

        Raises:
            OutcomeUnknownError: we could not find out. Never anything else.
        """

    def status(self, provider_id: str) -> str | None:
        """Return what became of a message, in the provider's word; None if it knows of none.

        Raises:
            OutcomeUnknownError: we could not find out. Never anything else.
        """
