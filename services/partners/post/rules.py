"""Whose a message of our mailbox is. MESH says from where it came and under which workflow."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.partners.agreements.rules import Agreement, System

NOBODY = "unknown"  # no partner's: a report of MESH, or of a mailbox that we do not know
REPORT = "REPORT"  # that something of ours was not fetched, or could not be delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as MESH hands it over."""

    mesh_id: str
    sender: str  # the mailbox it came from
    workflow: str
    kind: str  # DATA or REPORT
    linked_id: str  # of a report: the message of ours that it is about
    status: str  # of a report: why
    body: bytes


class UnknownSenderError(Exception):
    """It came from a mailbox, or under a workflow, of no agreement."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sender_of(letter: Letter, agreements: Iterable[Agreement]) -> tuple[Agreement, System]:
    """Return which partner's system sent a letter.

    Raises:
        UnknownSenderError: ``unknown_mailbox`` or ``wrong_workflow``.
    """
    for agreement in agreements:
        for system in agreement.systems:
            if system.mailbox and system.mailbox == letter.sender:
                if system.workflow_in != letter.workflow:
                    raise UnknownSenderError("wrong_workflow")
                return agreement, system
    raise UnknownSenderError("unknown_mailbox")


def partner_of(letter: Letter, agreements: Iterable[Agreement]) -> str:
    """Return the code of the partner for whose message there must be room; or ``NOBODY``."""
    if letter.kind == REPORT:
        return NOBODY
    try:
        agreement, _ = sender_of(letter, agreements)
    except UnknownSenderError:
        return NOBODY
    return agreement.code
