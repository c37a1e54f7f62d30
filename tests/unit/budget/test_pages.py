"""What is on the pages, before they are printed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from services.budget.book_pages.rules import auditor_page, funder_page
from services.budget.pages.rules import day, period, person_page, plain_amount
from tests.unit.budget.papers import (
    AUDITOR,
    BUDGET_ID,
    COUNCIL,
    FUNDER,
    PERSON,
    auditor_statements,
    funder_statements,
    person_statements,
    unhurried,
)


def said(page):
    return " ".join(sentence for one in page.sections for sentence in one.sentences)


def rows_of(page, heading):
    return {one.heading: one.table for one in page.sections}[heading].rows


def in_pence(text):
    """A printed amount as a number."""
    amount = text.replace("minus ", "-").replace("£", "").replace(",", "")
    return int(amount.replace(".", ""))


def test_a_day_and_a_period_are_written_as_people_write_them():
    assert day(date(2026, 11, 25)) == "25 November 2026"
    assert [day(date(2026, month, 1)).split()[1][:3] for month in (1, 12)] == ["Jan", "Dec"]
    assert period(PERSON) == "from 1 November 2026 to 30 November 2026"
    assert period(replace(PERSON, ends_on=date(2026, 11, 2))) == "on 1 November 2026"


def test_a_person_reads_of_no_minus_sign():
    assert plain_amount(-1_234_05) == "minus £1,234.05"
    assert plain_amount(5) == "£0.05"


def test_arrears_are_shown_and_never_a_reason_to_stop_care():
    words = said(person_page(PERSON))

    assert "We have asked you to pay £80.00 so far. You have paid £30.00." in words
    assert "You still have £50.00 to pay." in words
    assert "We will not stop your care because of this." in words


@pytest.mark.parametrize(
    ("asked", "paid", "words"),
    [
        (0, 0, "You do not have to pay for your care yourself."),
        (80_00, 80_00, "You have paid all we asked for."),
        (80_00, 90_00, "That is £10.00 more than we asked for."),
        (0, 90_00, "That is £90.00 more than we asked for."),
    ],
)
def test_a_person_who_owes_nothing_reads_of_nothing_to_pay(asked, paid, words):
    statement = replace(
        PERSON,
        contribution_asked_pence=asked,
        contribution_paid_pence=paid,
        contribution_due_pence=asked - paid,
        left_pence=PERSON.left_pence - PERSON.contribution_due_pence + asked - paid,
    )

    assert words in said(person_page(statement))
    assert "still have" not in said(person_page(statement))


def test_a_person_reads_when_more_was_paid_out_than_there_was():
    over = replace(
        PERSON,
        opening_pence=-1_200_00,
        closing_pence=-65_95,
        overspent_pence=100_00,
        left_pence=50_00,
    )

    assert "We paid out £100.00 more than there was." in said(person_page(over))
    assert "more than there was" not in said(person_page(PERSON))
    assert ("In your budget at the end", "minus £65.95") in rows_of(
        person_page(over), "Your money at a glance"
    )


def test_a_person_reads_what_to_do_when_something_looks_wrong():
    last = person_page(PERSON).sections[-1]

    assert last.heading == "If something looks wrong"
    assert last.sentences[0] == "Call your care coordinator if something looks wrong."


def test_a_list_with_nothing_in_it_is_a_sentence():
    nothing = replace(
        PERSON,
        money_in=(),
        items=(),
        coming=(),
        closing_pence=100_00,
        set_aside_pence=0,
        left_pence=150_00,
    )

    assert "No money came in. No money was spent. We do not know of anything yet." in said(
        person_page(nothing)
    )


def test_the_opening_line_is_always_there():
    quiet = replace(
        FUNDER,
        lines=(),
        items=(),
        dues=(),
        paid_in_pence=0,
        spent_pence=0,
        otherwise_pence=0,
        closing_pence=-5_00,
        overspent_pence=5_00,
        held_pence=0,
        left_pence=40_00,
    )
    opening = ("", "1 November 2026", "", "", "Opening balance", "", "-£5.00")

    assert rows_of(funder_page(quiet), "Journals") == (opening,)
    assert rows_of(funder_page(FUNDER), "Journals")[0] == opening


def test_a_statement_of_all_budgets_says_which_budget_a_journal_is_of():
    page = funder_page(replace(FUNDER, budget_id=None))

    assert page.sentences[0].startswith("All budgets, ")
    assert [row[0] for row in rows_of(page, "Journals")] == ["", *[str(BUDGET_ID)] * 3]
    assert len({len(row) for row in rows_of(page, "Journals")}) == 1


def test_a_funder_reads_of_its_own_side_alone():
    page = funder_page(FUNDER)

    assert page.title == "Statement for the NHS: North ICB"
    assert rows_of(page, "Due between funders") == (
        ("NHS: South ICB", "£0.00", "£2.00"),
        ("Council: Borough Council", "£1.00", "£0.00"),
    )
    assert funder_page(replace(FUNDER, **COUNCIL)).title.endswith("council: Borough Council")


def test_two_nhs_bodies_are_told_apart():
    paid = rows_of(person_page(PERSON), "Money that came in")
    book = rows_of(auditor_page(AUDITOR), "Trial balance")

    assert [row[0] for row in paid] == ["The NHS: North ICB", "The NHS: South ICB", "You"]
    assert [row[:2] for row in book[1:]] == [
        ("NHS: North ICB", "available"),
        ("NHS: South ICB", "paid out"),
        ("NHS: South ICB", "due to E06000001"),
    ]


def test_what_has_no_goal_or_no_day_is_shown_without_one():
    item, coming = replace(PERSON.items[0], goal=""), replace(PERSON.coming[0], due_on=None)
    page = person_page(replace(PERSON, items=(item,), coming=(coming,)))

    assert rows_of(page, "What the money was spent on") == (("Swimming", "£95.95", "£34.05"),)
    assert rows_of(page, "What is coming")[0][0] == "No day is set"


def test_the_auditor_sees_each_seal_once_and_what_is_not_sealed():
    sealed = AUDITOR.journals[0]
    later = replace(sealed, seq=8, seal_number=None, seal_hash=None)
    page = auditor_page(replace(AUDITOR, journals=(sealed, replace(sealed, seq=6), later)))

    assert rows_of(page, "Seals") == (("3", "ab" * 32),)
    assert [row[-1] for row in rows_of(page, "Journals")] == ["3", "3", "none yet"]


def test_every_sheet_says_what_it_belongs_to():
    foot = person_page(PERSON).foot

    assert str(BUDGET_ID) in foot
    assert "2026-11-25 16:44:30 UTC" in foot
    assert "commonpurse.person_statement.v2" in foot


@unhurried
@given(statement=person_statements())
def test_a_persons_page_adds_up(statement):
    opening, came, went, closing, aside, *due, left = (
        in_pence(row[1]) for row in rows_of(person_page(statement), "Your money at a glance")
    )

    assert opening + came - went == closing
    assert closing + statement.overspent_pence - aside + sum(due) == left


@unhurried
@given(statement=funder_statements())
def test_a_funders_page_adds_up(statement):
    page = funder_page(statement)
    summary = [in_pence(row[1]) for row in rows_of(page, "Summary")]
    first, *others = rows_of(page, "Journals")

    assert summary[0] + summary[1] + summary[2] - summary[3] + summary[4] == summary[5]
    assert in_pence(first[-1]) + sum(in_pence(row[-2]) for row in others) == summary[5]


@unhurried
@given(statement=auditor_statements())
def test_an_auditors_page_adds_up(statement):
    for row in rows_of(auditor_page(statement), "Trial balance"):
        opening, debits, credits_, closing = map(in_pence, row[2:])
        assert opening + credits_ - debits == closing
