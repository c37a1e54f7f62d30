"""Who bears overspends and underspends: where they fall, by percentage, or up to a maximum."""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, account_name, flow
from services.budget.holds.rules import Host
from shared.errors import IdReusedError, Refusal
from shared.money import divide

WHOLE_BASIS_POINTS = 10_000


class RiskRuleKind(enum.StrEnum):
    """How partners share risk. A section 75 agreement says which (SI 2000/617, reg. 7(3))."""

    LIE_WHERE_IT_FALLS = "lie_where_it_falls"
    PERCENTAGE = "percentage"
    CAPPED = "capped"  # by percentage, up to a maximum for a partner


class Shared(enum.StrEnum):
    """What is shared, by the account on which it stands."""

    OVERSPENT = AccountKind.OVERSPENT.value
    UNDERSPENT = AccountKind.AVAILABLE.value


class RuleMissingError(Refusal):
    """The partners have signed no rule for this year."""

    code = "rule_missing"
    next_step = "Have the partners sign a rule; it may say that risk lies where it falls."


class AlreadySharedError(Refusal):
    """The year's risk was shared."""

    code = "already_shared"
    next_step = "Look up the run of this year; a new rule counts for years that are not shared."


class YearNotOverError(Refusal):
    """There may still be spending in the year."""

    code = "year_not_over"
    next_step = "Ask again when the financial year is over, or ask for a dry run now."


class RiskRuleWrongError(Refusal):
    """The rule does not say what its kind needs."""

    code = "risk_rule_wrong"
    next_step = "Give a part for each partner, and a maximum only in a capped rule; or no parts."


class RiskRuleDiffersError(IdReusedError):
    """The id is that of another rule."""


class RiskShareDiffersError(IdReusedError):
    """The id is that of the sharing of another pool or year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a partner bears of the whole, and the most it takes on of the others'."""

    funder_id: UUID
    basis_points: int
    most_pence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one funder has spent too much, or too little, in one budget; above nothing."""

    budget_id: UUID
    funder_id: UUID
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """What was found in all budgets of a pool at the end of a year."""

    overspent: Sequence[Found]
    underspent: Sequence[Found]

    @property
    def budget_ids(self) -> set[UUID]:
        return {one.budget_id for one in (*self.overspent, *self.underspent)}

    def only(self, budget_ids: Collection[UUID]) -> "Outturn":
        """Return what was found in these budgets."""
        return Outturn(
            overspent=[one for one in self.overspent if one.budget_id in budget_ids],
            underspent=[one for one in self.underspent if one.budget_id in budget_ids],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What comes to be due between two funders in one budget, so that risk is shared."""

    budget_id: UUID
    shared: Shared
    payer_id: UUID
    receiver_id: UUID
    amount_pence: int


def see_that_it_is_a_rule(
    kind: RiskRuleKind, parts: Sequence[Part], *, partner_ids: Collection[UUID]
) -> None:
    """Look whether a rule says what its kind needs.

    Raises:
        RiskRuleWrongError: it does not.
    """
    if kind is RiskRuleKind.LIE_WHERE_IT_FALLS:
        if parts:
            raise RiskRuleWrongError("What lies where it falls has no parts.")
        return
    if sorted(part.funder_id for part in parts) != sorted(partner_ids):
        raise RiskRuleWrongError("The rule does not name each partner once.")
    if sum(part.basis_points for part in parts) != WHOLE_BASIS_POINTS:
        raise RiskRuleWrongError("The parts do not make a whole.")
    if any(part.most_pence is not None for part in parts) != (kind is RiskRuleKind.CAPPED):
        raise RiskRuleWrongError("A capped rule has a maximum, and no other rule has one.")


def year_of(financial_year: int) -> tuple[date, date]:
    """Return the first and the last day of a financial year: 1 April to 31 March."""
    return date(financial_year, 4, 1), date(financial_year + 1, 3, 31)


def see_that_year_is_over(financial_year: int, *, today: date) -> None:
    """Look whether a year can be shared.

    Raises:
        YearNotOverError: it is not over.
    """
    if today <= year_of(financial_year)[1]:
        raise YearNotOverError("This financial year is not over.")


def planned(found: Outturn, *, parts: Sequence[Part]) -> list[Move]:
    """Return what has to move so that each partner bears its part of all overspends.

    The same with underspends, of which there is no maximum. What each partner has to take on or
    hand over is worked out once for the pool and the year, to the penny, and then found in
    budgets, in their order. In each budget as much is there as before: only whose it is changes.
    Without parts everything lies where it falls.
    """
    uncapped = [Part(funder_id=one.funder_id, basis_points=one.basis_points) for one in parts]
    return [
        *_moves(Shared.OVERSPENT, found.overspent, parts),
        *_moves(Shared.UNDERSPENT, found.underspent, uncapped),
    ]


def _moves(shared: Shared, found: Sequence[Found], parts: Sequence[Part]) -> Iterator[Move]:
    """Yield the moves, budget by budget, that bring everybody to its part.

    Who takes an overspend on pays for it; who hands money that is left over pays it.
    """
    left = taken_on(_by_funder(found), parts) if parts else {}
    for one in sorted(found, key=lambda one: (one.budget_id, one.funder_id)):
        giver_id, there_pence = one.funder_id, one.amount_pence
        for taker_id in sorted(left):
            amount_pence = min(there_pence, -left[giver_id], left[taker_id])
            if amount_pence > 0:
                there_pence -= amount_pence
                left[giver_id] += amount_pence
                left[taker_id] -= amount_pence
                is_cost = shared is Shared.OVERSPENT
                yield Move(
                    budget_id=one.budget_id,
                    shared=shared,
                    payer_id=taker_id if is_cost else giver_id,
                    receiver_id=giver_id if is_cost else taker_id,
                    amount_pence=amount_pence,
                )


def _by_funder(found: Iterable[Found]) -> dict[UUID, int]:
    pence: dict[UUID, int] = {}
    for one in found:
        pence[one.funder_id] = pence.get(one.funder_id, 0) + one.amount_pence
    return pence


def taken_on(own_pence: Mapping[UUID, int], parts: Sequence[Part]) -> dict[UUID, int]:
    """Return what each partner takes on of the others', or hands over where below nothing.

    The whole is divided by the parts, by largest remainder. What is beyond a partner's maximum
    lies where it falls: those who would have handed it over keep it, in proportion. The values
    come to nothing together.

    Args:
        own_pence: what fell to each, in pence, none below nothing.
        parts: of each partner, a whole together.
    """
    whole_pence = sum(own_pence.values())
    borne = divide(
        amount_pence=whole_pence, weights={part.funder_id: part.basis_points for part in parts}
    )
    steps = {funder_id: pence - own_pence.get(funder_id, 0) for funder_id, pence in borne.items()}
    taken = {
        part.funder_id: _within(steps[part.funder_id], part.most_pence)
        for part in parts
        if steps[part.funder_id] > 0
    }
    would_give = {funder_id: -pence for funder_id, pence in steps.items() if pence < 0}
    if not would_give:
        return dict.fromkeys(steps, 0)
    given = divide(amount_pence=sum(taken.values()), weights=would_give)
    return {
        **dict.fromkeys(steps, 0),
        **taken,
        **{funder_id: -pence for funder_id, pence in given.items()},
    }


def _within(pence: int, most_pence: int | None) -> int:
    return pence if most_pence is None else min(pence, most_pence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What one partner comes to owe another over all budgets, in pence."""

    shared: Shared
    payer_id: UUID
    receiver_id: UUID
    amount_pence: int


def added_up(moves: Iterable[Move]) -> list[Due]:
    """Return what each partner comes to owe each other one, in a fixed order."""
    pence: dict[tuple[Shared, UUID, UUID], int] = {}
    for move in moves:
        due = (move.shared, move.payer_id, move.receiver_id)
        pence[due] = pence.get(due, 0) + move.amount_pence
    return [
        Due(shared=shared, payer_id=payer_id, receiver_id=receiver_id, amount_pence=amount_pence)
        for (shared, payer_id, receiver_id), amount_pence in sorted(pence.items())
    ]


def risk_share_entries(
    moves: Iterable[Move], *, codes: Mapping[UUID, str], host: Host
) -> list[Entry]:
    """Return the entries of one budget's moves: due between two partners by way of the host.

    Who pays has more overspent, or less available, and owes it; who receives has it the other way
    round. What two other partners have to do with each other the host owes the one and is owed
    by the other.
    """
    entries: list[Entry] = []
    for move in moves:
        account, pence = move.shared.value, move.amount_pence
        of_host: list[tuple[str, int]] = []  # what leaves the host's accounts, or reaches them
        for funder_id, step_pence in ((move.payer_id, pence), (move.receiver_id, -pence)):
            if funder_id == host.funder_id:
                of_host.append((account, step_pence))
                continue
            due, mirrored = _due(step_pence)
            due_name = account_name(due, host.code)
            entries += flow(funder_id, [(account, step_pence)], [(due_name, step_pence)])
            of_host.append((account_name(mirrored, codes[funder_id]), step_pence))
        entries += flow(host.funder_id, of_host, [])
    return entries


def _due(step_pence: int) -> tuple[AccountKind, AccountKind]:
    """Return where it is due in the book of who pays, or receives, and in the host's."""
    if step_pence > 0:
        return AccountKind.DUE_TO, AccountKind.DUE_FROM
    return AccountKind.DUE_FROM, AccountKind.DUE_TO
