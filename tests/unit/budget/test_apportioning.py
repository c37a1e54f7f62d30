"""Who pays which part of a spend that several funders share."""

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.budget.agreements.rules import Funding, apportion
from services.budget.holds.rules import wanted_at

amounts_pence = st.integers(1, 1_000_000)
agreements_pence = st.lists(st.integers(0, 500_000), min_size=2, max_size=5).filter(any)
ties = st.integers(0, 2**128 - 1)


def apportioned(amount_pence, *, agreed_pence, spent_pence, tie=0):
    fundings = [
        Funding(funder_id=UUID(int=place), weight=agreed, spent_pence=spent)
        for place, (agreed, spent) in enumerate(zip(agreed_pence, spent_pence, strict=True))
    ]
    return list(apportion(amount_pence=amount_pence, fundings=fundings, tie=tie).values())


@given(
    amount_pence=amounts_pence,
    funded=st.lists(
        st.tuples(st.integers(0, 500_000), st.integers(0, 500_000)), min_size=1, max_size=5
    ).filter(lambda funded: any(agreed for agreed, _ in funded)),
    tie=ties,
)
def test_no_penny_is_lost_or_invented_and_nobody_is_paid(amount_pence, funded, tie):
    agreed, spent = zip(*funded, strict=True)

    portions = apportioned(amount_pence, agreed_pence=agreed, spent_pence=spent, tie=tie)

    assert sum(portions) == amount_pence
    assert min(portions) >= 0


@given(agreed_pence=agreements_pence, spends=st.lists(amounts_pence, max_size=30), tie=ties)
def test_after_any_number_of_spends_no_funder_is_a_penny_from_its_share(agreed_pence, spends, tie):
    paid = [0] * len(agreed_pence)
    for amount_pence in spends:
        portions = apportioned(amount_pence, agreed_pence=agreed_pence, spent_pence=paid, tie=tie)
        paid = [before + portion for before, portion in zip(paid, portions, strict=True)]

        for agreed, own in zip(agreed_pence, paid, strict=True):
            assert abs(Fraction(agreed, sum(agreed_pence)) * sum(paid) - own) < 1


@given(amount_pence=amounts_pence)
def test_a_funder_that_agreed_to_pay_nothing_of_the_joint_items_pays_nothing(amount_pence):
    assert apportioned(amount_pence, agreed_pence=[5_00, 0], spent_pence=[0, 0]) == [
        amount_pence,
        0,
    ]


@given(tie=ties)
def test_odd_pennies_of_equal_shares_go_to_one_funder_and_then_to_the_other(tie):
    first = apportioned(3, agreed_pence=[50, 50], spent_pence=[0, 0], tie=tie)
    second = apportioned(3, agreed_pence=[50, 50], spent_pence=first, tie=tie)

    assert sorted(first) == [1, 2]
    assert second == [3 - portion for portion in first]


@given(pairs=st.lists(st.uuids(version=4), min_size=1, max_size=50, unique=True))
def test_which_of_two_equals_pays_the_odd_penny_first_depends_on_the_agreements_id(pairs):
    """Whatever the funders' own ids are: the two ids of each pair differ in the deciding bit."""
    favoured = 0
    for agreement_id in pairs:
        for tie in (agreement_id.int, agreement_id.int ^ 1):
            favoured += apportioned(1, agreed_pence=[50, 50], spent_pence=[0, 0], tie=tie)[0]

    assert favoured == len(pairs)


def test_a_funder_that_is_ahead_pays_less_until_the_other_has_caught_up():
    assert apportioned(10, agreed_pence=[50, 50], spent_pence=[24, 20]) == [3, 7]


def test_a_funder_that_is_ahead_by_more_than_the_whole_spend_pays_nothing_of_it():
    assert apportioned(3, agreed_pence=[50, 50], spent_pence=[20, 0]) == [0, 3]
    assert apportioned(4, agreed_pence=[40, 40, 40], spent_pence=[30, 0, 0]) == [0, 2, 2]


@given(
    agreed_pence=st.tuples(st.integers(0, 300), st.integers(0, 300)).filter(any),
    purchases=st.lists(
        st.tuples(st.integers(1, 100), st.integers(0, 100), st.booleans()), max_size=30
    ),
    tie=ties,
)
def test_a_plan_can_be_spent_to_its_last_penny_whatever_was_released_on_the_way(
    agreed_pence, purchases, tie
):
    """Purchases cost less than was held, now or at the end; no funder's part falls short."""
    total = sum(agreed_pence)
    spent = [0, 0]
    settled_later = []

    def settle(portions, posted_pence):
        asked = dict(zip("ab", portions, strict=True))
        at = wanted_at(held_pence=0, posted_pence=posted_pence, asked_pence=asked)
        for place, name in enumerate(asked):
            spent[place] += at[name].posted_pence - asked[name]

    for asked_pence, percent_posted, is_settled_later in purchases:
        amount_pence = min(asked_pence, total - sum(spent))
        if amount_pence == 0:
            break
        portions = apportioned(amount_pence, agreed_pence=agreed_pence, spent_pence=spent, tie=tie)
        spent = [before + portion for before, portion in zip(spent, portions, strict=True)]
        assert spent[0] <= agreed_pence[0]
        assert spent[1] <= agreed_pence[1]
        outcome = (portions, amount_pence * percent_posted // 100)
        if is_settled_later:
            settled_later.append(outcome)
        else:
            settle(*outcome)
    for outcome in settled_later:
        settle(*outcome)

    if sum(spent) < total:
        rest = apportioned(
            total - sum(spent), agreed_pence=agreed_pence, spent_pence=spent, tie=tie
        )
        spent = [before + portion for before, portion in zip(spent, rest, strict=True)]
    assert tuple(spent) == agreed_pence
