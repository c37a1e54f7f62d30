"""A rule set, who pays which part of a need by it, and what is wrong with a proposed one."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from shared.errors import Refusal

NHS, COUNCIL, JOINT = "nhs", "council", "joint"
FUNDERS = (COUNCIL, NHS)
BASIS_POINTS = 10_000
HALF_AND_HALF: Mapping[str, int] = {COUNCIL: 5_000, NHS: 5_000}

# The legal basis of a referral on which nobody is charged. Continuing healthcare is NHS care,
# which is free; for aftercare under section 117 see the Mental Health Act 1983 (the wording on
# charges is to be confirmed in a live text).
CHC, SECTION_117 = "chc", "section_117"
FREE_OF_CHARGE = frozenset({CHC, SECTION_117})


class SplitRule(enum.StrEnum):
    """Why a line is split between the funders as it is. The first that applies wins."""

    CHC = "chc"  # the NHS pays all of it
    SECTION_117 = "section_117"  # as the area agreed for aftercare
    SECTION_75 = "section_75"  # as the funders agreed for this domain or these people
    DISPUTED = "disputed"  # half and half until it is settled: the person does not wait
    SETTLED = "settled"  # as a dispute was settled
    DOMAIN = "domain"  # as the rule set says of the domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A one-off amount for up to so many points of need; ``None``: however many."""

    up_to_28ths: int | None
    words: str
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section75Row:
    """What the funders agreed for a domain, for a group of people, or for both together."""

    domain: str | None
    cohort: str | None  # the condition group of a referral
    shares: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A published way to work out an indicative budget. One that was published never changes."""

    name: str
    rates_pence: Mapping[str, int]  # a year, for one point of need, by funder
    payers: Mapping[str, str]  # who pays for a domain: nhs, council or joint
    weights: Mapping[str, int]  # how much a domain counts
    joint_shares: Mapping[str, int]  # basis points by funder, like all shares: 10,000 in all
    section_117_shares: Mapping[str, int]
    section_75: tuple[Section75Row, ...]  # the first that fits
    reserve_basis_points: int  # each funder's promise for a crisis, beside the total
    contribution_weeks: int  # of the person's contribution in a year
    floor_pence: int | None  # of a yearly budget; none: there is none
    ceiling_pence: int | None
    bands: tuple[Band, ...]  # from few points to many


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What decides who pays, beside the domain."""

    basis: str = "local_offer"
    condition_group: str = ""
    disputed: frozenset[str] = frozenset()  # domains about which the funders have a dispute
    settled: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # shares by domain

    @property
    def is_free_of_charge(self) -> bool:
        return self.basis in FREE_OF_CHARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Each funder's share in basis points, and why."""

    rule: SplitRule
    shares: Mapping[str, int]


class UnknownRuleSetError(Refusal):
    """No rule set has this name."""

    code = "unknown_rule_set"
    next_step: ClassVar[str] = "Use the name of a rule set that the query rule_sets lists."


class RuleSetUnfitError(Refusal):
    """With this rule set some amounts could not be worked out, or not fairly."""

    code = "rule_set_unfit"
    next_step: ClassVar[str] = "Mend what the message names and propose the rule set again."


class RuleSetPublishedError(Refusal):
    """What was approved never changes, so that an old amount can be worked out again."""

    code = "rule_set_published"
    next_step: ClassVar[str] = "Propose a rule set with a new name."


class SecondPersonNeededError(Refusal):
    """Whoever proposes rates does not approve them."""

    code = "second_person_needed"
    next_step: ClassVar[str] = "Have somebody else approve the rule set."


class ActiveInThePastError(Refusal):
    """Rates do not change for days that have passed."""

    code = "active_in_the_past"
    next_step: ClassVar[str] = "Let the rule set begin today or later."


def check_second_person(*, proposed_by: UUID, approved_by: UUID) -> None:
    if proposed_by == approved_by:
        raise SecondPersonNeededError("Two people publish a rule set.", field="approved_by")


def check_active_from(active_from: date, *, today: date) -> None:
    if active_from < today:
        raise ActiveInThePastError("This day has passed.", field="active_from")


def split_of(domain: str, *, facts: CaseFacts, rule_set: RuleSet) -> Split:
    """Return who pays which share of a need, and by which rule: the first that applies.

    What is decided on the whole case (continuing healthcare, aftercare) and what the funders
    agreed in writing goes before; a dispute about the rest is half and half meanwhile.
    """
    overall = _split_of_case(domain, facts=facts, rule_set=rule_set)
    if overall is not None:
        return overall
    if domain in facts.disputed:
        return Split(rule=SplitRule.DISPUTED, shares=HALF_AND_HALF)
    if domain in facts.settled:
        return Split(rule=SplitRule.SETTLED, shares=facts.settled[domain])
    return default_split_of(domain, rule_set=rule_set)


def default_split_of(domain: str, *, rule_set: RuleSet) -> Split:
    """Return who pays which share of a need when nothing else is known."""
    payer = rule_set.payers[domain]
    shares = rule_set.joint_shares if payer == JOINT else {payer: BASIS_POINTS}
    return Split(rule=SplitRule.DOMAIN, shares=shares)


def split_of_whole(*, facts: CaseFacts, rule_set: RuleSet) -> Split:
    """Return who pays which share of an amount that is not of one domain: a one-off budget."""
    overall = _split_of_case(None, facts=facts, rule_set=rule_set)
    if overall is not None:
        return overall
    if facts.disputed:
        return Split(rule=SplitRule.DISPUTED, shares=HALF_AND_HALF)
    return Split(rule=SplitRule.DOMAIN, shares=rule_set.joint_shares)


def _split_of_case(domain: str | None, *, facts: CaseFacts, rule_set: RuleSet) -> Split | None:
    if facts.basis == CHC:
        return Split(rule=SplitRule.CHC, shares={NHS: BASIS_POINTS})
    if facts.basis == SECTION_117:
        return Split(rule=SplitRule.SECTION_117, shares=rule_set.section_117_shares)
    for row in rule_set.section_75:
        if row.domain in {None, domain} and row.cohort in {None, facts.condition_group}:
            return Split(rule=SplitRule.SECTION_75, shares=row.shares)
    return None


def from_content(name: str, content: Mapping[str, Any], *, domains: Sequence[str]) -> RuleSet:
    """Return the rule set that a proposal holds, with every domain in it.

    Raises:
        RuleSetUnfitError: names the field that does not do.
    """
    _check_domains(content, domains=domains)
    _check_shares("joint_shares", content["joint_shares"])
    _check_shares("section_117_shares", content["section_117_shares"])
    for row in content["section_75"]:
        _check_shares("section_75", row["shares"])
    bands = tuple(Band(**band) for band in content["bands"])
    _check_bands(bands)
    _check_limits(content["floor_pence"], content["ceiling_pence"])
    return RuleSet(
        name=name,
        **{**content, "section_75": _rows(content["section_75"]), "bands": bands},
    )


def _rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Section75Row, ...]:
    return tuple(Section75Row(**row) for row in rows)


def _check_domains(content: Mapping[str, Any], *, domains: Sequence[str]) -> None:
    for part in ("payers", "weights"):
        unlike = sorted(set(content[part]) ^ set(domains))
        if unlike:
            raise RuleSetUnfitError(
                f"These domains are missing or unknown: {', '.join(unlike)}.", field=part
            )


def _check_shares(part: str, shares: Mapping[str, int]) -> None:
    is_fit = set(shares) <= set(FUNDERS) and min(shares.values(), default=-1) >= 0
    if not is_fit or sum(shares.values()) != BASIS_POINTS:
        raise RuleSetUnfitError("Shares are of NHS and council, 10,000 in all.", field=part)


def _check_bands(bands: Sequence[Band]) -> None:
    """Make sure that a higher need never comes to a lower amount, and that each has a band."""
    ends = [band.up_to_28ths for band in bands]
    amounts = [band.amount_pence for band in bands]
    below = [end for end in ends[:-1] if end is not None]
    is_complete = bool(ends) and ends[-1] is None and len(below) == len(ends) - 1
    if not is_complete or below != sorted(set(below)) or amounts != sorted(amounts):
        raise RuleSetUnfitError(
            "Bands rise in points and amounts, and the last has no end.", field="bands"
        )


def _check_limits(floor_pence: int | None, ceiling_pence: int | None) -> None:
    if floor_pence is not None and ceiling_pence is not None and floor_pence > ceiling_pence:
        raise RuleSetUnfitError("The floor lies above the ceiling.", field="floor_pence")
