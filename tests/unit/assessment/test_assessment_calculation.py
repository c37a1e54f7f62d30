"""How much a person may plan with: the worked example, and promises for every case."""

from dataclasses import asdict, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.indicative_budget.calculation import (
    Need,
    calculate,
    half_up,
    points,
)
from services.assessment.indicative_budget.rules import CURRENT, RULE_SETS, BudgetKind
from services.assessment.needs.rules import DOMAINS
from shared.contracts import documents

# Alex's levels without the present support: domain, typical, worst; eight worst days in 28.
ALEX = [
    ("A1", 2, 3),
    ("A6", 1, 2),
    ("A7", 3, 4),
    ("A8", 3, 4),
    ("A9", 2, 3),
    ("B1", 2, 4),
    ("B2", 2, 3),
    ("B6", 3, 4),
    ("C1", 2, 2),
    ("C3", 1, 2),
]
ALEX_LINES = [
    ("A1", "council", 182_86),
    ("A6", "council", 102_86),
    ("A7", "council", 131_43),
    ("A7", "nhs", 147_86),
    ("A8", "council", 262_86),
    ("A9", "council", 182_86),
    ("B1", "nhs", 231_43),
    ("B2", "nhs", 205_71),
    ("B6", "council", 131_43),
    ("B6", "nhs", 147_86),
    ("C1", "nhs", 180_00),
    ("C3", "nhs", 115_71),
]


def a_need(domain="B1", typical=2, worst=4, worst_days_per_28=8):
    return Need(
        domain=domain,
        name=DOMAINS[domain],
        typical=typical,
        worst=worst,
        worst_days_per_28=worst_days_per_28,
    )


def ongoing(needs, rule_set=CURRENT):
    return calculate(needs, budget_kind=BudgetKind.ONGOING, rule_set=rule_set)


def one_off(needs):
    return calculate(needs, budget_kind=BudgetKind.ONE_OFF_RECOVERY, rule_set=CURRENT)


alex = [a_need(domain, typical, worst) for domain, typical, worst in ALEX]


@st.composite
def needs_of_somebody(draw):
    domains = draw(st.lists(st.sampled_from(list(DOMAINS)), min_size=1, unique=True))
    return [draw(needs_in(domain)) for domain in domains]


@st.composite
def needs_in(draw, domain):
    typical, worst = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))))
    return a_need(domain, typical, worst, draw(st.integers(0, 28)))


kinds = st.sampled_from(BudgetKind)


def test_the_published_example_comes_out_to_the_penny():
    calculation = ongoing(alex)

    assert calculation.total_pence == 2_022_87
    assert calculation.council_pence == 994_30
    assert calculation.nhs_pence == 1_028_57
    assert calculation.reserve_pence == 202_29
    assert [
        (line.domain, line.payer, line.amount_pence) for line in calculation.lines
    ] == ALEX_LINES


def test_a_line_can_be_checked_with_pencil_and_paper():
    line = ongoing([a_need("A7", 3, 4)]).lines[0]

    assert line.words == (
        "Family and relationships: level 3 on a typical day, level 4 on the worst (8 days"
        " in 28). The council pays its 50% of it, £131.43 a year."
    )
    assert line.formula == "(3 x 20 + 4 x 8) / 28 x 1 x £80.00 x 50% = £131.43"
    assert line.inputs == {
        "typical": 3,
        "worst": 4,
        "worst_days_per_28": 8,
        "points_in_28ths": 92,
        "weight": 1,
        "rate_pence": 80_00,
        "share_basis_points": 5_000,
    }


def test_a_need_that_one_funder_pays_for_is_one_line():
    (line,) = ongoing([a_need("B1", 0, 4, 1)]).lines

    assert line.words == (
        "Mood and drive: level 0 on a typical day, level 4 on the worst (1 day in 28)."
        " The NHS pays £12.86 a year."
    )


def test_swapping_the_rates_of_a_domain_changes_only_who_pays():
    swapped = replace(
        CURRENT, rates_pence={"council": 90_00, "nhs": 80_00}, name="swapped for this test"
    )
    joint = [a_need("A7", 3, 4), a_need("B6", 3, 4)]

    before, after = ongoing(joint), ongoing(joint, swapped)

    assert (after.council_pence, after.nhs_pence) == (before.nhs_pence, before.council_pence)
    assert after.total_pence == before.total_pence


def test_a_snapshot_with_present_support_would_lose_over_half_of_it():
    snapshot = [1, 0, 2, 3, 1, 1, 1, 1, 1, 0]
    seen = [
        a_need(domain, level, level) for (domain, _, _), level in zip(ALEX, snapshot, strict=True)
    ]

    assert ongoing(seen).total_pence == 925_00  # so it is never scored that way


@pytest.mark.parametrize(
    ("in_28ths", "amount_pence"),
    [
        (0, 400_00),
        (8 * 28 - 1, 400_00),
        (8 * 28, 700_00),
        (15 * 28, 700_00),
        (15 * 28 + 1, 1_000_00),
        (20 * 4 * 28, 1_000_00),
    ],
)
def test_a_one_off_budget_goes_by_bands_of_points(in_28ths, amount_pence):
    needs = needs_of(in_28ths)

    calculation = one_off(needs)

    assert calculation.total_pence == amount_pence
    assert calculation.lines[-1].inputs == {"points_in_28ths": in_28ths}
    assert calculation.nhs_pence == calculation.council_pence == amount_pence // 2
    assert calculation.reserve_pence == amount_pence // 10


def needs_of(in_28ths):
    """Return needs that come to so many 28ths of a point."""
    needs = []
    for domain in DOMAINS:
        here = min(in_28ths, 4 * 28)
        in_28ths -= here
        typical, odd_days = divmod(here, 28)
        needs.append(a_need(domain, typical, min(typical + 1, 4), odd_days))
    return needs


def test_a_one_off_budget_shows_the_points_line_by_line():
    calculation = one_off([a_need("B1"), a_need("A1", 1, 2, 4)])

    mood, eating, together = (line.words for line in calculation.lines)
    assert mood == (
        "Mood and drive: level 2 on a typical day, level 4 on the worst (8 days in 28)."
        " That is 2.57 points."
    )
    assert eating.endswith("level 2 on the worst (4 days in 28). That is 1.14 points.")
    assert together == (
        "Together that is 3.71 points. For fewer than 8 points the one-off budget is £400.00."
    )
    assert calculation.lines[-1].domain is None


def test_a_share_that_is_no_whole_percentage_is_shown_as_it_is():
    rule_set = replace(CURRENT, joint_shares_basis_points={"council": 3_333, "nhs": 6_667})

    lines = ongoing([a_need("A7")], rule_set).lines

    assert "33.33%" in lines[0].formula
    assert "66.67%" in lines[1].formula


def test_every_domain_has_a_payer_a_weight_and_a_name_in_each_rule_set():
    for name, rule_set in RULE_SETS.items():
        assert rule_set.name == name
        assert set(rule_set.payers) == set(rule_set.weights) == set(DOMAINS)
        assert sum(rule_set.joint_shares_basis_points.values()) == 10_000


@given(needs_of_somebody(), kinds, st.data())
def test_raising_a_level_or_the_days_never_lowers_the_total(needs, kind, data):
    position = data.draw(st.integers(0, len(needs) - 1))
    need = needs[position]
    worst = data.draw(st.integers(need.worst, 4))
    typical = data.draw(st.integers(need.typical, worst))
    days = data.draw(st.integers(need.worst_days_per_28, 28))
    raised = replace(need, typical=typical, worst=worst, worst_days_per_28=days)

    before = calculate(needs, budget_kind=kind, rule_set=CURRENT)
    after = calculate(
        [*needs[:position], raised, *needs[position + 1 :]], budget_kind=kind, rule_set=CURRENT
    )

    assert after.total_pence >= before.total_pence


@given(needs_of_somebody(), kinds)
def test_the_lines_and_the_funders_add_up_to_the_total(needs, kind):
    calculation = calculate(needs, budget_kind=kind, rule_set=CURRENT)

    assert sum(line.amount_pence for line in calculation.lines) == calculation.total_pence
    assert calculation.nhs_pence + calculation.council_pence == calculation.total_pence


@given(needs_of_somebody(), kinds)
def test_the_same_needs_and_rules_give_the_same_bytes(needs, kind):
    first = calculate(needs, budget_kind=kind, rule_set=CURRENT)
    again = calculate(list(needs), budget_kind=kind, rule_set=CURRENT)

    assert documents.write(asdict(first)) == documents.write(asdict(again))


@given(needs_of_somebody())
def test_no_line_is_more_than_half_a_penny_from_the_exact_amount(needs):
    for line in ongoing(needs).lines:
        exact = Fraction(
            line.inputs["points_in_28ths"]
            * line.inputs["weight"]
            * line.inputs["rate_pence"]
            * line.inputs["share_basis_points"],
            28 * 10_000,
        )
        assert abs(line.amount_pence - exact) <= Fraction(1, 2)


def test_half_a_penny_is_rounded_up():
    assert [half_up(1, 2), half_up(3, 2), half_up(49, 100), half_up(0, 7)] == [1, 2, 0, 0]


def test_points_have_two_decimals():
    assert [points(72), points(28), points(0)] == ["2.57", "1.00", "0.00"]
