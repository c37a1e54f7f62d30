"""What is done with a direct payment. Nobody asks for it from the edge."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDirectPayment:
    """Order the transfer of a direct payment, if its account can be paid."""

    payment_id: UUID
