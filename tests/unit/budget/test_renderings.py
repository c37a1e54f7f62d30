"""JSON and CSV: exact forms, nothing lost, and nothing that a spreadsheet would carry out."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.budget.documents.rules import DocumentDoesNotAddUpError
from services.budget.renderings import rendering
from services.budget.renderings.rules import neutral, pounds_cell, read
from tests.unit.budget.papers import (
    AUDITOR,
    EXPORT,
    FUNDER,
    PERSON,
    STATEMENTS,
    exports,
    from_csv,
    owner_of,
    pence,
    statements,
    table_of,
    unhurried,
    words,
)

PERSON_JSON = (
    '{"as_of":"2026-11-25","budget_id":"00000000-0000-0000-0000-00000000000b",'
    '"closing_pence":123405,"coming":[{"amount_pence":40000,"description":"Money for December",'
    '"due_on":"2026-12-03","is_money_in":true}],"contribution_asked_pence":8000,'
    '"contribution_due_pence":5000,"contribution_paid_pence":3000,"ends_on":"2026-12-01",'
    '"items":[{"description":"Swimming","goal":"To feel stronger",'
    '"item_id":"00000000-0000-0000-0000-000000000001","set_aside_pence":3405,'
    '"spent_pence":9595}],"known_at":"2026-11-25T16:44:30.250000Z","left_pence":125000,'
    '"money_in":[{"amount_pence":100000,"funder_id":"00000000-0000-0000-0000-0000000000a1",'
    '"funder_kind":"nhs","funder_name":"North ICB"},'
    '{"amount_pence":20000,"funder_id":"00000000-0000-0000-0000-0000000000a2",'
    '"funder_kind":"nhs","funder_name":"South ICB"},'
    '{"amount_pence":3000,"funder_id":"00000000-0000-0000-0000-00000000000d",'
    '"funder_kind":"person","funder_name":""}],'
    '"opening_pence":10000,"overspent_pence":0,'
    '"schema":"commonpurse.person_statement.v2","set_aside_pence":3405,"starts_on":"2026-11-01"}\n'
)
EXPORT_CSV = (
    "seq,journal_id,budget_id,kind,source_id,effective_on,occurred_on,recorded_at,actor,reason,"
    "line,funder_id,funder_kind,funder_name,debit_account,credit_account,amount_pounds,amount_pence,schema,as_of,known_at"
    "\r\n7,00000000-0000-0000-0000-000000000007,00000000-0000-0000-0000-00000000000b,contribution,"
    "00000000-0000-0000-0000-000000000005,2026-11-02,2026-11-01,2026-11-02T09:00:00.000000Z,"
    "nhs/finance,Paid in,1,00000000-0000-0000-0000-0000000000a1,nhs,North ICB,paid_in,available,"
    "100.00,10000,commonpurse.journals_export.v2,"
    "2026-11-25,2026-11-25T16:44:30.250000Z\r\n"
)
FUNDER_CSV = (
    "part,schema,as_of,known_at,starts_on,ends_on,funder_id,funder_kind,funder_name,budget_id,"
    "opening_pounds,opening_pence,paid_in_pounds,paid_in_pence,charged_pounds,charged_pence,"
    "spent_pounds,spent_pence,otherwise_pounds,otherwise_pence,closing_pounds,closing_pence,"
    "overspent_pounds,overspent_pence,held_pounds,held_pence,promised_pounds,promised_pence,"
    "charge_due_pounds,charge_due_pence,left_pounds,left_pence,item_id,description,due_to_pounds,"
    "due_to_pence,due_from_pounds,due_from_pence,seq,effective_on,occurred_on,kind,reason,"
    "amount_pounds,amount_pence,balance_pounds,balance_pence\r\n"
    "statement,commonpurse.funder_statement.v2,2026-11-25,2026-11-25T16:44:30.250000Z,2026-11-01,"
    "2026-12-01,00000000-0000-0000-0000-0000000000a1,nhs,North ICB,"
    "00000000-0000-0000-0000-00000000000b,-5.00,-500,100.00,10000,0.00,0,20.10,2010,-1.00,-100,"
    "73.90,7390,0.00,0,3.90,390,40.00,4000,0.00,0,110.00,11000,,,,,,,,,,,,,,,\r\n"
    "items,,,,,,,,,00000000-0000-0000-0000-00000000000b,,,,,,,20.10,2010,,,,,,,,,,,,,,,"
    "00000000-0000-0000-0000-000000000001,Swimming,,,,,,,,,,,,,\r\n"
    "dues,,,,,,00000000-0000-0000-0000-0000000000a2,nhs,South ICB,,,,,,,,,,,,,,,,,,,,,,,,,,0.00,"
    "0,2.00,200,,,,,,,,,\r\n"
    "dues,,,,,,00000000-0000-0000-0000-00000000000c,council,Borough Council,,,,,,,,,,,,,,,,,,,,,,"
    ",,,,1.00,100,0.00,0,,,,,,,,,\r\n"
    "lines,,,,,,,,,00000000-0000-0000-0000-00000000000b,,,,,,,,,,,,,,,,,,,,,,,,,,,,,7,2026-11-07,"
    "2026-10-31,contribution,Contribution,100.00,10000,95.00,9500\r\n"
)


def test_csv_has_one_form():
    assert rendering.as_csv(FUNDER).decode().startswith(FUNDER_CSV)


def test_json_has_one_form():
    assert rendering.as_json(PERSON).decode() == PERSON_JSON


def test_the_export_has_a_row_for_each_posting_and_the_columns_that_are_documented():
    assert rendering.as_csv(EXPORT).decode() == EXPORT_CSV
    head = EXPORT_CSV.partition("\r\n")[0].split(",")
    assert [name for name in head if f"``{name}``" not in (rendering.__doc__ or "")] == []


def test_an_empty_export_still_has_its_columns():
    empty = rendering.as_csv(replace(EXPORT, postings=()))

    assert empty.decode() == EXPORT_CSV.partition("\r\n")[0] + "\r\n"


def test_a_statement_is_one_table_whose_rows_say_what_they_belong_to():
    rows = table_of(rendering.as_csv(FUNDER))

    assert [row["part"] for row in rows] == ["statement", "items", *["dues"] * 2, *["lines"] * 3]
    assert rows[0]["schema"] == "commonpurse.funder_statement.v2"
    assert [row["balance_pounds"] for row in rows[4:]] == ["95.00", "74.90", "73.90"]
    assert (rows[0]["opening_pounds"], rows[0]["opening_pence"]) == ("-5.00", "-500")


def test_a_statement_without_rows_has_the_columns_of_one_with_rows():
    few = rendering.as_csv(replace(AUDITOR, journals=()))

    assert few.partition(b"\r\n")[0] == rendering.as_csv(AUDITOR).partition(b"\r\n")[0]


@unhurried
@given(statement=statements)
@example(statement=PERSON)
@example(statement=FUNDER)
@example(statement=AUDITOR)
def test_read_back_from_json_and_from_csv_a_statement_is_what_it_was(statement):
    as_json, as_csv = rendering.as_json(statement), rendering.as_csv(statement)

    assert rendering.from_json(as_json, type(statement)) == statement
    assert from_csv(as_csv, type(statement)) == statement
    assert (as_json[-1:], as_json.count(b"\n")) == (b"\n", 1)


@unhurried
@given(export=exports())
def test_read_back_an_export_has_the_postings_that_it_had(export):
    rows = table_of(rendering.as_csv(export))
    row = type(EXPORT.postings[0])

    assert rendering.from_json(rendering.as_json(export), type(export)) == export
    assert tuple(row(**owner_of(one, row)) for one in rows) == export.postings


@unhurried
@given(statement=statements)
def test_opening_and_what_came_and_went_is_closing_in_json_and_in_csv(statement):
    told = json.loads(rendering.as_json(statement))
    rows = table_of(rendering.as_csv(statement))
    of_csv = {
        part: [row for row in rows if row["part"] == part]
        for part in ("statement", "money_in", "items", "lines", "trial_balance")
    }
    for one, parts in ((told, told), (of_csv["statement"][0], of_csv)):
        for opening_pence, came_pence, went_pence, closing_pence in moved(one, parts, statement):
            assert opening_pence + came_pence - went_pence == closing_pence


def moved(one, parts, statement):
    """Opening, in, out and closing: of the statement, or of each account for the auditor."""

    def total(part, name):
        return sum(int(row[name]) for row in parts[part])

    if isinstance(statement, type(AUDITOR)):
        names = ("opening_pence", "credits_pence", "debits_pence", "closing_pence")
        return [tuple(int(row[name]) for name in names) for row in parts["trial_balance"]]
    came = (
        total("money_in", "amount_pence")
        if isinstance(statement, type(PERSON))
        else sum(int(one[f"{way}_pence"]) for way in ("paid_in", "charged", "otherwise"))
    )
    went = total("items", "spent_pence")
    return [(int(one["opening_pence"]), came, went, int(one["closing_pence"]))]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "'"])
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_shown_as_text(begins):
    text = f"{begins}HYPERLINK(1)"
    item = replace(PERSON.items[0], description=text)
    cell = table_of(rendering.as_csv(replace(PERSON, items=(item,))))[4]["description"]

    assert cell == f"'{text}"


def test_a_number_below_zero_stays_a_number():
    item = replace(PERSON.items[0], spent_pence=-5)
    refunded = replace(PERSON, items=(item,), closing_pence=1330_05, left_pence=1346_00)

    row = table_of(rendering.as_csv(refunded))[4]

    assert (row["spent_pounds"], row["spent_pence"]) == ("-0.05", "-5")


@given(text=words)
def test_no_text_begins_like_a_formula(text):
    assert not neutral(text).startswith(tuple("=+-@\t\r\n"))
    assert neutral(text).removeprefix("'") == text


@given(amount_pence=pence)
def test_pounds_have_two_decimals(amount_pence):
    whole, _, odd = pounds_cell(amount_pence).partition(".")

    assert len(odd) == 2
    assert int(whole + odd) == amount_pence


def test_a_cell_with_a_comma_a_quote_or_a_line_break_is_quoted():
    item = replace(PERSON.items[0], description='one, "two"\nthree')

    assert b',"one, ""two""\nthree",' in rendering.as_csv(replace(PERSON, items=(item,)))


def test_letters_are_letters():
    item = replace(PERSON.items[0], description="Llŷr, ŵyn, Łódź, 张")
    statement = replace(PERSON, items=(item,))

    assert "Llŷr, ŵyn, Łódź, 张".encode() in rendering.as_json(statement)
    assert "Llŷr, ŵyn, Łódź, 张".encode() in rendering.as_csv(statement)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_json_of_another_form_or_version_is_not_read(statement):
    changed = rendering.as_json(statement).replace(b".v2", b".v3")

    with pytest.raises(rendering.SchemaUnknownError):
        rendering.from_json(changed, type(statement))


def test_json_in_which_somebody_changed_a_figure_is_not_read():
    changed = rendering.as_json(PERSON).replace(b'"closing_pence":123405', b'"closing_pence":1')

    with pytest.raises(DocumentDoesNotAddUpError):
        rendering.from_json(changed, type(PERSON))


@given(value=st.none() | st.integers() | st.booleans())
def test_what_json_has_a_form_for_is_taken_as_it_is(value):
    assert read(value, int) is value
