"""Which accounts make up which figure: whatever is booked, a statement adds up."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import AccountKind
from services.budget.funders.rules import FunderKind
from services.budget.reports.rules import (
    PAID_IN,
    PAID_OR_PROMISED,
    REALLY_THERE,
    SPENT,
    THERE_FOR_PERSON,
    Asked,
    Form,
    PeriodWrongError,
    closing_pence,
    file_name,
    opening_pence,
    otherwise_pence,
    see_that_the_period_holds_a_day,
    step_pence,
)
from services.budget.totals.rules import Turnover

CHARGED = [AccountKind.CHARGED]
TOLD = {*REALLY_THERE, *PAID_IN, *CHARGED, *SPENT}
kinds = st.sampled_from(AccountKind)
pence = st.integers(1, 10**9)


def asked(**changes):
    given_ = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 1), "form": Form.CSV}
    return Asked(**(given_ | changes))


def turnovers_of(postings):
    """What accounts come to by postings: before the period or in it, from one kind to another."""
    found = {kind: [0, 0, 0] for kind in AccountKind}
    for is_before, debit, credit, amount_pence in postings:
        if is_before:
            found[debit][0] -= amount_pence
            found[credit][0] += amount_pence
        else:
            found[debit][1] += amount_pence
            found[credit][2] += amount_pence
    return [
        Turnover(
            funder_id=UUID(int=1),
            funder_kind=FunderKind.COUNCIL,
            funder_name="Borough Council",
            account_kind=kind,
            account=kind.value,
            opening_pence=opening,
            debits_pence=debits,
            credits_pence=credits_,
        )
        for kind, (opening, debits, credits_) in found.items()
    ]


def postings_between(some_kinds):
    return st.lists(st.tuples(st.booleans(), some_kinds, some_kinds, pence), max_size=12)


@given(postings=postings_between(kinds))
def test_whatever_is_booked_opening_and_what_came_and_went_is_closing(postings):
    moved = turnovers_of(postings)

    came = -step_pence(moved, PAID_IN) - step_pence(moved, CHARGED) + otherwise_pence(moved)
    went = step_pence(moved, SPENT)

    assert opening_pence(moved, REALLY_THERE) + came - went == closing_pence(moved, REALLY_THERE)


@given(postings=postings_between(st.sampled_from(sorted(TOLD))))
def test_what_is_told_to_a_person_adds_up_where_nothing_is_otherwise(postings):
    moved = turnovers_of(postings)

    came = -step_pence(moved, PAID_OR_PROMISED) - step_pence(moved, CHARGED)
    closing = opening_pence(moved, THERE_FOR_PERSON) + came - step_pence(moved, SPENT)

    assert otherwise_pence(moved) == 0
    assert closing == closing_pence(moved, THERE_FOR_PERSON)


def test_a_promise_is_no_money_yet_for_a_funder_and_can_be_spent_by_the_person():
    moved = turnovers_of([(False, AccountKind.PROMISED, AccountKind.AVAILABLE, 5_00)])

    assert closing_pence(moved, REALLY_THERE) == 0
    assert closing_pence(moved, THERE_FOR_PERSON) == 5_00


def test_an_account_that_no_figure_knows_is_told_as_otherwise():
    moved = turnovers_of([(False, AccountKind.AVAILABLE, AccountKind.OWN_MONEY, 5_00)])

    assert otherwise_pence(moved) == -5_00


def test_a_file_is_named_for_its_days_and_for_nobody():
    assert file_name("person-statement", asked()) == (
        "person-statement-2026-11-01-to-2026-11-30.csv"
    )


@pytest.mark.parametrize("ends_on", [date(2026, 11, 1), date(2026, 10, 31)])
def test_a_period_without_a_day_is_refused(ends_on):
    with pytest.raises(PeriodWrongError) as refused:
        see_that_the_period_holds_a_day(asked(ends_on=ends_on))

    assert refused.value.as_answer()["code"] == "period_wrong"


def test_a_period_of_one_day_is_taken():
    see_that_the_period_holds_a_day(asked(ends_on=date(2026, 11, 2)))
