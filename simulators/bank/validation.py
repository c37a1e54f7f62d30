"""What a payment order must look like. Fields we do not know are refused."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from simulators.bank.problems import ProblemError

REFERENCE_LENGTH = 36
REMITTANCE_LENGTH = 18
NAME_LENGTH = 70


def text(*, shortest: int, longest: int) -> Callable[[object], str | None]:
    def check(value: object) -> str | None:
        if isinstance(value, str) and shortest <= len(value) <= longest:
            return None
        return f"Must be text of {shortest} to {longest} characters."

    return check


def digits(*, length: int) -> Callable[[object], str | None]:
    def check(value: object) -> str | None:
        if isinstance(value, str) and re.fullmatch(f"[0-9]{{{length}}}", value):
            return None
        return f"Must be text of {length} digits."

    return check


def is_amount_pence(value: object) -> str | None:
    return None if type(value) is int and value > 0 else "Must be a whole number of pence above 0."


def is_gbp(value: object) -> str | None:
    return None if value == "GBP" else "Must be GBP."


def is_object(value: object) -> str | None:
    return None if isinstance(value, Mapping) else "Must be an object."


ORDER_FIELDS: Mapping[str, Callable[[object], str | None]] = {
    "reference": text(shortest=1, longest=REFERENCE_LENGTH),
    "amount_pence": is_amount_pence,
    "currency": is_gbp,
    "payee": is_object,
    "payee.name": text(shortest=1, longest=NAME_LENGTH),
    "payee.sort_code": digits(length=6),
    "payee.account_number": digits(length=8),
    "remittance": text(shortest=0, longest=REMITTANCE_LENGTH),
}


def check_order(order: object) -> dict[str, Any]:
    """Return the order, if it can be taken.

    Raises:
        ProblemError: 400 not a JSON object; 422 fields missing, wrong or unknown, each named.
    """
    if not isinstance(order, dict):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    payee = order.get("payee")
    found = dict(order)
    if isinstance(payee, Mapping):
        found |= {f"payee.{name}": value for name, value in payee.items()}
    wrong = {name: "Unknown field." for name in found if name not in ORDER_FIELDS}
    for name, check in ORDER_FIELDS.items():
        complaint = check(found[name]) if name in found else "Missing."
        if complaint is not None:
            wrong[name] = complaint
    if wrong:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"Wrong: {', '.join(sorted(wrong))}.",
            fields=wrong,
        )
    return order
