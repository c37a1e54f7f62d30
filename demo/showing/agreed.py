"""The plan, who signed it, who decided and why, and what came afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from demo.showing import disagreed
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
    """Name who signed which content, for whom and why, what worried them, and what was voided."""
    found = case["plan"]
    if found is None:
        yield "There was nothing to sign."
        return
    for signature in found.get("voided_signatures") or []:
        yield (
            f"{_who(signature, case)} signed version {signature['version']} on"
            f" {moment(signature['signed_at'])}: void since {moment(signature['voided_at'])}, when"
            " the plan was changed."
        )
    for signature in found["signatures"]:
        yield from _signature(signature, case)
    yield f"All signed the same content, {found['content_sha256'][:16]}…"


def _signature(signature: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_who(signature, case)} signed on {moment(signature['signed_at'])}."
    if signature.get("capacity_basis") is not None:
        yield f"  Because: {signature['capacity_basis']}"
    if signature.get("is_comfortable") is not None:
        yield f"  Comfortable with it: {'yes' if signature['is_comfortable'] else 'no'}."
    if signature.get("worry"):
        yield f"  Their worry: “{signature['worry']}”"


def _who(signature: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    """Name who signed, and as what; the person's own name stands at the top of the page."""
    role, signed_by = name(signature["role"]), colleague(signature["signatory_id"], case)
    if signature.get("capacity_basis") is not None:
        return f"{signed_by}, for {role},"
    return sentence(role) if signature["role"] == "person" else f"{signed_by}, {role},"


def changes(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say what is different in each new version of the plan."""
    for difference in found:
        yield f"Version {difference['to']}:"
        for change in difference["changes"]:
            yield f"  {change['words']}"


def decision(case: Mapping[str, Any]) -> Iterator[str]:
    """Name who was asked on each rung, since when, by when, and give their reasons as written."""
    trail = (case["plan"] or {}).get("decision_trail") or []
    if not trail:
        yield "There was nothing to decide."
    versions = {step["version"]: step for step in reversed(trail)}  # with what it began
    for step in trail:
        if len(versions) > 1 and step is versions[step["version"]]:
            yield f"Version {step['version']} of the plan:"
        yield from _step(step, case)
        yield from disagreed.appeals(case, decision_id=step.get("decision_id", ""))


def _step(step: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"The {name(step['rung'])} was asked on {moment(step['asked_at'])}, for an answer by"
        f" {day(step['due_on'])}."
    )
    if step.get("worry"):
        yield f"  Because: “{step['worry']}”"
    if step["withdrawn_at"] is not None:
        yield f"  Then the plan was changed, on {moment(step['withdrawn_at'])}."
    elif step["outcome"] is None:
        yield "  It lies there now."
    else:
        yield from _decided(step, case)


def _decided(step: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"{colleague(step['decider_id'], case)}, {name(step['rung'])}, decided on"
        f" {moment(step['decided_at'])}: {name(step['outcome'])}."
    )
    for one in step.get("attendees") or []:
        is_person = one["attendee_id"] == case["person"]["person_id"]
        who = "the person" if is_person else colleague(one["attendee_id"], case)
        yield f"  With {who}, as {name(one['capacity'])}."
    yield f"“{step['reasons']}”"
    for item in step["items"]:
        if item["reasons"] is not None:
            yield f"  An item, {name(item['outcome'])}: “{item['reasons']}”"
    if step.get("appeal_route"):
        yield from disagreed.grounds(step, alternatives=[step["alternatives"]])
    if step.get("backing"):
        yield f"  Who decided is backed: “{step['backing']}”"


def crises(case: Mapping[str, Any]) -> Iterator[str]:
    """Say when the crisis plan was in force, who prolonged that and why, and when it was over."""
    for crisis in case.get("crises") or []:
        who = sentence(name(crisis["activated_by"]))
        yield f"{who} activated the crisis plan on {moment(crisis['activated_at'])}."
        for longer in crisis.get("prolonged") or []:
            yield (
                f"  Prolonged by the {name(longer['prolonged_by'])} on"
                f" {moment(longer['prolonged_at'])}, until {day(longer['hand_back_on'])}:"
                f" “{longer['reason']}”"
            )
        if crisis["stood_down_at"] is not None:
            yield f"The crisis was over on {moment(crisis['stood_down_at'])}."


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
