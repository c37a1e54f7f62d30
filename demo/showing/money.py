"""What was paid in, what was bought, and who paid which part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demo.showing.words import day, moment, name, sentence
from shared.money import pounds

Documents = Sequence[Mapping[str, Any]]
END = {
    "died": "the person has died",
    "moved": "the person lives in another area",
    "persons_wish": "the person wanted it so",
    "plan_ended": "the plan is over",
}
ADDRESSEES = {"person": "the person", "representative": "whoever acts for them, or for the estate"}


def paid_in(statement: Mapping[str, Any]) -> Iterator[str]:
    """Say who paid what into the budget, and what is left of it."""
    yield f"The budget is {name(statement['state'])}: {pounds(statement['total_pence'])}."
    for agreement in statement["agreements"]:
        if agreement["purpose"] == "joint":
            yield f"What both funders pay is shared: {_shares(agreement)}."
    for one in statement["contributions"]:
        who, amount = sentence(name(one["funder_kind"])), pounds(one["amount_pence"])
        if one.get("received_at"):
            yield f"{who} paid in {amount} on {moment(one['received_at'])}."
        else:
            yield f"{who} is to pay in {amount}."
    for funder in statement["funders"]:
        who = name(funder["funder_kind"])
        yield f"Left of what {who} pays for: {pounds(funder['left_pence'])}."


def bought(
    statement: Mapping[str, Any], purchases: Documents, *, in_order: Sequence[str]
) -> Iterator[str]:
    """Say for each thing what was bought, and who paid which part.

    ``in_order`` holds the items' ids as the plan lists them.
    """
    places = {item_id: place for place, item_id in enumerate(in_order)}
    for item in sorted(statement["items"], key=lambda one: places.get(one["item_id"], 0)):
        yield f"{item['description']}: {pounds(item['agreed_pence'])} agreed"
        yield from _purchases([one for one in purchases if _is_of(one, item)])
        for part in item["paid_by"]:
            yield f"  {sentence(name(part['funder_kind']))} paid {pounds(part['spent_pence'])}"
            if part["held_pence"]:
                yield f"  Set aside besides: {pounds(part['held_pence'])}"
    if not statement["items"]:
        yield "Nothing was bought."


def _is_of(purchase: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if "item_id" in purchase:
        return bool(purchase["item_id"] == item["item_id"])
    return bool(purchase["description"] == item["description"])


def _purchases(purchases: Documents) -> Iterator[str]:
    """Say what became of the purchases of one item, those alike on one line."""
    alike: dict[tuple[str, int, str | None], int] = {}
    for one in purchases:
        kind = (name(one.get("state")), one.get("amount_pence", 0), one.get("rail"))
        alike[kind] = alike.get(kind, 0) + 1
    for (state, amount_pence, rail), times in alike.items():
        by = f" by {name(rail)}" if rail else ""
        yield f"  {times} x {pounds(amount_pence)}{by}: {state}"
    for one in purchases:
        for decision in one.get("decisions") or []:
            if not decision["is_approved"]:
                why = decision.get("reason") or name(decision.get("code"))
                yield f"  The card was declined on {moment(decision['decided_at'])}: {why}"
        if one.get("refusal"):
            yield f"  Refused: {one['refusal']['reason']} {one['refusal']['next_step']}"


def ended(closing: Mapping[str, Any]) -> Iterator[str]:
    """Say when a budget ends or ended and why, if it does, and whether that was a mistake."""
    if closing["ends_on"] is not None:
        yield (f"From {day(closing['ends_on'])} on it buys nothing new: {END[closing['reason']]}.")
        if closing["is_death_taken_back"]:
            yield "  That death was taken back. The budget stays ended; the next plan has another."


def given_back(repayments: Documents) -> Iterator[str]:
    """Say what was left over, who had notice of it, and each step until it was paid back."""
    for repayment in repayments:
        yield f"What was left over goes back: {pounds(repayment['amount_pence'])}."
        if repayment["notice_ends_on"] is not None:
            yield (
                f"  Notice until {day(repayment['notice_ends_on'])}, given to"
                f" {ADDRESSEES[repayment['addressee']]}."
            )
        to_person_pence = sum(line["to_person_pence"] for line in repayment["lines"])
        if to_person_pence:
            yield f"  Of it, what they had paid themselves: {pounds(to_person_pence)}."
        for step in repayment["steps"]:
            yield (
                f"  {sentence(name(step['state']))} on {moment(step['taken_at'])}:"
                f" “{step['reason']}”"
            )


def _shares(agreement: Mapping[str, Any]) -> str:
    largest_first = sorted(agreement["shares"], key=lambda share: -share["numerator"])
    return ", ".join(
        f"{name(share['funder_kind'])} {_percent(share['numerator'], agreement['denominator'])}"
        for share in largest_first
    )


def _percent(numerator: int, denominator: int) -> str:
    percent = f"{100 * numerator / denominator:.2f}".rstrip("0").rstrip(".")
    return f"{percent}%"
