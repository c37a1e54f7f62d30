"""The invented organisations that fund the demo's budgets together."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from demo.calling import Caller
from demo.staff import NAMESPACE

COUNCIL_ID = str(uuid5(NAMESPACE, "council"))
NHS_ID = str(uuid5(NAMESPACE, "integrated care board"))
POOL_ID = str(uuid5(NAMESPACE, "pool"))
FUNDER_IDS = {"nhs": NHS_ID, "council": COUNCIL_ID}
SIGNATORY = "head_of_joint_commissioning"

_ORGANISATIONS = (
    (NHS_ID, "nhs", "QZZ", "Aldermoor Integrated Care Board"),
    (COUNCIL_ID, "council", "E09999999", "Aldermoor Council"),
)
_STARTS_ON = date(2026, 4, 1)


def open_pool(caller: Caller) -> None:
    """Have the partners work together, the council as host; it does no harm to say it again."""
    story_id = uuid4()
    for funder_id, kind, code, name in _ORGANISATIONS:
        organisation = {"funder_id": funder_id, "kind": kind, "code": code, "name": name}
        _tell(caller, "budget.register_funder", organisation, story_id)
    pool = {
        "pool_id": POOL_ID,
        "name": "Mental health personal budgets",
        "agreement_reference": "Section 75 agreement 2026",
        "host_id": COUNCIL_ID,
        "partner_ids": [NHS_ID, COUNCIL_ID],
        "starts_on": _STARTS_ON.isoformat(),
        "ends_on": None,
    }
    _tell(caller, "budget.open_pool", pool, story_id)


def _tell(caller: Caller, operation: str, request: Mapping[str, Any], story_id: UUID) -> None:
    caller.command(operation, request, command_id=uuid4(), correlation_id=story_id)
