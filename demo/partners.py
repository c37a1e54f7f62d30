"""The invented organisations that fund the demo's budgets together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid5

from demo.calling import Caller
from demo.staff import FINANCE_OFFICER, NAMESPACE

SIGNATORY = "head_of_joint_commissioning"

_ORGANISATIONS = (
    # The trust's finance staff keep the board's side.
    ("nhs", "QZZ", "Aldermoor Integrated Care Board", "nhs-trust"),
    ("council", "E09999999", "Aldermoor Council", "council"),
)
_STARTS_ON = date(2026, 4, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """By which ids the funders and their pool are known."""

    pool_id: str
    funder_ids: Mapping[str, str]  # by kind


def open_pool(caller: Caller) -> Partners:
    """Have the partners work together, the council as host; it does no harm to say it again."""
    funder_ids: dict[str, str] = {}
    for kind, code, name, staff in _ORGANISATIONS:
        funder = {"kind": kind, "code": code, "name": name, "organisation": staff}
        answer = _tell(caller, "budget.register_funder", funder, about=kind)
        funder_ids[kind] = answer["funder_id"]
    pool = {
        "name": "Mental health personal budgets",
        "agreement_reference": "Section 75 agreement 2026",
        "host_id": funder_ids["council"],
        "partner_ids": list(funder_ids.values()),
        "starts_on": _STARTS_ON.isoformat(),
        "ends_on": None,
    }
    pool_id = _tell(caller, "budget.open_pool", pool, about="pool")["pool_id"]
    return Partners(pool_id=pool_id, funder_ids=funder_ids)


def _tell(caller: Caller, operation: str, request: Mapping[str, Any], *, about: str) -> Any:
    """Have the host's finance officer write it down, under a key that is the same in every run."""
    return caller.command(
        operation,
        request,
        command_id=uuid5(NAMESPACE, f"{operation}/{about}"),
        correlation_id=uuid5(NAMESPACE, "pool"),
        by=FINANCE_OFFICER,
    )
