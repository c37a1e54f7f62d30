"""What can be asked about rule sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRuleSet:
    """Somebody proposes rates, shares and bands; until approved they count for nobody."""

    name: str
    active_from: date
    content: Mapping[str, Any]
    proposed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRuleSet:
    """Somebody else approves them: they are published and never change again."""

    name: str
    approved_by: UUID
