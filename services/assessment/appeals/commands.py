"""What can be asked about appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.assessment.appeals.rules import AppealOutcome, SupporterKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """Whoever helps the person to appeal."""

    kind: SupporterKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An indicative amount, as the person was told it."""

    referral_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LodgeAppeal:
    """The person, or somebody for them, wants a refusal or an amount looked at again."""

    appeal_id: UUID  # chosen by the caller, so that a repeat is recognised
    decision_id: UUID | None  # on a plan, or
    refusal_id: UUID | None  # of a referral, or
    amount: Amount | None  # that is wrong, or less than before: exactly one of the three
    lodged_by_role: str
    grounds: str  # in the person's words
    supporter: Supporter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAppeal:
    """Somebody new decides on an appeal."""

    appeal_id: UUID
    decider_id: UUID
    decider_role: str
    outcome: AppealOutcome
    reasons: str
    evidence: Sequence[str]
    next_route: str | None  # where the person can go next, if they were not right


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReportingLine:
    """To whom a member of staff reports."""

    staff_id: UUID
    reports_to_id: UUID | None  # nobody: the top of their organisation
