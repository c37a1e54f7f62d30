"""How two people publish a rule set."""

import json
from uuid import UUID

from services.assessment.rule_sets.shipped import PUBLISHED

SHIPPED = json.loads((PUBLISHED / "illustrative-2026-1.json").read_text())["content"]
ANN, BEN = str(UUID(int=1)), str(UUID(int=2))


def a_proposal(**changes):
    content = SHIPPED | changes.pop("content", {})
    return {
        "name": "here-2026-2",
        "active_from": "2026-11-25",
        "content": content,
        "proposed_by": ANN,
    } | changes


def approve(desk, **changes):
    return desk.ask("approve_rule_set", **{"name": "here-2026-2", "approved_by": BEN} | changes)
