"""A statement whose figures contradict one another cannot be made."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.budget.documents.rules import (
    DocumentDoesNotAddUpError,
    InstantNotUtcError,
    PeriodEmptyError,
)
from tests.unit.budget.papers import AUDITOR, EXPORT, FUNDER, NHS, OTHER_NHS, PERSON


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        *((PERSON, f"{name}_pence") for name in ("opening", "closing", "overspent", "left")),
        *((PERSON, f"{name}_pence") for name in ("set_aside", "contribution_asked")),
        *((PERSON, f"contribution_{name}_pence") for name in ("paid", "due")),
        *((FUNDER, f"{name}_pence") for name in ("opening", "paid_in", "spent", "otherwise")),
        *((FUNDER, f"{name}_pence") for name in ("closing", "overspent", "held", "left")),
        *((FUNDER, f"{name}_pence") for name in ("charged", "promised", "charge_due")),
    ],
)
def test_one_penny_more_anywhere_is_noticed(statement, field):
    with pytest.raises(DocumentDoesNotAddUpError):
        replace(statement, **{field: getattr(statement, field) + 1})


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (PERSON, "money_in"),
        (PERSON, "items"),
        (FUNDER, "items"),
        (FUNDER, "lines"),
        (AUDITOR, "trial_balance"),
        (AUDITOR, "postings"),
    ],
)
def test_a_row_that_is_missing_is_noticed(statement, rows):
    with pytest.raises(DocumentDoesNotAddUpError):
        replace(statement, **{rows: getattr(statement, rows)[1:]})


@pytest.mark.parametrize("field", ["amount_pence", "balance_pence"])
def test_a_running_balance_runs(field):
    first, *others = FUNDER.lines

    with pytest.raises(DocumentDoesNotAddUpError, match="journal 7"):
        replace(FUNDER, lines=(replace(first, **{field: 1}), *others))


@pytest.mark.parametrize("awaited", ["promised_pence", "charge_due_pence"])
def test_what_is_still_to_come_can_be_spent_and_is_not_there_yet(awaited):
    more = getattr(FUNDER, awaited) + 1_00
    statement = replace(FUNDER, **{awaited: more}, left_pence=FUNDER.left_pence + 1_00)

    assert statement.closing_pence == FUNDER.closing_pence


@pytest.mark.parametrize(
    "field", ["opening_pence", "debits_pence", "credits_pence", "closing_pence"]
)
def test_a_trial_balance_balances(field):
    first, *others = AUDITOR.trial_balance
    wrong = replace(first, **{field: getattr(first, field) + 1})

    with pytest.raises(DocumentDoesNotAddUpError):
        replace(AUDITOR, trial_balance=(wrong, *others))


def test_a_book_that_lost_its_balance_before_the_period_is_noticed():
    first, *others = AUDITOR.trial_balance
    wrong = replace(first, opening_pence=-49_99, closing_pence=-149_99)

    with pytest.raises(DocumentDoesNotAddUpError, match=f"opening of {NHS['funder_id']}"):
        replace(AUDITOR, trial_balance=(wrong, *others))


def test_one_nhs_body_does_not_make_good_what_another_lacks():
    of_one, of_other = AUDITOR.trial_balance[1], AUDITOR.trial_balance[3]
    swapped = {of_one: OTHER_NHS, of_other: NHS}
    lines = tuple(
        replace(line, **swapped[line]) if line in swapped else line
        for line in AUDITOR.trial_balance
    )

    with pytest.raises(DocumentDoesNotAddUpError):
        replace(AUDITOR, trial_balance=lines)


def test_a_posting_to_an_account_that_the_trial_balance_lacks_is_noticed():
    astray = replace(AUDITOR.postings[0], credit_account="overspent")

    with pytest.raises(DocumentDoesNotAddUpError):
        replace(AUDITOR, postings=(astray,))


@pytest.mark.parametrize("statement", [PERSON, FUNDER, AUDITOR, EXPORT])
def test_a_period_holds_a_day(statement):
    with pytest.raises(PeriodEmptyError):
        replace(statement, ends_on=statement.starts_on)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 25, 12),  # noqa: DTZ001 - that is the point
        datetime(2026, 11, 25, 12, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_an_instant_is_utc(at):
    with pytest.raises(InstantNotUtcError):
        replace(PERSON, known_at=at)
    with pytest.raises(InstantNotUtcError):
        replace(AUDITOR.journals[0], recorded_at=at)


def test_an_instant_in_utc_is_taken():
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)

    assert replace(PERSON, known_at=at, starts_on=date(2026, 11, 2)).known_at == at
