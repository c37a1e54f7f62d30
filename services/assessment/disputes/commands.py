"""What can be said about a domain that was assessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.assessment.disputes.rules import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeDomain:
    """The person or a funder agrees with what was written of a domain."""

    referral_id: UUID
    domain: str
    party: Party
    said_by_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeDomain:
    """The person or a funder does not agree. Nobody waits for it to be settled."""

    dispute_id: UUID  # chosen by the caller, so that a repeat counts once
    referral_id: UUID
    domain: str
    party: Party
    said_by_role: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Who pays which part, in basis points."""

    nhs: int
    council: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDispute:
    """Somebody settles a dispute, with reasons."""

    dispute_id: UUID
    decided_by_id: UUID
    decided_by_role: str
    shares: Shares | None  # of a dispute between funders
    reasons: str

    @property
    def by_funder(self) -> Mapping[str, int] | None:
        if self.shares is None:
            return None
        return {"nhs": self.shares.nhs, "council": self.shares.council}
