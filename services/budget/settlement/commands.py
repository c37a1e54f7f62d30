"""What can be asked about debts that were paid."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRecharge:
    """Book that one funder paid another the whole of what a run came to between them."""

    run_id: UUID
    debtor_id: UUID
    creditor_id: UUID
    amount_pence: int
    bank_reference: str
