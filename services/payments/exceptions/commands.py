"""What can be asked about an exception."""

from dataclasses import dataclass
from uuid import UUID

from services.payments.exceptions.rules import ExceptionKind, Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseException:
    """Have somebody look at something. Not from the edge: other subjects ask for it."""

    kind: ExceptionKind
    about: str  # <what>/<its id>: the same kind about the same thing is raised once
    purchase_id: UUID | None = None
    amount_pence: int = 0  # the money that it is about
    role: str | None = None  # whose it is, if not the usual one's


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveException:
    """Say how an exception ended, and why."""

    exception_id: UUID
    resolved_by: UUID  # a staff id
    resolution: Resolution
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionsAsked:
    """Which exceptions somebody wants to see."""

    role: str | None
    purchase_id: UUID | None
    is_open: bool
