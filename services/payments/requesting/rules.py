"""Whether two items are bought as one."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An item of a plan, and the names of who is paid for it, as names are compared."""

    item_id: UUID
    payees: frozenset[str]  # by the plan, and whom it is linked to


def is_alike(one: Named, other: Named) -> bool:
    """Say whether purchases of two items count together: the same item, or the same payee."""
    return one.item_id == other.item_id or not one.payees.isdisjoint(other.payees - {""})
