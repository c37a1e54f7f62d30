"""The plan, who signed it, who decided and why, and what came afterwards."""

from collections.abc import Iterator, Mapping
from typing import Any

from demo.showing.words import colleague, day, moment, name, sentence
from shared.money import pounds


def plan(case: Mapping[str, Any]) -> Iterator[str]:
    """List what the person wanted, and what helps in a crisis."""
    found = case["plan"]
    if found is None:
        yield from _declined(case)
        return
    goals = {goal["goal_id"]: goal["words"] for goal in found["goals"]}
    for item in found["items"]:
        yield from _item(item, goals)
    yield f"The plan costs {pounds(found['total_pence'])} in all."
    yield ""
    yield from _crisis_plan(found)


def signatures(case: Mapping[str, Any]) -> Iterator[str]:
    """Name who signed which content, and what worried them."""
    found = case["plan"]
    if found is None:
        yield "There was nothing to sign."
        return
    team = _names(case)
    for signature in found["signatures"]:
        who = name(signature["role"])
        if signature["role"] != "person":
            who = f"{colleague(signature['signatory_id'], team)}, {who},"
        yield f"{sentence(who)} signed on {moment(signature['signed_at'])}."
        if signature.get("is_comfortable") is not None:
            yield f"  Comfortable with it: {'yes' if signature['is_comfortable'] else 'no'}."
        if signature.get("worry"):
            yield f"  Their worry: “{signature['worry']}”"
    yield f"All signed the same content, {found['content_sha256'][:16]}…"


def decision(case: Mapping[str, Any]) -> Iterator[str]:
    """Name who decided on each rung that was asked, and give their reasons as they wrote them."""
    trail = (case["plan"] or {}).get("decision_trail") or []
    if not trail:
        yield "There was nothing to decide."
    for step in trail:
        yield from _step(step, _names(case))


def _step(step: Mapping[str, Any], team: Mapping[str, str]) -> Iterator[str]:
    if step["withdrawn_at"] is not None:
        yield f"The {name(step['rung'])} was asked; then the plan was changed."
        return
    if step["outcome"] is None:
        yield (
            f"It lies with the {name(step['rung'])} since {moment(step['asked_at'])},"
            f" until {day(step['due_on'])}."
        )
        return
    yield (
        f"{colleague(step['decider_id'], team)}, {name(step['rung'])}, decided on"
        f" {moment(step['decided_at'])}: {name(step['outcome'])}."
    )
    yield f"“{step['reasons']}”"
    for item in step["items"]:
        if item["reasons"] is not None:
            yield f"  An item, {name(item['outcome'])}: “{item['reasons']}”"


def afterwards(case: Mapping[str, Any]) -> Iterator[str]:
    """Say what happened later: a crisis, a review."""
    for crisis in case.get("crises") or []:
        who = sentence(name(crisis["activated_by"]))
        yield f"{who} activated the crisis plan on {moment(crisis['activated_at'])}."
        if crisis["stood_down_at"] is not None:
            yield f"The crisis was over on {moment(crisis['stood_down_at'])}."
    for review in case.get("reviews") or []:
        yield (
            f"A {name(review['kind'])} review was asked for on {moment(review['requested_at'])},"
            f" due on {day(review['due_on'])}: {review['trigger']}"
        )
    for meeting in case.get("review_meetings") or []:
        yield f"A review was held on {day(meeting['held_on'])}: {meeting['conclusions']}"
        for outcome in meeting["goals"]:
            yield f"  {outcome['goal']}: “{outcome['words']}”"


def _declined(case: Mapping[str, Any]) -> Iterator[str]:
    for one in case.get("declines") or []:
        yield (
            f"The person declined a budget on {moment(one['declined_at'])}. The"
            f" {name(one['informed_by_role'])} had informed them on {day(one['informed_on'])}."
        )
    yield "There is no plan."


def _item(item: Mapping[str, Any], goals: Mapping[str, str]) -> Iterator[str]:
    times = item["occurrences"]
    cost = pounds(item["unit_cost_pence"])
    each = cost if times == 1 else f"{times} x {cost}"
    yield f"{item['description']}: {each}"
    for goal_id in item["goal_ids"]:
        yield f"  For the goal: {goals[goal_id]}"
    yield (
        f"  From {item['payee']}, {name(item['frequency'])}, by {name(item['rail'])},"
        f" paid by {name(item['payer'])}"
    )
    if item.get("instead_of"):
        yield f"  Instead of: {item['instead_of']}"


def _crisis_plan(found: Mapping[str, Any]) -> Iterator[str]:
    crisis_plan = found["crisis_plan"]
    if crisis_plan is None:
        yield f"No crisis plan, because: {found['crisis_plan_declined_because']}"
        return
    yield "In a crisis:"
    for about, words in crisis_plan.items():
        if about == "cap_pence":
            yield f"  Of the funders' reserve up to: {pounds(words)}"
        elif words is not None:
            yield f"  {sentence(name(about))}: {words}"


def _names(case: Mapping[str, Any]) -> dict[str, str]:
    team = case["person"].get("care_team") or []
    return {member["staff_id"]: member["name"] for member in team}
