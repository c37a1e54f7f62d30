"""What a run must come to, worked out from the case file alone: by hand, as it were."""

import math
from collections import Counter
from fractions import Fraction

COORDINATOR_DECIDES_UP_TO_PENCE = 400_00
WEEKS = 52
FUNDERS = ("nhs", "council")


def expected(cases):
    """Return the figures of the summary that follow from the file."""
    with_budget = [case for case in cases if case["wants_budget"]]
    refunds = [refund for case in with_budget if (refund := refunded_item(case))]
    purchases = Counter()
    for item in (item for case in with_budget for item in case["support_plan"]["items"]):
        purchases[item["rail"]] += item["occurrences"]
    contributions = {case["case_ref"]: contribution(case) for case in with_budget}
    agreed = {funder: sum(agreed_pence(case)[funder] for case in with_budget) for funder in FUNDERS}
    paid = sum(contributions.values())
    return {
        "cases": len(cases),
        "declined_a_budget": len(cases) - len(with_budget),
        "budgets": len(with_budget),
        "approved_at": {
            "care_coordinator": 0,
            "team_manager": 0,
            "multidisciplinary_team": 0,
            "risk_enablement_panel": 0,
            **Counter(rung(case) for case in with_budget),
        },
        "funded_pence": {"nhs": agreed["nhs"], "council": agreed["council"] - paid},
        "person_contribution_pence": paid,
        "purchases": {"card": 0, "bacs": 0, "invoice": 0, **purchases},
        "refunded_pence": sum(item["unit_cost_pence"] for item in refunds),
        "card_declines": sum(
            "card_declined_wrong_merchant" in case["afterwards"] and card_item(case) is not None
            for case in with_budget
        ),
    }


def from_partners(cases):
    """Return how many messages each partner sends where all goes smoothly.

    It refers whom it refers, assesses everybody, and commits what it is called for.
    """
    sent = Counter()
    for case in cases:
        called = {"nhs-trust": 0, "council": 0}
        if case["wants_budget"]:
            agreed = agreed_pence(case)
            called = {
                "nhs-trust": agreed["nhs"],
                "council": agreed["council"] - contribution(case),
            }
        for organisation, pence in called.items():
            refers = case["referral"]["organisation"] == organisation
            sent[organisation] += 1 + refers + (pence > 0)
    return dict(sent)


def total_pence(case):
    return sum(cost(item) for item in case["support_plan"]["items"])


def cost(item):
    return item["unit_cost_pence"] * item["occurrences"]


def card_item(case):
    items = case["support_plan"]["items"]
    return next((item for item in items if item["rail"] == "card"), None)


def refunded_item(case):
    return card_item(case) if "refund_first_card_item" in case["afterwards"] else None


def rung(case):
    """Return who approves: a worry goes one rung up, a won appeal another, doubts to the top."""
    along_the_way = case.get("along_the_way", [])
    is_small = total_pence(case) <= COORDINATOR_DECIDES_UP_TO_PENCE
    if is_small and case["sign_off"]["coordinator_comfortable"]:
        return "care_coordinator"
    if "climbs_all_rungs" in along_the_way:
        return "risk_enablement_panel"
    if "plan_refused_and_appealed" in along_the_way:
        return "multidisciplinary_team"
    return "team_manager"


def agreed_pence(case):
    """Return each funder's part: its own items, and its share of the joint ones.

    Of two funders the odd penny goes to the larger remainder, and of two equal ones to the
    larger share.
    """
    items = case["support_plan"]["items"]
    joint = sum(cost(item) for item in items if item["payer"] == "joint")
    share = Fraction(case["budget"]["shares_basis_points"]["nhs"], 10_000)
    of_nhs = share * joint
    remainder = of_nhs - math.floor(of_nhs)
    half = Fraction(1, 2)
    nhs = math.floor(of_nhs) + (remainder > half or (remainder == half and share >= half))
    parts = {"nhs": nhs, "council": joint - nhs}
    for funder in FUNDERS:
        parts[funder] += sum(cost(item) for item in items if item["payer"] == funder)
    return parts


def contribution(case):
    """Return what the person pays in a year: never for aftercare or health, never too much."""
    if case["referral"]["basis"] != "care_act":
        return 0
    weekly = case["budget"]["person_contribution_weekly_pence"]
    return min(weekly * WEEKS, agreed_pence(case)["council"])


def spent_pence(cases):
    """Return what all funders spend together, net of refunds."""
    with_budget = [case for case in cases if case["wants_budget"]]
    refunds = [refund for case in with_budget if (refund := refunded_item(case))]
    spent = sum(total_pence(case) for case in with_budget)
    return spent - sum(item["unit_cost_pence"] for item in refunds)


def most_drift_pence(cases):
    """Return by how much one funder's spending may differ from its exact share.

    A budget spent to its last penny has none; a refund leaves at most a penny a budget, for
    it goes back along the portions of its spend.
    """
    return sum("refund_first_card_item" in case["afterwards"] for case in cases)


def exactly_spent(cases, funder):
    """Return what one funder spends by its exact shares, net of refunds."""
    spent = Fraction(0)
    for case in (case for case in cases if case["wants_budget"]):
        spent += agreed_pence(case)[funder]
        item = refunded_item(case)
        if item is None:
            continue
        if item["payer"] == "joint":
            share = Fraction(case["budget"]["shares_basis_points"][funder], 10_000)
        else:
            share = Fraction(item["payer"] == funder)
        spent -= share * item["unit_cost_pence"]
    return spent
