"""Fetch one case from the services, and put its page together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.edge import RefusedError
from demo.calling import Caller
from demo.partner_systems import CODES, MESSAGE
from demo.showing import agreed, assessed, disagreed, lived, money, sent, told
from demo.showing.words import harmless
from demo.staff import CARE_COORDINATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the services know of one case; without a budget there is no statement."""

    case_ref: str
    case: Mapping[str, Any]
    statement: Mapping[str, Any] | None
    purchases: list[Mapping[str, Any]]
    messages: list[Mapping[str, Any]]
    changes: list[Mapping[str, Any]] = field(default_factory=list)  # of each version but the first
    complaint: Mapping[str, Any] | None = None  # or why it is not shown
    closing: Mapping[str, Any] | None = None  # of the budget, when and why it ends
    repayments: list[Mapping[str, Any]] = field(default_factory=list)
    from_partners: list[Mapping[str, Any]] = field(default_factory=list)


def fetch(caller: Caller, *, case_ref: str, known: Mapping[str, str]) -> CaseFile:
    """Ask about one case as its care coordinator, who sees of it what they may.

    Raises:
        RefusedError: there is no such case; it failed before its referral was received.
    """
    case = caller.query(
        "assessment.case", {"referral_id": known["referral_id"]}, by=CARE_COORDINATOR
    )
    person = case["person"]
    messages = [
        message
        for person_id in (*person.get("also_known_by", []), person["person_id"])
        for message in caller.list(
            "notifications.messages", {"person_id": person_id}, by=CARE_COORDINATOR
        )
    ]
    return CaseFile(
        case_ref=case_ref,
        case=case,
        messages=sorted(of_story(messages, known), key=lambda message: message["created_at"]),
        changes=_changes(caller, case["plan"]),
        complaint=_complaint(caller, known),
        from_partners=_from_partners(caller, known),
        **_money(caller, known),
    )


def _money(caller: Caller, known: Mapping[str, str]) -> dict[str, Any]:
    """Return what budget and payments know of it."""
    if "budget_id" not in known:
        return {"statement": None, "purchases": []}
    budget = {"budget_id": known["budget_id"]}
    return {
        "statement": caller.query("budget.statement", budget, by=CARE_COORDINATOR),
        "purchases": caller.list("payments.purchases", budget, by=CARE_COORDINATOR),
        "closing": caller.query("budget.closing_statement", budget, by=CARE_COORDINATOR),
        "repayments": caller.list("budget.repayments", budget, by=CARE_COORDINATOR),
    }


def _changes(caller: Caller, plan: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return what each version of the plan changed in the one before."""
    versions = range(1, 1 if plan is None else plan["version"])
    return [
        caller.query(
            "assessment.plan_difference",
            {"plan_id": plan and plan["plan_id"], "from_": version, "to": version + 1},
            by=CARE_COORDINATOR,
        )
        for version in versions
    ]


def _complaint(caller: Caller, known: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Return the complaint if there was one and the care team may read it, or why it may not."""
    if "complaint_id" not in known:
        return None
    asked = {"complaint_id": known["complaint_id"]}
    try:
        found: Mapping[str, Any] = caller.query("assessment.complaint", asked, by=CARE_COORDINATOR)
    except RefusedError as refusal:
        return {"message": refusal.message, "next_step": refusal.next_step}
    return found


def _from_partners(caller: Caller, known: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return what became of each message of a partner's system, the oldest first."""
    sent_under = [
        (name.split("/")[1], id_) for name, id_ in known.items() if name.startswith(MESSAGE)
    ]
    found = [
        caller.query("partners.message", {"partner": CODES[organisation], "message_id": id_})
        for organisation, id_ in sent_under
    ]
    return sorted(found, key=lambda message: str(message["received_at"]))


def of_story(
    messages: list[Mapping[str, Any]], known: Mapping[str, str]
) -> list[Mapping[str, Any]]:
    """Return the messages of one case: a person can have several."""
    return [one for one in messages if one["correlation_id"] == known["story_id"]]


def lines(found: CaseFile) -> Iterator[str]:
    """Return the page, line by line; nothing in it controls a terminal."""
    yield found.case_ref
    for title, section in _sections(found):
        if title:
            yield from ("", title.upper(), "")
        for line in section:
            yield harmless(line)


def _bought(found: CaseFile, statement: Mapping[str, Any]) -> Iterator[str]:
    items = (found.case["plan"] or {}).get("items", [])
    return money.bought(statement, found.purchases, in_order=[item["item_id"] for item in items])


def _sections(found: CaseFile) -> Iterator[tuple[str, Iterable[str]]]:
    """Return each part of the page with its title; what did not happen has no part."""
    case, statement = found.case, found.statement
    nothing = ["Nothing: there is no budget."]
    yield "", assessed.person(case)
    yield from _where_it_happened("What came from partners", sent.by_partners(found.from_partners))
    yield from _where_it_happened("Whether two records are one person", disagreed.who_it_is(case))
    yield from _where_it_happened("Why the referral was refused", disagreed.refusals(case))
    if case.get("consents") or case.get("offers"):
        yield "What the person agreed to, and what help was offered", assessed.consents(case)
    yield from _where_it_happened("Another worker", disagreed.worker_changes(case))
    yield "What was assessed", assessed.assessment(case)
    yield "How the amount was calculated", assessed.calculation(case)
    yield from _where_it_happened("What the funders disputed", disagreed.disputes(case))
    yield from _where_it_happened("What was held up", disagreed.reductions(case))
    yield from _where_it_happened("The appeal against the amount", disagreed.appealed_amounts(case))
    yield "The plan", agreed.plan(case)
    yield from _where_it_happened("What changed in the plan", agreed.changes(found.changes))
    yield "Who signed", agreed.signatures(case)
    yield "Who decided, and why", agreed.decision(case)
    if statement is not None:
        yield "What was paid in", money.paid_in(statement)
    bought = nothing if statement is None else _bought(found, statement)
    yield "What was bought, and who paid", bought
    if found.complaint is not None:
        yield "A complaint", disagreed.complaint(found.complaint)
    yield from _where_it_happened("A crisis", agreed.crises(case))
    yield from _where_it_happened("What happened in the person's life", lived.life(case))
    yield from _where_it_happened("Looked at again", lived.reviews(case))
    if found.closing is not None:
        yield from _where_it_happened("The end of the budget", money.ended(found.closing))
    yield from _where_it_happened("What went back", money.given_back(found.repayments))
    yield "Every message, as it was worded", told.messages(found.messages)


def _where_it_happened(title: str, section: Iterable[str]) -> Iterator[tuple[str, Iterable[str]]]:
    lines_of_it = list(section)
    if lines_of_it:
        yield title, lines_of_it
