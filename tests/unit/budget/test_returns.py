"""How what is shown for direct payments, and what comes back of them, is divided."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import KeptHold, KeptPortion
from services.budget.holds.rules import Host, Part
from services.budget.returns import rules
from services.budget.returns.rules import ReturnExceedsPaidError

NHS, COUNCIL, ANOTHER = (UUID(int=number) for number in (1, 2, 3))
FIRST = date(2027, 1, 31)
pence = st.integers(0, 10**6)


@given(there=st.dictionaries(st.sampled_from([NHS, COUNCIL, ANOTHER]), pence), amount=pence)
def test_what_is_shown_never_exceeds_what_is_there_in_any_book(there, amount):
    if amount > sum(there.values()):
        with pytest.raises(ReturnExceedsPaidError):
            rules.see_that_it_is_there(amount, there)
        return
    rules.see_that_it_is_there(amount, there)
    if not amount:
        return
    entries = rules.evidence_entries(amount, there)

    assert sum(entry.amount_pence for entry in entries) == amount
    for entry in entries:
        assert (entry.debit, entry.credit) == ("with_person", "evidenced")
        assert 0 < entry.amount_pence <= there[entry.funder_id]


@given(
    steps=st.fixed_dictionaries({NHS: st.integers(-1000, 0), COUNCIL: st.integers(-1000, 0)}),
    advanced=st.integers(0, 1000),
    there=st.fixed_dictionaries({NHS: st.integers(0, 1500), COUNCIL: st.integers(0, 1500)}),
)
def test_money_comes_back_out_of_books_in_which_it_is(steps, advanced, there):
    advances = {NHS: max(steps[NHS], -advanced), COUNCIL: 0}
    if -sum(steps.values()) > sum(there.values()):
        with pytest.raises(ReturnExceedsPaidError):
            rules.advances_that_fit(steps, advances, there=there, host_id=COUNCIL)
        return

    fitting = rules.advances_that_fit(steps, advances, there=there, host_id=COUNCIL)

    out_of_nhs = fitting[NHS] - steps[NHS]
    out_of_council = -steps[COUNCIL] - fitting[NHS]
    assert 0 <= out_of_nhs <= there[NHS]
    assert 0 <= out_of_council <= there[COUNCIL]
    assert out_of_nhs + out_of_council == -sum(steps.values())


def test_a_host_without_a_portion_may_have_money_that_comes_back():
    fitting = rules.advances_that_fit({NHS: -10}, {NHS: 0}, there={COUNCIL: 10}, host_id=COUNCIL)

    assert fitting == {NHS: -10}


def test_a_payment_waits_for_evidence_since_the_oldest_that_has_not_enough():
    payments = [(FIRST, 100), (date(2027, 2, 28), 50)]

    assert rules.since(payments, evidenced_pence=0) == FIRST
    assert rules.since(payments, evidenced_pence=99) == FIRST
    assert rules.since(payments, evidenced_pence=100) == date(2027, 2, 28)
    assert rules.since(payments, evidenced_pence=150) is None
    assert rules.since([], evidenced_pence=0) is None


@given(amount=st.integers(1, 100_01), nhs_pence=st.integers(0, 100_01))
def test_what_comes_back_of_a_payment_leaves_the_person_and_lowers_its_portions(amount, nhs_pence):
    spent = {NHS: nhs_pence, COUNCIL: 100_01 - nhs_pence}
    hold = KeptHold(
        purchase_id=ANOTHER,
        budget_id=ANOTHER,
        item_id=ANOTHER,
        agreement_id=ANOTHER,
        asked_pence=100_01,
        expires_at=datetime(2027, 3, 2, tzinfo=UTC),
        version=1,
        amounts_version=0,
        unmatched_pence=0,
        expired_at=None,
        portions=[
            KeptPortion(funder_id=one, asked_pence=pence, posted_pence=pence)
            for one, pence in spent.items()
        ],
    )
    parts = {
        one: Part(funder_id=one, code=str(one), free_pence=0, is_in=True, is_advanced=False)
        for one in spent
    }
    host = Host(funder_id=COUNCIL, code=str(COUNCIL))

    new, entries = rules.less(hold, amount, parts=parts, host=host, there=spent)

    assert (new.posted_pence, new.version) == (100_01 - amount, 2)
    assert {(entry.debit, entry.credit) for entry in entries} == {("with_person", "available")}
    for portion in new.portions:
        back = sum(one.amount_pence for one in entries if one.funder_id == portion.funder_id)
        assert back == spent[portion.funder_id] - portion.posted_pence
