"""What requests say where a value of the right kind is not enough, some of it as recorded."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tests.integration.order import recorded

OF_THEM = "of them"  # stands for the id of a record of the person whom it is about
_CASE_OF_A_PLAN = ("plan_id", "referral_id")
_BOTH = {"nhs": 5_000, "council": 5_000}
_YEAR = {"starts_on": "2026-04-01", "ends_on": "2027-04-01"}
_FUNDER = recorded.of("command", operation="register_funder")[0]["request"]["funder_id"]


def _recorded(operation: str, *, without: Collection[str]) -> dict[str, Any]:
    """Return what was said the first time, and not of whose record."""
    line = recorded.of("command", operation=operation)[0]
    return {name: said for name, said in line["request"].items() if name not in without}


# By operation, and by role where it says something of its own.
TOLD: Mapping[str, Mapping[str, Any]] = {
    "assessment.find_person": {"nhs_number": "9995247186"},
    "assessment.contribute": {"domains": _recorded("contribute", without=())["domains"]},
    "assessment.draft_plan": _recorded("draft_plan", without=_CASE_OF_A_PLAN),
    "assessment.hold_review": {"absent_because": "-", "person_present": False},
    "assessment.propose_rule_set": {
        "content": {
            "rates_pence": {"nhs": 1, "council": 1},
            "payers": {},
            "weights": {},
            "joint_shares": _BOTH,
            "section_117_shares": _BOTH,
            "section_75": [],
            "reserve_basis_points": 0,
            "contribution_weeks": 0,
            "floor_pence": None,
            "ceiling_pence": None,
            "bands": [],
        }
    },
    "budget.person_statement": _YEAR,
    "budget.funder_statement": _YEAR | {"funder_id": _FUNDER},
    "budget.journals_export": _YEAR,
    "budget.auditor_statement": _YEAR,
    "payments.propose_exclusion": {"item_category": "a"},
}
TOLD_BY_ROLE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("assessment.sign_plan", "care_coordinator"): {"is_comfortable": True},
}
# An appeal is against one of three things, and each leads to whose it is.
_AMOUNT = {"referral_id": OF_THEM, "version": 1}
VARIANTS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "assessment.lodge_appeal": (
        {"decision_id": OF_THEM, "refusal_id": None, "amount": None},
        {"decision_id": None, "refusal_id": OF_THEM, "amount": None},
        {"decision_id": None, "refusal_id": None, "amount": _AMOUNT},
    ),
}
