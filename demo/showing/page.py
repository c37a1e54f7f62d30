"""Fetch one case from the services, and put its page together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from demo.calling import Caller
from demo.showing import agreed, assessed, money, told
from demo.showing.words import harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the services know of one case; without a budget there is no statement."""

    case_ref: str
    case: Mapping[str, Any]
    statement: Mapping[str, Any] | None
    purchases: list[Mapping[str, Any]]
    messages: list[Mapping[str, Any]]


def fetch(caller: Caller, *, case_ref: str, known: Mapping[str, str]) -> CaseFile:
    """Ask the services about one case.

    Raises:
        RefusedError: there is no such case; it failed before its referral was received.
    """
    case = caller.query("assessment.case", {"referral_id": known["referral_id"]})
    messages = of_story(
        caller.query("notifications.messages", {"person_id": case["person"]["person_id"]}), known
    )
    statement, purchases = None, []
    if "budget_id" in known:
        budget = {"budget_id": known["budget_id"]}
        statement = caller.query("budget.statement", budget)
        purchases = caller.query("payments.purchases", budget)
    return CaseFile(
        case_ref=case_ref, case=case, statement=statement, purchases=purchases, messages=messages
    )


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


def _sections(found: CaseFile) -> Iterator[tuple[str, Iterator[str]]]:
    case, statement = found.case, found.statement
    yield "", assessed.person(case)
    if case.get("consents") or case.get("offers"):
        yield "What the person agreed to, and what help was offered", assessed.consents(case)
    yield "What was assessed", assessed.assessment(case)
    yield "How the amount was calculated", assessed.calculation(case)
    yield "The plan", agreed.plan(case)
    yield "Who signed", agreed.signatures(case)
    yield "Who decided, and why", agreed.decision(case)
    if statement is not None:
        yield "What was paid in", money.paid_in(statement)
        yield "What was bought, and who paid", _bought(found, statement)
    else:
        yield "What was bought, and who paid", iter(["Nothing: there is no budget."])
    if case.get("crises") or case.get("reviews"):
        yield "What happened afterwards", agreed.afterwards(case)
    yield "Every message, as it was worded", told.messages(found.messages)
