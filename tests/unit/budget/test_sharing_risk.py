"""Who bears what was spent too much, and who gets what is left: no penny lost, no cap passed."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.holds.rules import Host
from services.budget.risk_share import rules
from services.budget.risk_share.rules import (
    Found,
    Move,
    Outturn,
    Part,
    RiskRuleKind,
    RiskRuleWrongError,
    Shared,
    YearNotOverError,
)

A, B, C = (UUID(int=number) for number in (1, 2, 3))
CODES = {A: "E06000001", B: "QHM01", C: "E06000003"}
BUDGETS = [UUID(int=number) for number in (11, 12, 13)]
founds = st.dictionaries(
    st.tuples(st.sampled_from(BUDGETS), st.sampled_from([A, B, C])),
    st.integers(min_value=1, max_value=10**9),
    max_size=9,
).map(
    lambda found: [
        Found(budget_id=budget_id, funder_id=funder_id, amount_pence=pence)
        for (budget_id, funder_id), pence in found.items()
    ]
)
maxima = st.none() | st.integers(min_value=0, max_value=10**9)


@st.composite
def partings(draw):
    first = draw(st.integers(min_value=0, max_value=10_000))
    second = draw(st.integers(min_value=0, max_value=10_000 - first))
    points = {A: first, B: second, C: 10_000 - first - second}
    return [
        Part(funder_id=funder_id, basis_points=one, most_pence=draw(maxima))
        for funder_id, one in points.items()
    ]


def by_funder(found):
    pence = Counter()
    for one in found:
        pence[one.funder_id] += one.amount_pence
    return pence


def borne(found, moves):
    """Return what each bears of overspends when the moves are made."""
    pence = by_funder(found)
    for move in moves:
        pence[move.payer_id] += move.amount_pence
        pence[move.receiver_id] -= move.amount_pence
    return pence


def uncapped(parts):
    return [Part(funder_id=part.funder_id, basis_points=part.basis_points) for part in parts]


def plan(overspent=(), underspent=(), parts=()):
    return rules.planned(Outturn(overspent=overspent, underspent=underspent), parts=parts)


@given(found=founds, parts=partings())
def test_each_bears_its_part_of_all_overspends_to_the_penny(found, parts):
    bearing = borne(found, plan(found, parts=uncapped(parts)))

    whole = sum(by_funder(found).values())
    assert sum(bearing.values()) == whole
    for part in parts:
        assert abs(bearing[part.funder_id] * 10_000 - whole * part.basis_points) < 10_000


@given(found=founds, parts=partings())
def test_nobody_takes_on_more_than_its_maximum_and_nobody_gets_ahead_by_it(found, parts):
    before, bearing = by_funder(found), borne(found, plan(found, parts=parts))
    in_full = borne(found, plan(found, parts=uncapped(parts)))

    assert sum(bearing.values()) == sum(before.values())
    for part in parts:
        taken = bearing[part.funder_id] - before[part.funder_id]
        assert part.most_pence is None or taken <= part.most_pence
        full = in_full[part.funder_id] - before[part.funder_id]
        assert min(full, 0) <= taken <= max(full, 0)


@given(found=founds, parts=partings())
def test_no_budget_hands_over_more_than_it_has_and_what_it_has_stays_in_it(found, parts):
    there = {(one.budget_id, one.funder_id): one.amount_pence for one in found}
    for move in plan(found, parts=parts):
        assert move.amount_pence > 0
        there[move.budget_id, move.receiver_id] -= move.amount_pence
        assert there[move.budget_id, move.receiver_id] >= 0


@given(found=founds, parts=partings())
def test_underspends_go_the_other_way_and_know_no_maximum(found, parts):
    costs = plan(found, parts=uncapped(parts))
    money = plan(underspent=found, parts=parts)

    turned = [(one.budget_id, one.receiver_id, one.payer_id, one.amount_pence) for one in costs]
    assert turned == [
        (one.budget_id, one.payer_id, one.receiver_id, one.amount_pence) for one in money
    ]
    assert {one.shared for one in money} <= {Shared.UNDERSPENT}


@given(overspent=founds, underspent=founds, parts=partings())
def test_every_book_stays_balanced_and_debts_stand_in_both(overspent, underspent, parts):
    moves = plan(overspent, underspent, parts)
    host = Host(funder_id=A, code=CODES[A])
    accounts = Counter()
    for entry in rules.risk_share_entries(moves, codes=CODES, host=host):
        assert entry.amount_pence > 0
        accounts[entry.funder_id, entry.debit] -= entry.amount_pence
        accounts[entry.funder_id, entry.credit] += entry.amount_pence

    for other in (B, C):
        for there, here in (("due_to", "due_from"), ("due_from", "due_to")):
            assert accounts[other, f"{there} {CODES[A]}"] == -accounts[A, f"{here} {CODES[other]}"]
    for account in ("overspent", "available"):
        assert sum(pence for (_, name), pence in accounts.items() if name == account) == 0


def test_a_worked_example_of_three_partners():
    # 90.00 fell to B; 20:30:50 makes 18.00, 27.00 and 45.00, and C takes on 30.00 at most.
    found = [Found(budget_id=BUDGETS[0], funder_id=B, amount_pence=90_00)]
    parts = [
        Part(funder_id=A, basis_points=2_000),
        Part(funder_id=B, basis_points=3_000),
        Part(funder_id=C, basis_points=5_000, most_pence=30_00),
    ]

    moves = plan(found, parts=parts)

    assert {move.payer_id: move.amount_pence for move in moves} == {A: 18_00, C: 30_00}
    assert borne(found, moves)[B] == 42_00


def test_without_a_share_of_risk_everything_lies_where_it_fell():
    found = [Found(budget_id=BUDGETS[0], funder_id=B, amount_pence=90_00)]

    assert plan(found, found) == []


def test_only_what_is_locked_is_shared():
    found = [Found(budget_id=one, funder_id=B, amount_pence=1) for one in BUDGETS]
    outturn = Outturn(overspent=found[:2], underspent=found[2:])

    assert outturn.budget_ids == set(BUDGETS)
    assert outturn.only(BUDGETS[1:]) == Outturn(overspent=[found[1]], underspent=[found[2]])


@given(found=founds, parts=partings())
def test_what_is_due_in_all_budgets_is_what_is_due_in_each(found, parts):
    moves = plan(found, parts=parts)
    dues = rules.added_up(moves)

    assert sum(due.amount_pence for due in dues) == sum(move.amount_pence for move in moves)
    assert len({(due.shared, due.payer_id, due.receiver_id) for due in dues}) == len(dues)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (RiskRuleKind.LIE_WHERE_IT_FALLS, [Part(funder_id=A, basis_points=10_000)]),
        (RiskRuleKind.PERCENTAGE, []),
        (RiskRuleKind.PERCENTAGE, [Part(funder_id=A, basis_points=10_000)]),
        (RiskRuleKind.PERCENTAGE, [Part(funder_id=one, basis_points=4_999) for one in (A, B)]),
        (RiskRuleKind.CAPPED, [Part(funder_id=one, basis_points=5_000) for one in (A, B)]),
        (
            RiskRuleKind.PERCENTAGE,
            [Part(funder_id=one, basis_points=5_000, most_pence=1) for one in (A, B)],
        ),
    ],
)
def test_a_rule_that_does_not_say_what_its_kind_needs_is_refused(kind, parts):
    with pytest.raises(RiskRuleWrongError):
        rules.see_that_it_is_a_rule(kind, parts, partner_ids=[A, B])


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (RiskRuleKind.LIE_WHERE_IT_FALLS, []),
        (RiskRuleKind.PERCENTAGE, [Part(funder_id=one, basis_points=5_000) for one in (B, A)]),
        (
            RiskRuleKind.CAPPED,
            [
                Part(funder_id=A, basis_points=5_000),
                Part(funder_id=B, basis_points=5_000, most_pence=0),
            ],
        ),
    ],
)
def test_a_rule_that_says_what_its_kind_needs_can_be_signed(kind, parts):
    rules.see_that_it_is_a_rule(kind, parts, partner_ids=[A, B])


def test_a_financial_year_ends_on_the_last_of_march():
    assert rules.year_of(2026) == (date(2026, 4, 1), date(2027, 3, 31))
    rules.see_that_year_is_over(2026, today=date(2027, 4, 1))

    with pytest.raises(YearNotOverError):
        rules.see_that_year_is_over(2026, today=date(2027, 3, 31))


def test_a_move_between_two_others_is_owed_to_and_by_the_host():
    move = Move(
        budget_id=BUDGETS[0],
        shared=Shared.OVERSPENT,
        payer_id=B,
        receiver_id=C,
        amount_pence=5_00,
    )

    entries = rules.risk_share_entries([move], codes=CODES, host=Host(funder_id=A, code=CODES[A]))

    assert {(one.funder_id, one.debit, one.credit, one.amount_pence) for one in entries} == {
        (B, "overspent", "due_to E06000001", 5_00),
        (C, "due_from E06000001", "overspent", 5_00),
        (A, "due_from QHM01", "due_to E06000003", 5_00),
    }
