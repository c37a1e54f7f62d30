"""Sort codes and account numbers: kept encrypted, opened only to order a transfer.

``PAYMENTS_PAYEE_KEYS`` lists keys as ``COMMONPURSE_SEALING_KEYS`` does, and they rotate likewise;
they are payments' alone. What is sealed opens for one version of one payee's details, so that
an account which is put in another's place is not paid.
"""

import base64
from dataclasses import dataclass
from uuid import UUID

from shared.contracts import sealing

SETTING = "PAYMENTS_PAYEE_KEYS"
SHOWN_DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a payee is paid."""

    sort_code: str  # six digits
    account_number: str  # eight digits

    def masked(self) -> str:
        """Return what tells accounts apart for whoever knows them, and nobody else."""
        return f"ends in {self.account_number[-SHOWN_DIGITS:]}"


def seal(account: Account, *, payee_id: UUID, version: int) -> str:
    """Encrypt an account for one version of a payee's details."""
    plain = f"{account.sort_code}/{account.account_number}".encode()
    about = _about(payee_id, version)
    return base64.b64encode(sealing.seal_bytes(plain, about=about, setting=SETTING)).decode()


def unseal(sealed: str, *, payee_id: UUID, version: int) -> Account:
    """Return the account.

    Raises:
        BrokenSealError: it is another payee's or version's, or sealed with a key that we lack.
    """
    about = _about(payee_id, version)
    plain = sealing.open_bytes(base64.b64decode(sealed), about=about, setting=SETTING).decode()
    sort_code, _, account_number = plain.partition("/")
    return Account(sort_code=sort_code, account_number=account_number)


def _about(payee_id: UUID, version: int) -> str:
    return f"payees/{payee_id}/{version}"
