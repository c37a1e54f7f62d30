from dataclasses import replace
from datetime import date

import pytest

from services.payments.settlement.rules import (
    Row,
    RowOutcome,
    Told,
    UnreadableFileError,
    is_reconciled,
    outcome_of,
)
from services.payments.settlement.wire import COLUMNS, rows_of

ROW = Row(
    line=1,
    transaction_id="ipi_1",
    authorisation_id="iauth_1",
    issuer_card_id="ic_1",
    amount_pence=-35_00,
    currency="gbp",
    is_refund=False,
    processed_on=date(2026, 11, 24),
    fee_pence=0,
)
TOLD = Told(issuer_card_id="ic_1", is_refund=False, amount_pence=35_00)
HEADER = ",".join(COLUMNS)
LINE = "ipi_1,iauth_1,ic_1,capture,-3500,gbp,2026-11-24,12"


def test_a_row_is_matched_when_it_says_what_the_event_said():
    assert outcome_of(ROW, TOLD, is_repeat=False) is RowOutcome.MATCHED
    refund = replace(ROW, is_refund=True, amount_pence=35_00)
    assert outcome_of(refund, replace(TOLD, is_refund=True), is_repeat=False) == "matched"
    assert outcome_of(ROW, None, is_repeat=False) is RowOutcome.EXTRA
    assert outcome_of(ROW, TOLD, is_repeat=True) is RowOutcome.DUPLICATE


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_pence": -35_01},
        {"amount_pence": 35_00},
        {"issuer_card_id": "ic_2"},
        {"currency": "eur"},
        {"is_refund": True},
    ],
)
def test_a_row_that_says_something_else_is_wrong(changed):
    assert outcome_of(replace(ROW, **changed), TOLD, is_repeat=False) is RowOutcome.WRONG


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"matched": 1}, False),
        ({"presentments": 0, "matched": 0}, False),
        ({"held_pence": 1}, False),
        ({"ledger_posted_pence": 34_99}, False),
        ({"presentments": 0, "matched": 0, "transferred_pence": 35_00}, True),
        ({"presentments": 1, "matched": 0, "transferred_pence": 35_00}, False),
    ],
)
def test_a_purchase_is_reconciled_when_all_sides_say_the_same(changed, expected):
    same = {
        "presentments": 2,
        "matched": 2,
        "transferred_pence": 0,
        "held_pence": 0,
        "posted_pence": 35_00,
        "ledger_posted_pence": 35_00,
    }
    assert is_reconciled(**{**same, **changed}) is expected


def test_a_file_is_read_by_the_names_of_its_columns():
    more = "\r\n".join([f"merchant_amount,{HEADER}", f"-3500,{LINE}", ""])

    (row,) = rows_of(more)

    assert row == replace(ROW, fee_pence=12)
    assert list(rows_of(HEADER + "\n")) == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (LINE.replace("-3500", "-35.00"), "amount"),
        (LINE.replace("-3500", ""), "amount"),
        (LINE.replace("capture", "payout"), "type"),
        (LINE.replace("2026-11-24", "24/11/2026"), "processed_on"),
        (LINE.replace(",12", ",-12"), "fee"),
        (LINE.replace("ipi_1", ""), "transaction_id"),
        (LINE.replace("ic_1", "x" * 256), "card_id"),
        (LINE.removesuffix(",12"), "fee"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_column(line, column):
    with pytest.raises(UnreadableFileError) as refused:
        list(rows_of(f"{HEADER}\n{LINE}\n{line}\n"))

    assert refused.value.details == {"line": 3, "column": column}


@pytest.mark.parametrize("file", ["", "a,b\n1,2\n", f'{HEADER}\n"{LINE}\n'])
def test_what_is_no_settlement_file_is_refused(file):
    with pytest.raises(UnreadableFileError):
        list(rows_of(file))
