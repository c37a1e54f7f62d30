"""How much of a reserve becomes usable, whose it is, and what of it goes back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, FunderNotInBudgetError, entry
from services.budget.agreements.rules import NotAPartnerError, SignatureMissingError
from shared.errors import IdReusedError, NotFoundError, Refusal
from shared.money import divide


class ReserveDiffersError(IdReusedError):
    """The id is that of another reserve."""


class CrisisDiffersError(IdReusedError):
    """The id is that of another crisis, or of the same with another cap."""


class ReserveExistsError(Refusal):
    """The budget has a reserve."""

    code = "reserve_exists"
    next_step = "Use the reserve that is promised; its query shows how it stands."


class ReserveNotPromisedError(NotFoundError):
    """Nobody promised a reserve for this budget."""

    code = "reserve_not_promised"
    next_step = "Have the funders promise a reserve first."


class ReserveUsedUpError(Refusal):
    """Nothing of the reserve stands any more."""

    code = "reserve_used_up"
    next_step = "Ask the funders what else can be done; what was promised has been used."


class CrisisActiveError(Refusal):
    """The reserve was activated for another crisis, which goes on."""

    code = "crisis_active"
    next_step = "Stand the other crisis down first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What of one funder's activated part was not used, by how it goes back, in pence."""

    funder_id: UUID
    unpromised_pence: int  # never paid in: it is owed no more
    repaid_pence: int  # paid in: it is the funder's again

    @property
    def pence(self) -> int:
        return self.unpromised_pence + self.repaid_pence


def see_that_it_can_be_promised(
    *, parts: Collection[UUID], signed_by: Collection[UUID], funders: Collection[UUID]
) -> None:
    """Look whether those who promise pay into the budget and have signed.

    Raises:
        FunderNotInBudgetError: one of them does not.
        NotAPartnerError: somebody else signed.
        SignatureMissingError: one of them has not.
    """
    if not set(parts) <= set(funders):
        raise FunderNotInBudgetError("A funder of this pays nothing into this budget.")
    if not set(signed_by) <= set(funders):
        raise NotAPartnerError("Somebody signed who pays nothing into this budget.")
    missing = set(parts) - set(signed_by)
    if missing:
        raise SignatureMissingError("A funder that promises has not signed.", missing=len(missing))


def usable(*, cap_pence: int, standing: Mapping[UUID, int]) -> dict[UUID, int]:
    """Divide what becomes usable between those whose promises stand, in proportion to them.

    Args:
        cap_pence: the most that the crisis plan allows.
        standing: what each promised, less what was used of it before.

    Raises:
        ReserveUsedUpError: nothing stands.
    """
    stands_pence = sum(standing.values())
    if not stands_pence:
        raise ReserveUsedUpError("Nothing of this reserve is left.")
    parts = divide(amount_pence=min(cap_pence, stands_pence), weights=standing)
    return {funder_id: pence for funder_id, pence in parts.items() if pence}


def returned(
    funder_id: UUID, *, activated_pence: int, free_pence: int, not_paid_in_pence: int
) -> Returned:
    """Return what goes back of one funder's activated part when the crisis is over.

    Of all the funder's money the reserve is used last: what is free now, up to its part, was not
    used. What is held stays for its purchase.

    Args:
        funder_id: whose part it is.
        activated_pence: how much it was.
        free_pence: what is free now of this funder's money.
        not_paid_in_pence: what has not come in of the part.
    """
    unused_pence = min(activated_pence, free_pence)
    unpromised_pence = min(unused_pence, not_paid_in_pence)
    return Returned(
        funder_id=funder_id,
        unpromised_pence=unpromised_pence,
        repaid_pence=unused_pence - unpromised_pence,
    )


def promised_entries(parts: Mapping[UUID, int]) -> list[Entry]:
    """Return the entries of a reserve that stands, for the first time or again."""
    return [
        entry(funder_id, AccountKind.RESERVE_PROMISED, AccountKind.RESERVE, pence)
        for funder_id, pence in parts.items()
    ]


def called_entries(parts: Mapping[UUID, int]) -> list[Entry]:
    """Return the entries of what is called of a reserve: it is a contribution from then on."""
    return [
        entry(funder_id, AccountKind.RESERVE, AccountKind.RESERVE_PROMISED, pence)
        for funder_id, pence in parts.items()
    ]


def stood_down_entries(parts: Iterable[Returned]) -> list[Entry]:
    """Return the entries of what stands again, and of what was paid in of it and goes back."""
    found = list(parts)
    repaid = [
        entry(one.funder_id, AccountKind.AVAILABLE, AccountKind.REPAID, one.repaid_pence)
        for one in found
    ]
    return [*repaid, *promised_entries({one.funder_id: one.pence for one in found})]
