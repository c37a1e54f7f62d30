"""Who pays which part: shares fixed once at sign-off, and what the person gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from shared.errors import Refusal
from shared.money import divide

BASIS_POINTS = 10_000
CHARGEABLE_BASES = frozenset({"care_act"})  # section 117 and NHS care are never charged for


class SharesNotWholeError(Refusal):
    """The funders' shares do not make a whole."""

    code = "shares_not_whole"
    next_step = "Agree shares that add up to 10,000 basis points."

    def __init__(self, *, total_basis_points: int) -> None:
        super().__init__(
            "The funders' shares do not add up to 10,000 basis points.",
            total_basis_points=total_basis_points,
        )


class AgreementExistsError(Refusal):
    """The shares of this budget are agreed; contributions have been called for."""

    code = "agreement_exists"
    next_step = "A changed agreement makes a new version of the budget."


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What one funder agreed to pay of the joint items, and what of it is spent or held."""

    funder_id: str
    agreed_pence: int
    spent_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """What an item costs in all, and who pays it: ``joint``, ``nhs`` or ``council``."""

    payer: str
    total_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedParts:
    """What each funder pays: of the joint items, and in all."""

    joint_pence: Mapping[str, int]
    total_pence: Mapping[str, int]


def agreed_parts(
    *, items: Sequence[PlannedItem], shares_basis_points: Mapping[str, int]
) -> AgreedParts:
    """Divide a plan between its funders, once.

    The joint items' total is divided by the agreed shares; an item of one funder is that
    funder's alone. The parts add up to the plan's total.

    Raises:
        SharesNotWholeError: the shares do not add up to 10,000.
    """
    total_basis_points = sum(shares_basis_points.values())
    if total_basis_points != BASIS_POINTS or min(shares_basis_points.values()) < 0:
        raise SharesNotWholeError(total_basis_points=total_basis_points)
    joint_total = sum(item.total_pence for item in items if item.payer == "joint")
    joint = divide(amount_pence=joint_total, weights=shares_basis_points)
    total = {
        funder_id: joint[funder_id]
        + sum(item.total_pence for item in items if item.payer == funder_id)
        for funder_id in shares_basis_points
    }
    return AgreedParts(joint_pence=MappingProxyType(joint), total_pence=MappingProxyType(total))


def person_contribution_pence(
    *, legal_basis: str, weekly_contribution_pence: int, weeks: int, council_part_pence: int
) -> int:
    """Return what the person pays towards the council's part, in pence.

    Only care under the Care Act 2014 may be charged for (s.14); aftercare under section 117
    of the Mental Health Act 1983 and NHS care are free. Never more than the council's part.

    Args:
        legal_basis: why the person is entitled to the budget.
        weekly_contribution_pence: what the council's financial assessment says, in pence.
        weeks: for how many weeks.
        council_part_pence: what the council agreed to pay, in pence.
    """
    if legal_basis not in CHARGEABLE_BASES:
        return 0
    return min(weekly_contribution_pence * weeks, council_part_pence)


def apportion(*, amount_pence: int, fundings: Sequence[Funding]) -> dict[str, int]:
    """Split a spend on joint items between funders in proportion to what each agreed to pay.

    An item that one funder pays alone is not apportioned. At sign-off the joint items'
    total is divided once by the agreed shares (largest remainder); those pence are the
    ``agreed_pence`` here, and ``spent_pence`` counts what is held as well as what is
    captured, so that a plan can be spent to its last penny.

    Each funder owes its exact share of everything spent, this spend included, less what it
    has spent; it pays that rounded down, and the odd pennies, always fewer than there are
    funders, go to whoever then owes most. So a penny by which somebody is ahead, after a
    capture of less than was held, is made good by the next spend, and no body drifts. Who is
    ahead by more than the whole spend pays nothing. A refund is not apportioned afresh: it
    reverses the portions of its spend. The values add up to ``amount_pence``.

    Args:
        amount_pence: what is spent, more than 0.
        fundings: of the joint items, which together cost more than 0.
    """
    agreed_total = sum(funding.agreed_pence for funding in fundings)
    running_total = amount_pence + sum(funding.spent_pence for funding in fundings)
    owed: dict[str, Fraction] = {}
    for funding in fundings:
        share = Fraction(funding.agreed_pence, agreed_total)
        owed[funding.funder_id] = max(Fraction(0), share * running_total - funding.spent_pence)

    owed_total = sum(owed.values())
    exact = {funder_id: part * amount_pence / owed_total for funder_id, part in owed.items()}
    portions = {funder_id: int(part) for funder_id, part in exact.items()}
    odd_pennies = amount_pence - sum(portions.values())
    most_owed_first = sorted(
        exact, key=lambda funder_id: (portions[funder_id] - exact[funder_id], funder_id)
    )
    for funder_id in most_owed_first[:odd_pennies]:
        portions[funder_id] += 1
    return portions
