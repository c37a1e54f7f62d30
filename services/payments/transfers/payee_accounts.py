"""SIMULATED bank details of payees.

The plan names a payee and nothing more. Until payees are kept with checked details, a made-up
account that depends on the name alone stands in, so that the bank can be asked at all. No money
moves: the bank is a simulator.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeAccount:
    sort_code: str
    account_number: str


def account_of(payee: str) -> PayeeAccount:
    """Return the made-up account of a payee; never one of the bank's special numbers."""
    number = int.from_bytes(hashlib.sha256(payee.encode()).digest()[:8], "big")
    return PayeeAccount(
        sort_code=f"{number % 1_000_000:06}",
        account_number=f"{1 + number // 1_000_000 % 99_999_999:08}",
    )
