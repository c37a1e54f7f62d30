"""The rule sets that come with this software, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.rule_sets.rules import RuleSet, from_content

PUBLISHED = Path(__file__).parent / "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A rule set and from when on it counts."""

    rule_set: RuleSet
    active_from: date


@cache
def shipped() -> Mapping[str, Published]:
    """Return the rule sets on file by name."""
    return {path.stem: _read(path) for path in sorted(PUBLISHED.glob("*.json"))}


def _read(path: Path) -> Published:
    document = json.loads(path.read_text(encoding="utf-8"))
    return Published(
        rule_set=from_content(document["name"], document["content"], domains=list(DOMAINS)),
        active_from=date.fromisoformat(document["active_from"]),
    )
