"""What can be asked about a dispute, and what the issuer says of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.payments.disputes.rules import IssuerStatus, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    """Draft a dispute about one capture; nothing is asked of the network yet."""

    dispute_id: UUID  # chosen by the caller, so that a repeat is recognised
    purchase_id: UUID
    presentment_id: str
    reason: Reason
    words: str  # what happened, for the network: it names nobody
    evidence: Sequence[str]  # references of files, never files
    opened_by: UUID  # a staff id


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDispute:
    """Send a draft to the issuer. It is sent once, and not changed afterwards."""

    dispute_id: UUID
    submitted_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDispute:
    """Give up a dispute that was not sent: the shop paid back, or it is too late."""

    dispute_id: UUID
    withdrawn_by: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDispute:
    """How the issuer sees a dispute at one moment."""

    issuer_dispute_id: str
    presentment_id: str
    amount_pence: int
    status: IssuerStatus
    credited_pence: int  # what it has credited, for the time being or for good
    steps: int  # how often money moved for it: it only grows
    loss_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireDispute:
    """A draft whose last day has gone by."""

    dispute_id: UUID
