"""What can be asked about lines from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.reconciliation.rules import OutsideLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLines:
    """Take in a file of a bank account or of a card programme: all of it, or nothing."""

    source: str
    file_sha256: bytes  # of the file as the bank sent it
    lines: Sequence[OutsideLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLines:
    """Match by rule what is unmatched and moved from the first of these days to the last."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchByHand:
    """Say that these lines are the same money, whatever the rules say."""

    outside: Sequence[tuple[str, str]]  # source and external id
    ledger: Sequence[tuple[UUID, int]]  # journal and line
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMatch:
    """Say that these lines are not the same money after all."""

    match_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignSuspense:
    """Hand what was not matched to somebody, with a day by which it is to be settled."""

    suspense_id: UUID
    owner: str  # organisation/role
    due_on: date
    reason: str
