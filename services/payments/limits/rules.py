"""Who may ask for how much without approval, and who may approve what is above."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from shared.errors import NotFoundError, Refusal

# What is asked for in parts within so many days is compared with limits as a whole. Until a place
# sets its own; local policy, made up by us: to be confirmed by the partners.
COUNTS_FOR_DAYS = 30


Rule = TypeVar("Rule")
BROKER = "broker"  # the role of whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a role in a person's care team may ask for alone, and what it may approve, in pence."""

    asks_up_to_pence: int
    approves_up_to_pence: int
    counts_for_days: int = COUNTS_FOR_DAYS  # so long what was asked for counts with what is alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is compared with limits: what is asked for, in pence, with what is like it.

    A purchase that is asked for in several parts is one. What a shop may take beyond the amount
    is money that may be spent, too.
    """

    amount_pence: int
    tolerance_pence: int = 0
    others_pence: int = 0  # asked for by the same person, for the same item or payee, lately

    @property
    def pence(self) -> int:
        return self.amount_pence + self.tolerance_pence + self.others_pence


NOTHING = Limit(asks_up_to_pence=0, approves_up_to_pence=0)

# Until a place sets its own. Local policy, made up by us: to be confirmed by the partners.
DEFAULTS: Mapping[str, Limit] = {
    BROKER: Limit(asks_up_to_pence=500_00, approves_up_to_pence=0),
    "care_coordinator": Limit(asks_up_to_pence=0, approves_up_to_pence=1_000_00),
    "team_manager": Limit(asks_up_to_pence=0, approves_up_to_pence=10_000_00),
}


class LimitInPastError(Refusal):
    """A limit cannot be set for days that are over."""

    code = "limit_in_past"
    next_step = "Set it from today or a later day on."


class LimitAlreadySetError(Refusal):
    """The role has another limit from that day on."""

    code = "limit_already_set"
    next_step = "Set the new limit from a later day on."


class UnknownLimitError(NotFoundError):
    """Nobody has set a limit for this role from that day on."""

    code = "unknown_limit"


class LimitCountsError(Refusal):
    """Nobody has to confirm it, somebody else has, or a tighter one came in its place."""

    code = "limit_counts_already"
    next_step = "Set another limit, from a later day on, if this one is not right."


class NobodyMayApproveError(Refusal):
    """No role may approve so much."""

    code = "nobody_may_approve"
    next_step = "Ask for less, or have a limit set that covers it."

    def __init__(self, counted: Counted) -> None:
        super().__init__(
            "Nobody may approve an amount like this, with what was asked for like it lately.",
            amount_pence=counted.amount_pence,
            tolerance_pence=counted.tolerance_pence,
            others_pence=counted.others_pence,
            counted_pence=counted.pence,
        )


class SamePersonError(Refusal):
    """Whoever asks cannot be the one who approves."""

    code = "same_person"
    next_step = "Have somebody else look at it."


class NotAllowedToApproveError(Refusal):
    """The approver has no role in the person's care team that may approve so much."""

    code = "not_allowed_to_approve"
    next_step = "Ask somebody on the care team whose role may approve this amount."

    def __init__(self, *, counted_pence: int) -> None:
        super().__init__("Their role may not decide about this.", counted_pence=counted_pence)


def see_that_it_is_not_past(from_on: date, *, today: date) -> None:
    """Look whether a limit counts from today or a later day on.

    Raises:
        LimitInPastError: it would change what was right on a day that is over.
    """
    if from_on < today:
        raise LimitInPastError("A limit cannot be set for days that are over.")


# Each thing that a limit says, and whether one lets a role do more than another by it. What is
# asked for in parts over a longer time than is counted is not seen to be one purchase.
LOOSENS: Mapping[str, Callable[[Limit, Limit], bool]] = {
    "asks_up_to_pence": lambda limit, before: limit.asks_up_to_pence > before.asks_up_to_pence,
    "approves_up_to_pence": lambda limit, before: (
        limit.approves_up_to_pence > before.approves_up_to_pence
    ),
    "counts_for_days": lambda limit, before: limit.counts_for_days < before.counts_for_days,
}


def loosened(limit: Limit, *, before: Limit) -> list[str]:
    """Return by what a limit lets a role do more than the one in whose place it comes.

    Where there is anything, a second person confirms it; a limit that only tightens counts at
    once, so that whoever sees a danger need not wait for anybody. Local policy, to be confirmed.
    """
    return [name for name, is_looser in LOOSENS.items() if is_looser(limit, before)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[Rule]):
    """A rule that counts from a day on, and when the last who had to say so said so."""

    rule: Rule
    at: datetime
    is_by_two: bool


def in_force(
    said: Iterable[Said[Rule]], *, first: Rule, tightest: Callable[[Rule, Rule], Rule]
) -> Rule:
    """Return what holds after all that was said, each of which takes the place of the one before.

    What one person said was seen to be no looser than what held on its first day as known then.
    Where an earlier day's rule became known only later, it is no looser than that either.

    Args:
        said: what counts, in the order of the first days.
        first: what stands in before anything was said.
        tightest: returns what of two rules is tighter, by each thing that they say.
    """
    rule, known_at = first, None
    for one in said:
        if one.is_by_two or known_at is None or known_at < one.at:
            rule, known_at = one.rule, one.at
        else:
            rule = tightest(one.rule, rule)
    return rule


def tightest(one: Limit, other: Limit) -> Limit:
    """Return the tighter of two limits, by each thing that they say."""
    return Limit(
        asks_up_to_pence=min(one.asks_up_to_pence, other.asks_up_to_pence),
        approves_up_to_pence=min(one.approves_up_to_pence, other.approves_up_to_pence),
        counts_for_days=max(one.counts_for_days, other.counts_for_days),
    )


def needs_approval(limit: Limit, counted: Counted) -> bool:
    """Say whether somebody else has to approve what is asked for."""
    return counted.pence > limit.asks_up_to_pence


def first_approver(limits: Mapping[str, Limit], *, counted_pence: int) -> str | None:
    """Return the role with the smallest limit that may approve so much; None: nobody may."""
    able = [
        (limit.approves_up_to_pence, role)
        for role, limit in limits.items()
        if limit.approves_up_to_pence >= counted_pence
    ]
    return min(able)[1] if able else None


def may_approve(roles: Iterable[str], limits: Mapping[str, Limit], *, counted_pence: int) -> bool:
    """Say whether one of somebody's roles may approve so much."""
    return any(limits.get(role, NOTHING).approves_up_to_pence >= counted_pence for role in roles)


def see_that_two_decide(*, asked_by: UUID, decided_by: UUID) -> None:
    """Look whether somebody else decides than who asked.

    Raises:
        SamePersonError: it is the same person.
    """
    if asked_by == decided_by:
        raise SamePersonError("Whoever asks does not approve.")
