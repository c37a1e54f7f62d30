"""What becomes of money that is left at the end of a financial year."""

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, account_name, paired
from services.budget.agreements.rules import Funding, apportion
from shared.errors import IdReusedError, Refusal

AVAILABLE = account_name(AccountKind.AVAILABLE)
LAPSED = account_name(AccountKind.LAPSED)


class Leftover(enum.StrEnum):
    """What a partner does with what is left of its money."""

    CARRY = "carry"  # it stays and is spent in the new year
    LAPSE = "lapse"  # it goes back to the partner
    SHARE = "share"  # it is put together with others', divided by the rule, and goes back


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEndRule:
    """What one partner of a pool agreed to do with what is left."""

    funder_id: UUID
    leftover: Leftover
    numerator: int | None  # its part of what is shared; None where it does not share


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEndLine:
    """What became of one partner's money in one budget, in pence.

    What was left and what is due from others make up what is carried and what lapses.
    """

    funder_id: UUID
    left_pence: int
    carried_pence: int
    lapsed_pence: int
    due_pence: int  # from the others; below nothing: to them


class RuleMissingError(Refusal):
    """A partner has money left, and nobody said what becomes of it."""

    code = "rule_missing"
    next_step = "Say for each partner whether it carries, lapses or shares what is left."


class RulesWrongError(Refusal):
    """The rules do not say one thing for each partner."""

    code = "rules_wrong"
    next_step = "Give each partner of the pool one rule, and those who share a part each."


class YearEndDiffersError(IdReusedError):
    """The end of the financial year was begun by other rules."""


def see_that_they_are_whole(rules: Sequence[YearEndRule], *, partner_ids: Collection[UUID]) -> None:
    """Look whether rules are of partners, one each, with a part for those who share and no other.

    Raises:
        RulesWrongError: they are not.
    """
    named = [rule.funder_id for rule in rules]
    if len(set(named)) != len(named) or not set(named) <= set(partner_ids):
        raise RulesWrongError("The rules are not one for each partner of the pool.")
    if any((rule.leftover is Leftover.SHARE) != (rule.numerator is not None) for rule in rules):
        raise RulesWrongError("Only those who share have a part, and each of them has one.")


def left_pence(
    *, closing_pence: int, held_pence: int, free_now_pence: int, charged_pence: int
) -> int:
    """Return what of a partner's own money of a year is left and can be dealt with, in pence.

    Args:
        closing_pence: what was available when the year was closed.
        held_pence: what purchases held of it then.
        free_now_pence: what is free now: nobody is given back what is spent meanwhile.
        charged_pence: what the person was charged towards it. It stays, and goes back to the person
            by a repayment: it is no partner's, and the NHS may not have it (NHS Act 2006, s. 1).
    """
    return max(0, min(closing_pence - held_pence, free_now_pence) - charged_pence)


def lines(left: Mapping[UUID, int], rules: Sequence[YearEndRule], *, tie: int) -> list[YearEndLine]:
    """Return what becomes of what each partner has left in one budget, in pence.

    Those who share have it divided between them by their parts, to the penny.

    Args:
        left: by partner, none below nothing.
        rules: of partners, one each.
        tie: where two have the same claim to an odd penny, this decides: the budget's id does it
            fairly over many budgets.

    Raises:
        RuleMissingError: a partner with money left has none.
    """
    rule_of = {rule.funder_id: rule for rule in rules}
    missing = [one for one, pence in left.items() if pence and one not in rule_of]
    if missing:
        raise RuleMissingError(
            "There is no rule for what a partner has left.", missing=len(missing)
        )
    shared = _shared(left, rules, tie=tie)
    return [
        _line(funder_id, pence, rule_of.get(funder_id), shared.get(funder_id, 0))
        for funder_id, pence in left.items()
    ]


def _shared(left: Mapping[UUID, int], rules: Sequence[YearEndRule], *, tie: int) -> dict[UUID, int]:
    """Return what each of those who share gets of what they have left together."""
    fundings = [
        Funding(funder_id=rule.funder_id, weight=rule.numerator)
        for rule in rules
        if rule.numerator is not None and rule.funder_id in left
    ]
    total_pence = sum(left[funding.funder_id] for funding in fundings)
    if not total_pence:
        return {}
    return apportion(amount_pence=total_pence, fundings=fundings, tie=tie)


def _line(funder_id: UUID, pence: int, rule: YearEndRule | None, shared_pence: int) -> YearEndLine:
    leftover = rule.leftover if rule else Leftover.CARRY  # of nothing
    lapsed_pence = {
        Leftover.CARRY: 0,
        Leftover.LAPSE: pence,
        Leftover.SHARE: shared_pence,
    }[leftover]
    is_shared = leftover is Leftover.SHARE
    return YearEndLine(
        funder_id=funder_id,
        left_pence=pence,
        carried_pence=pence if leftover is Leftover.CARRY else 0,
        lapsed_pence=lapsed_pence,
        due_pence=shared_pence - pence if is_shared else 0,
    )


def entries(
    made: Sequence[YearEndLine], *, codes: Mapping[UUID, str], host_id: UUID
) -> Iterator[Entry]:
    """Yield the entries that let money lapse and make partners owe one another by way of the host.

    What is carried moves nothing: it stays available.

    Args:
        made: what becomes of each partner's money, the host's too; what is due comes to nothing
            together.
        codes: by which the partners' accounts call one another.
        host_id: the partner that all others settle with.
    """
    of_host = [(codes[one.funder_id], -one.due_pence) for one in made if one.funder_id != host_id]
    for line in made:
        dues = of_host if line.funder_id == host_id else [(codes[host_id], line.due_pence)]
        moves = [
            (AVAILABLE, line.lapsed_pence - line.due_pence),
            *_owed(dues),
            (LAPSED, -line.lapsed_pence),
        ]
        yield from _flow(line.funder_id, moves)


def _owed(dues: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the accounts of what others owe, debited, and of what is owed to them, credited."""
    return [
        (account_name(AccountKind.DUE_FROM if pence > 0 else AccountKind.DUE_TO, code), pence)
        for code, pence in dues
    ]


def _flow(funder_id: UUID, moves: Sequence[tuple[str, int]]) -> Iterator[Entry]:
    """Yield the entries of what is debited, above nothing, and credited, below it."""
    yield from paired(
        funder_id,
        debits=[(name, pence) for name, pence in moves if pence > 0],
        credits_=[(name, -pence) for name, pence in moves if pence < 0],
    )
