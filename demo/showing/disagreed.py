"""What did not go smoothly: refusals, appeals, disputes, another worker, who somebody is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from demo.showing.words import colleague, day, moment, name, sentence
from demo.staff import COMPLAINTS_OFFICER
from shared.money import pounds

SUSPICIONS = {
    "alike": "two records have the same name, birth date and postcode",
    "contradictory": "the numbers of one referral belong to two records",
}
AMOUNT_OPEN = "The amount is open again, and was to be worked out anew."


def who_it_is(case: Mapping[str, Any]) -> Iterator[str]:
    """Say why somebody asked whether two records are one person, and what the answer was."""
    for question in case.get("identity_questions") or []:
        yield (
            f"Asked on {moment(question['asked_at'])}, because"
            f" {SUSPICIONS.get(question['suspicion'], name(question['suspicion']))}: one person?"
        )
        if question["answer"] is None:
            yield "  The information officer has not answered yet."
        else:
            yield (
                f"  Answered by the information officer on {moment(question['answered_at'])}:"
                f" {name(question['answer'])}. “{question['reasons']}”"
            )


def refusals(case: Mapping[str, Any]) -> Iterator[str]:
    """Say each time the referral was refused what was weighed, and what came of an appeal."""
    for refusal in case.get("refusals") or []:
        yield (
            f"{colleague(refusal['decider_id'], case)} refused on {moment(refusal['refused_at'])}:"
            f" {name(refusal['reason'])}."
        )
        yield f"“{refusal['because']}”"
        yield from grounds(refusal, alternatives=refusal["alternatives"])
        yield from appeals(case, refusal_id=refusal["refusal_id"])


def grounds(refused: Mapping[str, Any], *, alternatives: Iterable[str]) -> Iterator[str]:
    """Say what goes with every refusal: on what it rests, what else there is, how to appeal."""
    for about, all_of_it in (("Evidence", refused["evidence"]), ("Instead", alternatives)):
        for words in all_of_it:
            yield f"  {about}: {words}"
    yield f"  To appeal: {refused['appeal_route']}"


def appeals(case: Mapping[str, Any], **against: str) -> Iterator[str]:
    """Say of the appeals against one refusal who lodged them, who decided, and why."""
    for appeal in case.get("appeals") or []:
        if against.items() <= appeal.items():
            yield from _appeal(appeal, case)


def appealed_amounts(case: Mapping[str, Any]) -> Iterator[str]:
    """Say who appealed against an amount, what counted meanwhile, who decided, and why."""
    for appeal in case.get("appeals") or []:
        if appeal.get("amount_version") is not None:
            yield f"Version {appeal['amount_version']} of the amount was appealed against."
            yield "  Until somebody new had decided, nothing was lowered: the amount before stood."
            yield from _appeal(appeal, case)


def _appeal(appeal: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"{sentence(name(appeal['lodged_by_role']))} appealed on {moment(appeal['lodged_at'])}:"
        f" “{appeal['grounds']}”"
    )
    supporter = appeal["supporter"]
    if supporter is not None:
        yield f"  With the support of: {supporter['name']} ({name(supporter['kind'])})"
    if appeal["decided_at"] is None:
        yield f"  To be decided by {day(appeal['due_on'])}."
        return
    yield (
        f"  Decided by {colleague(appeal['decider_id'], case)}, {name(appeal['decider_role'])}, on"
        f" {moment(appeal['decided_at'])}, due by {day(appeal['due_on'])}: {name(appeal['state'])}."
    )
    yield f"  “{appeal['reasons']}”"
    if appeal["is_reopened"]:
        is_of_amount = appeal.get("amount_version") is not None
        yield f"  {AMOUNT_OPEN if is_of_amount else 'What was refused is open again.'}"


def worker_changes(case: Mapping[str, Any]) -> Iterator[str]:
    """Say whom the person wanted to change, and what they were answered."""
    for change in case.get("worker_changes") or []:
        yield (
            f"Asked on {moment(change['requested_at'])} for another {name(change['role'])}:"
            f" “{change['person_words']}”"
        )
        if change["answered_at"] is not None:
            agreed = "agreed" if change["is_agreed"] else "not agreed"
            yield f"  Answered on {moment(change['answered_at'])}, {agreed}: “{change['reasons']}”"
            for member in case["person"]["care_team_before"]:
                if member["role"] == change["role"]:
                    yield f"  Until {moment(member['until'])} it was {member['name']}."


def disputes(case: Mapping[str, Any]) -> Iterator[str]:
    """Say what a funder disputed, how it was paid meanwhile, and how it was settled."""
    for dispute in (case.get("disputes") or {}).get("disputes", []):
        yield (
            f"{sentence(name(dispute['party']))} disputed {dispute['domain']} on"
            f" {moment(dispute['opened_at'])}: “{dispute['reasons']}”"
        )
        if dispute["party"] != "person":
            yield "  Until it was settled: half and half."
        if dispute["settled_at"] is None:
            yield "  It is not settled yet."
            continue
        shares = ", ".join(
            f"{name(funder)} {basis_points / 100:g}%"
            for funder, basis_points in (dispute["shares"] or {}).items()
        )
        yield (
            f"  Settled by the {name(dispute['settled_by_role'])} on"
            f" {moment(dispute['settled_at'])}{': ' if shares else '.'}{shares}"
        )
        yield f"  “{dispute['settled_because']}”"


def reductions(case: Mapping[str, Any]) -> Iterator[str]:
    """Say what was held up, how it was explained, and what the person said to that."""
    found = case.get("preventive_effects") or {}
    for blocked in found.get("blocked", []):
        of = f" ({', '.join(blocked['domains'])})" if blocked["domains"] else ""
        yield (
            f"Held up on {moment(blocked['blocked_at'])}: {pounds(blocked['asked_pence'])} instead"
            f" of {pounds(blocked['standing_pence'])}{of}, until it is explained and shown."
        )
    for statement in found.get("statements", []):
        yield (
            f"Explained by the {name(statement['written_by_role'])} on"
            f" {moment(statement['recorded_at'])} for {', '.join(statement['domains'])}:"
        )
        for about in ("what_support_prevents", "what_if_it_ended", "why_less_is_right"):
            yield f"  {sentence(name(about))}: {statement[about]}"
        if statement["shown_on"] is not None:
            yield f"  Shown on {day(statement['shown_on'])}; the person said:"
            yield f"  “{statement['person_words']}”"


def complaint(found: Mapping[str, Any]) -> Iterator[str]:
    """Say of a complaint what whoever reads this page may read.

    ``found`` is the complaint, or the refusal to show it with its next step.
    """
    if "words" not in found:
        yield "There was one. What it says and what was answered is not for the care team:"
        yield f"  {found['message']} {found['next_step']}"
        return
    yield f"{sentence(name(found['made_by_role']))}, {moment(found['made_at'])}: “{found['words']}”"
    if found["answered_at"] is not None:
        who = name(COMPLAINTS_OFFICER.role)
        yield f"  Answered by the {who} on {moment(found['answered_at'])}: “{found['answer']}”"
