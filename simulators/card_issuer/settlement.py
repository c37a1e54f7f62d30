"""The settlement file of a day: a row for each transaction that was processed on it."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus

from simulators.card_issuer import balances, transactions
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import Wire
from simulators.faults import Rule

# In this order in the CSV file; the README says what each is.
COLUMNS = (
    "transaction_id",
    "authorization_id",
    "card_id",
    "type",
    "amount",
    "currency",
    "merchant_amount",
    "merchant_currency",
    "processed_on",
    "fee",
)


def of_day(issuer: Issuer, day: str) -> Wire:
    """Return a day's file: its rows, oldest first, and their sums. A rule may spoil it.

    Raises:
        StripeError: no day, a day that is not over, or a file that is late.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise StripeError("A day is written as 2026-11-26.", param="day")
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise StripeError("There is no such day.", param="day") from error
    if day > issuer.clock.day():
        raise StripeError("This day has not begun.", param="day", status=HTTPStatus.NOT_FOUND)
    rule = issuer.faults.take("settlement", type=day)
    if rule and rule.variant == "late_day":
        raise StripeError("This file is not there yet.", status=HTTPStatus.NOT_FOUND)
    if rule and rule.variant == "duplicate_file":
        asked -= timedelta(days=1)
    found = rows(issuer, asked.isoformat())
    if rule:
        found = spoilt(found, rule, issuer=issuer)
    return {
        "object": "settlement_file",
        "file_id": f"settlement-{asked.isoformat()}",
        "day": asked.isoformat(),
        "rows": found,
        "total": sum(row["amount"] for row in found),
        "fees": sum(row["fee"] for row in found),
    }


def rows(issuer: Issuer, day: str) -> list[Wire]:
    processed = issuer.store.newest_first(
        transactions.KIND, fits=lambda one: one["network_data"]["processing_date"] == day
    )
    return [row(one, issuer=issuer) for one in reversed(processed)]


def row(transaction: Wire, *, issuer: Issuer) -> Wire:
    moved = issuer.store.read(balances.KIND, transaction["balance_transaction"])
    return {
        "transaction_id": transaction["id"],
        "authorization_id": transaction["authorization"],
        "card_id": transaction["card"],
        "type": transaction["type"],
        "amount": transaction["amount"],
        "currency": transaction["currency"],
        "merchant_amount": transaction["merchant_amount"],
        "merchant_currency": transaction["merchant_currency"],
        "processed_on": transaction["network_data"]["processing_date"],
        "fee": moved["fee"],
    }


def spoilt(found: Sequence[Wire], rule: Rule, *, issuer: Issuer) -> list[Wire]:
    """Return the rows as the rule wants them: the last one is lost, changed or invented."""
    if not found:
        return list(found)
    *others, last = found
    if rule.variant == "missing_row":
        return others
    if rule.variant == "wrong_amount":
        return [*others, {**last, "amount": last["amount"] - (rule.amount or 1)}]
    if rule.variant == "extra_row":
        invented = {**last, "transaction_id": issuer.mint.new_id("ipi"), "authorization_id": None}
        return [*found, invented]
    return list(found)


def as_csv(settlement: Wire) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(settlement["rows"])
    return text.getvalue()
