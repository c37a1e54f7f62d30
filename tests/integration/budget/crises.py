"""Reserves for a crisis, and what can be asked of them."""

from uuid import uuid4

from tests.integration.budget.budgets import COUNCIL, NHS, ask
from tests.integration.budget.pools import signed_by


def a_promise(planned, *, nhs=400_00, council=200_00, **changes):
    """Return the fields of a reserve that both partners signed."""
    parts = {NHS: nhs, COUNCIL: council}
    given = {
        "reserve_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "parts": [
            {"funder_id": str(funder_id), "amount_pence": pence}
            for funder_id, pence in parts.items()
            if pence
        ],
        "signatures": signed_by(NHS, COUNCIL),
    }
    return given | changes


def promise(transaction, planned, **changes):
    promised = a_promise(planned, **changes)
    answer = ask(transaction, "promise_crisis_reserve", **promised)
    assert "result" in answer, answer
    return promised


def a_crisis(planned, *, cap_pence=300_00, **changes):
    given = {
        "crisis_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "cap_pence": cap_pence,
    }
    return given | changes


def activate(transaction, planned, **changes):
    crisis = a_crisis(planned, **changes)
    answer = ask(transaction, "activate_crisis_reserve", **crisis)
    assert "result" in answer, answer
    return crisis


def over(crisis):
    """Return the fields by which a crisis is stood down."""
    return {name: crisis[name] for name in ("crisis_id", "budget_id")}


def stand_down(transaction, crisis, **options):
    return ask(transaction, "stand_down_crisis_reserve", **over(crisis), **options)["result"]


def shown(transaction, planned):
    return ask(transaction, "crisis_reserve", budget_id=str(planned.budget_id))


def pay_for_crisis(transaction, planned, funder_id, amount_pence, *, reference="BACS crisis"):
    """Have a funder pay what it was called for in the newest crisis."""
    crisis = shown(transaction, planned)["result"]["crises"][-1]
    (part,) = (one for one in crisis["parts"] if one["funder_id"] == str(funder_id))
    return ask(
        transaction,
        "receive_contribution",
        contribution_id=part["contribution_id"],
        budget_id=str(planned.budget_id),
        funder_id=str(funder_id),
        amount_pence=amount_pence,
        bank_reference=reference,
    )
