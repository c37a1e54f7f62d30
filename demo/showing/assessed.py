"""Who the person is, what was assessed, and how the indicative amount came about."""

from collections.abc import Iterator, Mapping
from typing import Any

from demo.showing.words import day, level, moment, name, sentence
from shared.money import pounds


def person(case: Mapping[str, Any]) -> Iterator[str]:
    """Name the person and how they came here."""
    found, referral = case["person"], case["referral"]
    yield f"{found['given_name']} {found['family_name']}, born {day(found['birth_date'])}"
    yield (
        f"Referred by {name(referral['organisation'])} on {day(referral['received_on'])},"
        f" on the ground of {name(referral['basis'])}."
    )
    yield f"Prefers to hear by {name(found['preferred_channel'])}; language {found['language']}."
    if found.get("is_interpreter_required"):
        yield "Needs an interpreter."
    if found.get("accessible_format"):
        yield f"Needs letters in {name(found['accessible_format'])}."


def consents(case: Mapping[str, Any]) -> Iterator[str]:
    """Say to what the person agreed, who acts for them, and what help they were offered."""
    for consent in case.get("consents") or []:
        until = consent["withdrawn_on"] or consent["ends_on"]
        yield (
            f"{sentence(name(consent['purpose']))}, {name(consent['organisation'])}: agreed on"
            f" {day(consent['given_on'])}" + (f", until {day(until)}." if until else ".")
        )
    for one in case.get("representatives") or []:
        scopes = ", ".join(map(name, one["scopes"]))
        yield f"{one['name']}, {name(one['kind'])}, may: {scopes}. On the ground of: {one['basis']}"
    for offer in case.get("offers") or []:
        yield (
            f"Offered on {day(offer['offered_on'])}: {name(offer['support'])}."
            f" Answer: {name(offer['answer'])}."
        )


def assessment(case: Mapping[str, Any]) -> Iterator[str]:
    """Say each domain in words, with what the person said about it."""
    found = case["assessment"]
    for booking in (case.get("bookings") or [])[-1:]:
        coming = ", ".join(f"{one['name']} ({name(one['role'])})" for one in booking["coming"])
        where = booking["place"] or name(booking["way"])
        yield f"Booked for {moment(booking['starts_at'])}, {where}, with {coming}."
    for contribution in found["contributions"]:
        yield (
            f"{sentence(name(contribution['organisation']))} contributed on"
            f" {moment(contribution['received_at'])}, by a {name(contribution['author_role'])}."
        )
        for about, words in (contribution.get("whole_life") or {}).items():
            if words:
                yield f"{sentence(name(about))}: {words}"
    for domain in found["domains"]:
        yield from _domain(domain)


def _domain(domain: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"{domain['name']} ({domain['domain']})"
    for support in ("without", "with"):
        yield (
            f"  {sentence(support)} the present support:"
            f" {level(domain[f'typical_{support}_support'])} on a typical day,"
            f" {level(domain[f'worst_{support}_support'])} on the worst."
        )
    yield f"  Worst days in 28: {domain['worst_days_per_28']}"
    for seen in domain["seen_by"]:
        yield f"  {sentence(name(seen['organisation']))} heard: “{seen['person_words']}”"
        if seen.get("worker_words"):
            yield f"  Their own words: {seen['worker_words']}"
        if seen.get("strengths"):
            yield f"  Strengths: {seen['strengths']}"
        if seen.get("is_hidden"):
            yield "  Others cannot see this."


def calculation(case: Mapping[str, Any]) -> Iterator[str]:
    """Say line by line how the amount came about."""
    found = case["indicative_budget"]
    if found is None:
        yield "No amount was worked out."
        return
    for line in found["lines"]:
        yield line["words"]
        yield f"  {line['formula']}"
        if line.get("split_rule"):
            yield f"  Who pays: by the rule {name(line['split_rule'])!r}."
    yield ""
    yield (
        f"Indicative amount: {pounds(found['total_pence'])}: the NHS {pounds(found['nhs_pence'])},"
        f" the council {pounds(found['council_pence'])}."
    )
    yield f"Promised besides for a crisis: {pounds(found['reserve_pence'])}."
    yield f"Worked out on {moment(found['calculated_at'])} by the rules {found['rule_set']!r}."
    if found.get("told_at"):
        how = name(found["told_by_channel"])
        yield f"The person was told on {moment(found['told_at'])}: {how}."
    for talk in case.get("told_in_person", []):
        yield f"  How they understood: {talk['how_understood']}"
    yield ""
    yield "What would change it:"
    for sentence_ in found.get("what_would_change", []):
        yield f"  {sentence_}"
