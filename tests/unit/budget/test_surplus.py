"""What is left over is whose it was: the funder's its own, the person's what they were charged."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import AccountKind, Entry
from services.budget.funders.rules import FunderKind
from services.budget.surplus.rules import (
    ExceedsSurplusError,
    FunderStanding,
    Kept,
    Line,
    NotReducedError,
    as_it_can_be_posted,
    persons_part_pence,
    reduced,
    repayable_surplus_pence,
    repayment_entries,
    surplus_line,
    total_pence,
    weeks_of_budget_pence,
)

COUNCIL, NHS, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)
pence = st.integers(min_value=0, max_value=10**9)


def a_standing(**changes):
    """Return the book of a council that paid 80.00, beside 20.00 that the person has paid."""
    given_ = {
        "funder_id": COUNCIL,
        "funder_kind": FunderKind.COUNCIL,
        "available_pence": 100_00,
        "held_pence": 0,
        "overspent_pence": 0,
        "paid_in_pence": 80_00,
        "promised_pence": 0,
        "repaid_pence": 0,
        "unpaid_charge_pence": 0,
        "paid_charge_pence": 20_00,
        "returned_pence": 0,
        "kept": Kept(),
    }
    return FunderStanding(**(given_ | changes))


def a_line(own_pence=0, to_person_pence=0, charge_lowered_pence=0, funder_id=COUNCIL):
    return Line(
        funder_id=funder_id,
        own_pence=own_pence,
        to_person_pence=to_person_pence,
        charge_lowered_pence=charge_lowered_pence,
    )


@st.composite
def standings(draw):
    """Books as they come to be: money came in, some was spent, held, promised or is owed."""
    paid_in, promised = draw(pence), draw(pence)
    charged = draw(pence)
    unpaid = draw(st.integers(0, charged))
    came = paid_in + promised + charged
    spent = draw(st.integers(0, came))
    held = draw(st.integers(0, came - spent))
    kept = Kept(
        committed_pence=draw(st.integers(0, 10**6)),
        contingency_pence=draw(st.integers(0, 10**6)),
        allowance_pence=draw(st.integers(0, 10**6)),
    )
    return a_standing(
        available_pence=came - spent,
        held_pence=held,
        paid_in_pence=paid_in,
        promised_pence=promised,
        unpaid_charge_pence=unpaid,
        paid_charge_pence=charged - unpaid,
        overspent_pence=draw(st.integers(0, 10**4)),
        kept=draw(st.sampled_from([Kept(), kept])),
    )


def after(standing, line):
    """Return how a book stands when a line has been posted."""
    return replace(
        standing,
        available_pence=standing.available_pence - line.pence,
        repaid_pence=standing.repaid_pence + line.own_pence,
        returned_pence=standing.returned_pence + line.persons_pence,
        unpaid_charge_pence=standing.unpaid_charge_pence - line.charge_lowered_pence,
        paid_charge_pence=standing.paid_charge_pence - line.to_person_pence,
    )


def test_what_is_held_overspent_or_kept_is_not_left_over():
    kept = Kept(committed_pence=10_00, contingency_pence=5_00, allowance_pence=16_00)
    standing = a_standing(held_pence=7_00, overspent_pence=2_00, kept=kept)

    assert repayable_surplus_pence(standing) == 60_00  # 100 - 7 - 2 - 10 - 5 - 16
    assert repayable_surplus_pence(replace(standing, available_pence=39_99)) == 0


def test_weeks_of_a_budget_are_rounded_in_favour_of_whoever_may_keep_them():
    assert weeks_of_budget_pence(agreed_pence=3_120_00, plan_weeks=52, weeks=8) == 480_00
    assert weeks_of_budget_pence(agreed_pence=100, plan_weeks=3, weeks=1) == 34
    assert weeks_of_budget_pence(agreed_pence=100, plan_weeks=52, weeks=0) == 0


def test_the_persons_part_of_what_is_left_over_is_their_part_of_what_came_in():
    assert persons_part_pence(a_standing(), surplus_pence=50_00) == 10_00
    assert persons_part_pence(a_standing(paid_charge_pence=0), surplus_pence=50_00) == 0


def test_what_went_back_before_counts():
    standing = a_standing(repaid_pence=40_00, returned_pence=5_00, paid_charge_pence=15_00)

    # A fifth of 40 + 5 + 30 is 15, less the 5 of before.
    assert persons_part_pence(standing, surplus_pence=30_00) == 10_00
    had_too_much = replace(standing, returned_pence=19_00, paid_charge_pence=1_00)
    assert persons_part_pence(had_too_much, surplus_pence=1_00) == 0


def test_what_the_person_owes_is_lowered_before_anything_is_paid_back():
    standing = a_standing(unpaid_charge_pence=6_00, paid_charge_pence=14_00)

    assert surplus_line(standing) == a_line(80_00, to_person_pence=14_00, charge_lowered_pence=6_00)


def test_what_is_promised_stays():
    standing = a_standing(paid_in_pence=50_00, promised_pence=30_00)

    assert surplus_line(standing) == a_line(50_00, to_person_pence=20_00)


def test_what_was_spent_of_a_promise_is_not_paid_back_out_of_what_came_in():
    standing = a_standing(
        available_pence=40_00, paid_in_pence=50_00, promised_pence=50_00, paid_charge_pence=0
    )

    assert surplus_line(standing).own_pence == 0
    assert surplus_line(replace(standing, available_pence=60_00)).own_pence == 10_00


def test_what_the_person_still_owes_is_not_there_to_be_paid_back():
    standing = a_standing(available_pence=50_00, unpaid_charge_pence=20_00, paid_charge_pence=0)

    # A fifth of 50 is theirs: they owe 10 less. The other 10 that they owe have not come in.
    assert surplus_line(standing) == a_line(30_00, charge_lowered_pence=10_00)


@given(standings())
def test_a_line_takes_no_more_than_is_left_over_and_nothing_below_nothing(standing):
    line = surplus_line(standing)

    assert min(line.own_pence, line.to_person_pence, line.charge_lowered_pence) >= 0
    assert line.pence <= repayable_surplus_pence(standing)
    assert line.own_pence <= standing.paid_in_pence
    assert line.to_person_pence <= standing.paid_charge_pence
    assert line.charge_lowered_pence <= standing.unpaid_charge_pence


@given(standings())
def test_what_was_found_can_be_posted_as_it_is_while_nothing_changes(standing):
    line = surplus_line(standing)

    assert as_it_can_be_posted(line, standing) == line


@given(standings(), st.data())
def test_in_however_many_parts_it_goes_back_each_gets_the_same(standing, data):
    standing = replace(
        standing, promised_pence=0, unpaid_charge_pence=0, overspent_pence=0, kept=Kept()
    )
    came_in = standing.paid_in_pence + standing.paid_charge_pence
    standing = replace(standing, available_pence=came_in, held_pence=0)
    at_once = surplus_line(standing)
    for step in range(3):
        held = data.draw(st.integers(0, standing.available_pence)) if step < 2 else 0
        standing = after(standing, surplus_line(replace(standing, held_pence=held)))

    assert standing.repaid_pence == at_once.own_pence
    assert standing.returned_pence == at_once.persons_pence


@given(standings())
def test_after_all_went_back_the_person_has_borne_their_part_to_the_penny(standing):
    standing = replace(standing, promised_pence=0, overspent_pence=0, held_pence=0, kept=Kept())
    in_reach = standing.paid_in_pence + standing.unpaid_charge_pence + standing.paid_charge_pence
    standing = replace(standing, available_pence=min(standing.available_pence, in_reach))
    charged = standing.unpaid_charge_pence + standing.paid_charge_pence
    spent = in_reach - standing.available_pence

    line = surplus_line(standing)

    if charged:
        borne = charged - line.persons_pence
        assert abs(borne * in_reach - spent * charged) <= in_reach


def test_what_was_spent_meanwhile_is_not_taken():
    line = surplus_line(a_standing())

    with pytest.raises(ExceedsSurplusError) as refused:
        as_it_can_be_posted(line, a_standing(held_pence=1))
    assert refused.value.details == {"asked_pence": 100_00, "surplus_pence": 99_99}


def test_what_turns_out_to_be_owed_or_given_back_is_not_taken():
    line = a_line(80_00, charge_lowered_pence=20_00)
    unpaid = a_standing(unpaid_charge_pence=20_00, paid_charge_pence=0)
    assert as_it_can_be_posted(line, unpaid) == line

    with pytest.raises(ExceedsSurplusError):  # a part of it is only promised
        as_it_can_be_posted(line, replace(unpaid, paid_in_pence=79_99, promised_pence=1))
    with pytest.raises(ExceedsSurplusError):  # the person has nothing coming to them
        as_it_can_be_posted(a_line(0, 20_00), replace(unpaid, unpaid_charge_pence=19_99))


def test_what_the_person_paid_since_is_paid_back():
    line = a_line(80_00, charge_lowered_pence=20_00)
    paid_since = a_standing(unpaid_charge_pence=12_00, paid_charge_pence=8_00)

    assert as_it_can_be_posted(line, paid_since) == a_line(80_00, 8_00, 12_00)


LINES = [a_line(66_66, 5_00, 3_00), a_line(25_34, funder_id=NHS)]


def test_a_reduction_is_borne_by_each_in_proportion():
    assert reduced(LINES, amount_pence=50_00) == [
        a_line(33_33, 1_00, 3_00),
        a_line(12_67, funder_id=NHS),
    ]


@given(st.integers(min_value=0, max_value=total_pence(LINES) - 1))
def test_a_reduction_comes_to_what_was_decided_and_gives_nobody_more(amount_pence):
    lines = reduced(LINES, amount_pence=amount_pence)

    assert total_pence(lines) == amount_pence
    for before, now in zip(LINES, lines, strict=True):
        assert 0 <= now.own_pence <= before.own_pence
        assert 0 <= now.to_person_pence <= before.to_person_pence
        assert 0 <= now.charge_lowered_pence <= before.charge_lowered_pence


def test_no_reduction_is_none():
    with pytest.raises(NotReducedError):
        reduced(LINES, amount_pence=100_00)


def test_each_part_goes_back_in_the_book_of_whoever_gets_it():
    def moved(funder_id, debit, credit, amount_pence):
        return Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=amount_pence)

    assert repayment_entries(LINES, person_id=PERSON) == [
        moved(COUNCIL, AccountKind.AVAILABLE, AccountKind.REPAID, 66_66),
        moved(COUNCIL, AccountKind.AVAILABLE, AccountKind.CHARGE_DUE, 3_00),
        moved(COUNCIL, AccountKind.AVAILABLE, AccountKind.CHARGED, 5_00),
        moved(PERSON, AccountKind.OWN_MONEY, AccountKind.CONTRIBUTED, 5_00),
        moved(NHS, AccountKind.AVAILABLE, AccountKind.REPAID, 25_34),
    ]
