"""The published rule sets, for everybody to read."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.rule_sets.models import PublishedRuleSet
from services.assessment.rule_sets.shipped import shipped


def rule_sets(_asked: Any, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every published rule set with all that is in it, the newest first."""
    here: list[Mapping[str, Any]] = [
        {"active_from": one.active_from, "published_at": one.approved_at, **asdict(one.rule_set)}
        for one in PublishedRuleSet.approved(session=session)
    ]
    with_us: list[Mapping[str, Any]] = [
        {"active_from": one.active_from, "published_at": None, **asdict(one.rule_set)}
        for one in shipped().values()
    ]
    return here + with_us
