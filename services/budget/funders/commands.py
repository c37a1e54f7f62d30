"""What can be asked about organisations and pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.funders.rules import FunderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFunder:
    """Make an organisation known, under the code that the world knows it by."""

    funder_id: UUID
    kind: FunderKind
    code: str  # of the Organisation Data Service, or a GSS code of a council
    name: str
    organisation: str  # whose staff see this side of the money, as they sign in


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFunderContact:
    """Say who at an organisation hears of what concerns its money, in place of who did before."""

    funder_id: UUID
    name: str | None  # with the address; neither: nobody hears any more
    email: str | None  # at work


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPool:
    """Let organisations fund budgets together."""

    pool_id: UUID
    name: str
    agreement_reference: str
    host_id: UUID
    partner_ids: Sequence[UUID]
    starts_on: date
    ends_on: date | None
