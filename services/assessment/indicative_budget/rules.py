"""The published rule sets: what a point of need is worth, who pays for which domain, bands."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import Refusal

NHS, COUNCIL, JOINT = "nhs", "council", "joint"


class AmountNotToldError(Refusal):
    """Nothing is planned before the person knows what they may plan with, and why."""

    code = "amount_not_told"
    next_step: ClassVar[str] = (
        "Wait until the letter or e-mail with the amount has arrived, or tell the person and"
        " record that."
    )


def check_told(*, is_told: bool) -> None:
    if not is_told:
        raise AmountNotToldError("The person has not been told the amount yet.")


class BudgetKind(enum.StrEnum):
    ONE_OFF_RECOVERY = "one_off_recovery"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A one-off amount for up to so many points of need; ``None``: however many."""

    up_to_28ths: int | None
    words: str
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A published way to work out an indicative budget. One that was used never changes."""

    name: str
    rates_pence: Mapping[str, int]  # a year, for one point of need, by funder
    payers: Mapping[str, str]  # who pays for a domain: nhs, council or joint
    weights: Mapping[str, int]  # how much a domain counts
    joint_shares_basis_points: Mapping[str, int]  # add up to 10,000
    reserve_basis_points: int  # each funder's promise for a crisis, beside the total
    bands: tuple[Band, ...]  # from few points to many


_COUNCIL_DOMAINS = ("A1", "A2", "A3", "A4", "A5", "A6", "A8", "A9", "A10")
_NHS_DOMAINS = ("B1", "B2", "B3", "B4", "B5", "C1", "C3", "C9")
_JOINT_DOMAINS = ("A7", "B6", "C2")

# Rates and bands are local policy and illustrative here. A new year gets a new rule set
# beside this one, so that an earlier amount can always be worked out again.
ILLUSTRATIVE_2026_1 = RuleSet(
    name="illustrative-2026-1",
    rates_pence={COUNCIL: 80_00, NHS: 90_00},
    payers=dict.fromkeys(_COUNCIL_DOMAINS, COUNCIL)
    | dict.fromkeys(_NHS_DOMAINS, NHS)
    | dict.fromkeys(_JOINT_DOMAINS, JOINT),
    weights=dict.fromkeys((*_COUNCIL_DOMAINS, *_NHS_DOMAINS, *_JOINT_DOMAINS), 1),
    joint_shares_basis_points={COUNCIL: 5_000, NHS: 5_000},
    reserve_basis_points=1_000,
    bands=(
        Band(up_to_28ths=8 * 28 - 1, words="fewer than 8 points", amount_pence=400_00),
        Band(up_to_28ths=15 * 28, words="8 to 15 points", amount_pence=700_00),
        Band(up_to_28ths=None, words="more than 15 points", amount_pence=1_000_00),
    ),
)

RULE_SETS: Mapping[str, RuleSet] = {ILLUSTRATIVE_2026_1.name: ILLUSTRATIVE_2026_1}
CURRENT = ILLUSTRATIVE_2026_1
