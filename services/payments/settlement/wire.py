"""The issuer's settlement file: CSV with a line of names; a row for each cleared transaction."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from services.payments.card_numbers import has_card_number_beside_ids
from services.payments.settlement.rules import Row, UnreadableFileError

COLUMNS = (
    "transaction_id",
    "authorization_id",
    "card_id",
    "type",
    "amount",
    "currency",
    "processed_on",
    "fee",
)
TYPES = {"capture": False, "refund": True}
LONGEST_ID = 255


def rows_of(file: str) -> Iterator[Row]:
    """Read a file; columns that are not needed are passed over.

    Raises:
        UnreadableFileError: it has not the form; the details name line and column.
    """
    reader = csv.DictReader(io.StringIO(file, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise UnreadableFileError("The file lacks a column.", column=missing[0], line=1)
        for number, cells in enumerate(reader, start=1):
            yield _row(number, cells)
    except csv.Error:
        raise UnreadableFileError("The file is no CSV.", line=reader.line_num) from None


def _row(number: int, cells: Mapping[str, str | None]) -> Row:
    column = ""
    try:
        values: dict[str, str] = {}
        for column in COLUMNS:
            values[column] = _text(cells[column], may_be_empty=column == "authorization_id")
        column = "type"
        is_refund = TYPES[values["type"]]
        column = "amount"
        amount_pence = int(values["amount"])
        column = "fee"
        fee_pence = _not_negative(values["fee"])
        column = "processed_on"
        processed_on = date.fromisoformat(values["processed_on"])
    except (ValueError, KeyError):
        raise UnreadableFileError(
            "A line of the file cannot be read.", line=number + 1, column=column
        ) from None
    return Row(
        line=number,
        transaction_id=values["transaction_id"],
        authorisation_id=values["authorization_id"] or None,
        issuer_card_id=values["card_id"],
        amount_pence=amount_pence,
        currency=values["currency"],
        is_refund=is_refund,
        processed_on=processed_on,
        fee_pence=fee_pence,
    )


def _not_negative(text: str) -> int:
    if (number := int(text)) < 0:
        raise ValueError
    return number


def _text(cell: str | None, *, may_be_empty: bool) -> str:
    if cell is None or len(cell) > LONGEST_ID or not cell.isprintable():
        raise ValueError
    if not cell and not may_be_empty:
        raise ValueError
    if has_card_number_beside_ids(cell):
        raise ValueError
    return cell
