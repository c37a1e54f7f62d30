"""How much a person may plan with: the worked example, and promises for every case."""

from dataclasses import asdict, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.amounts.rules import BudgetKind, calculate
from services.assessment.calculations.rules import Inputs, kept, sha256
from services.assessment.explanation.rules import what_would_change
from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.points.rules import Need, half_up, points
from services.assessment.rule_sets.rules import CaseFacts, Section75Row
from services.assessment.rule_sets.shipped import shipped
from services.assessment.wording.rules import ENGLISH, wording_for
from shared.contracts import documents

CURRENT = shipped()["illustrative-2026-1"].rule_set

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
PUBLISHED_SHA256 = "a735cfaf3492fbf91b931db877dae5f6cd5a3a89de9eadaf9711f51b61ddc7d0"
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


def a_need(domain="B1", typical=2, worst=4, worst_days_per_28=8, informal_levels=0):
    return Need(
        domain=domain,
        name=DOMAINS[domain],
        typical=typical,
        worst=worst,
        worst_days_per_28=worst_days_per_28,
        informal_levels=informal_levels,
    )


def ongoing(needs, rule_set=CURRENT, **more):
    return calculate(needs, budget_kind=BudgetKind.ONGOING, rule_set=rule_set, **more)


def one_off(needs, **more):
    return calculate(needs, budget_kind=BudgetKind.ONE_OFF_RECOVERY, rule_set=CURRENT, **more)


alex = [a_need(domain, typical, worst) for domain, typical, worst in ALEX]


@st.composite
def needs_of_somebody(draw):
    domains = draw(st.lists(st.sampled_from(list(DOMAINS)), min_size=1, unique=True))
    return [draw(needs_in(domain)) for domain in domains]


@st.composite
def needs_in(draw, domain):
    typical, worst = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))))
    return a_need(domain, typical, worst, draw(st.integers(0, 28)), draw(st.integers(0, 4)))


@st.composite
def shares(draw):
    nhs = draw(st.integers(0, 10_000))
    return {"nhs": nhs, "council": 10_000 - nhs}


some_domains = st.lists(st.sampled_from(list(DOMAINS)), max_size=5)
facts_of_somebody = st.builds(
    CaseFacts,
    basis=st.sampled_from(["local_offer", "care_act", "section_117", "chc"]),
    condition_group=st.sampled_from(["mental_health", "physical_health"]),
    disputed=some_domains.map(frozenset),
    settled=st.dictionaries(st.sampled_from(list(DOMAINS)), shares(), max_size=5),
)
rule_sets = st.builds(
    lambda floor, ceiling: replace(CURRENT, floor_pence=floor, ceiling_pence=ceiling),
    st.none() | st.integers(0, 2_000_00),
    st.none() | st.integers(2_000_00, 5_000_00),
)


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
        "informal_levels": 0,
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

    total_pence = ongoing(seen).total_pence  # so it is never scored that way

    assert total_pence == 925_00
    assert round(1_000 * (1 - Fraction(total_pence, 2_022_87))) == 543  # 54.3 % less


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
    assert calculation.lines[-1].inputs == {
        "points_in_28ths": in_28ths,
        "council_basis_points": 5_000,
        "nhs_basis_points": 5_000,
    }
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
    rule_set = replace(CURRENT, joint_shares={"council": 3_333, "nhs": 6_667})

    lines = ongoing([a_need("A7")], rule_set).lines

    assert "33.33%" in lines[0].formula
    assert "66.67%" in lines[1].formula


def test_every_domain_has_a_payer_a_weight_and_a_name_in_each_rule_set():
    for name, rule_set in ((name, one.rule_set) for name, one in shipped().items()):
        assert rule_set.name == name
        assert set(rule_set.payers) == set(rule_set.weights) == set(DOMAINS)
        assert sum(rule_set.joint_shares.values()) == 10_000


@given(needs_of_somebody(), kinds, facts_of_somebody, rule_sets, st.data())
def test_raising_a_level_or_the_days_never_lowers_the_total(needs, kind, facts, rule_set, data):
    position = data.draw(st.integers(0, len(needs) - 1))
    need = needs[position]
    worst = data.draw(st.integers(need.worst, 4))
    typical = data.draw(st.integers(need.typical, worst))
    days = data.draw(st.integers(need.worst_days_per_28, 28))
    raised = replace(need, typical=typical, worst=worst, worst_days_per_28=days)
    same = {"budget_kind": kind, "rule_set": rule_set, "facts": facts}

    before = calculate(needs, **same)
    after = calculate([*needs[:position], raised, *needs[position + 1 :]], **same)

    assert after.total_pence >= before.total_pence
    assert after.gross_pence >= before.gross_pence


@given(needs_of_somebody(), kinds, facts_of_somebody, rule_sets, st.integers(0, 200_00))
def test_the_lines_and_the_funders_add_up_to_the_total(needs, kind, facts, rule_set, weekly):
    calculation = calculate(
        needs,
        budget_kind=kind,
        rule_set=rule_set,
        facts=facts,
        weekly_contribution_pence=weekly,
    )

    assert sum(line.amount_pence for line in calculation.lines) == calculation.total_pence
    assert calculation.nhs_pence + calculation.council_pence == calculation.total_pence
    assert calculation.nhs_pence >= 0
    assert calculation.council_pence >= 0
    if kind == BudgetKind.ONGOING:
        for funder, paid in (
            ("nhs", calculation.nhs_pence),
            ("council", calculation.council_pence),
        ):
            assert paid == sum(
                line.amount_pence for line in calculation.lines if line.payer == funder
            )


@given(needs_of_somebody(), kinds, facts_of_somebody)
def test_the_same_needs_and_rules_give_the_same_bytes(needs, kind, facts):
    inputs = Inputs(
        needs=needs,
        budget_kind=kind,
        facts=facts,
        weekly_contribution_pence=10_00,
        language="en",
    )
    again = kept(documents.plain(inputs.to_keep()))

    assert documents.write(asdict(inputs.calculation(CURRENT))) == documents.write(
        asdict(again.calculation(CURRENT))
    )


def test_the_worked_example_has_the_bytes_that_it_had_when_it_was_published():
    """If this fails, old amounts cannot be worked out again: make a new way beside the old one."""
    assert sha256(ongoing(alex)) == PUBLISHED_SHA256


@given(needs_of_somebody(), some_domains.map(frozenset), st.data())
def test_a_dispute_and_its_end_change_who_pays_and_never_the_amount(needs, disputed, data):
    settled = {domain: data.draw(shares()) for domain in disputed}

    before = ongoing(needs)
    meanwhile = ongoing(needs, facts=CaseFacts(disputed=disputed))
    after = ongoing(needs, facts=CaseFacts(settled=settled))

    assert before.gross_pence == meanwhile.gross_pence == after.gross_pence
    for line in meanwhile.lines:
        if line.domain in disputed:
            assert line.split_rule == "disputed"
            assert line.inputs["share_basis_points"] == 5_000


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


def test_swapping_all_rates_changes_only_what_each_payer_pays():
    swapped = replace(CURRENT, rates_pence={"council": 90_00, "nhs": 80_00}, name="swapped")

    before, after = ongoing(alex), ongoing(alex, swapped)

    def apart_from_amounts(calculation):
        return [
            (line.domain, line.payer, line.split_rule, line.inputs["points_in_28ths"])
            for line in calculation.lines
        ]

    assert apart_from_amounts(before) == apart_from_amounts(after)
    assert after.council_pence == sum(
        half_up(
            line.inputs["points_in_28ths"] * 90_00 * line.inputs["share_basis_points"],
            28 * 10_000,
        )
        for line in after.lines
        if line.payer == "council"
    )


def test_a_contribution_lowers_only_the_councils_part():
    without, with_it = ongoing(alex), ongoing(alex, weekly_contribution_pence=10_00)

    assert with_it.council_pence == without.council_pence - 520_00
    assert with_it.nhs_pence == without.nhs_pence
    assert with_it.gross_pence == without.total_pence
    assert with_it.reserve_pence == without.reserve_pence
    charge = with_it.lines[-1]
    assert charge.words == ("You pay £10.00 a week towards the council's part, £520.00 a year.")
    assert (charge.amount_pence, charge.payer) == (-520_00, "council")


def test_a_contribution_takes_no_more_than_the_council_pays():
    calculation = ongoing(alex, weekly_contribution_pence=100_00)

    assert calculation.council_pence == 0
    assert calculation.nhs_pence == 1_028_57


@pytest.mark.parametrize("basis", ["section_117", "chc"])
def test_aftercare_and_continuing_healthcare_are_free(basis):
    facts = CaseFacts(basis=basis)

    charged = ongoing(alex, facts=facts, weekly_contribution_pence=10_00)

    assert charged == ongoing(alex, facts=facts)


def rules_that_applied(facts, rule_set=CURRENT):
    lines = ongoing([a_need("A9"), a_need("B1")], rule_set, facts=facts).lines
    return [(line.domain, line.payer, line.split_rule) for line in lines]


def test_who_pays_follows_the_first_rule_that_applies():
    both = [
        ("A9", "council", "section_117"),
        ("A9", "nhs", "section_117"),
        ("B1", "council", "section_117"),
        ("B1", "nhs", "section_117"),
    ]
    disputed = CaseFacts(disputed=frozenset({"A9"}))
    settled = CaseFacts(settled={"A9": {"nhs": 10_000, "council": 0}})

    assert rules_that_applied(CaseFacts()) == [("A9", "council", "domain"), ("B1", "nhs", "domain")]
    assert rules_that_applied(replace(disputed, basis="chc")) == [
        ("A9", "nhs", "chc"),
        ("B1", "nhs", "chc"),
    ]
    assert rules_that_applied(replace(disputed, basis="section_117")) == both
    assert rules_that_applied(disputed)[:2] == [
        ("A9", "council", "disputed"),
        ("A9", "nhs", "disputed"),
    ]
    assert rules_that_applied(settled)[0] == ("A9", "nhs", "settled")


def test_what_the_funders_agreed_in_writing_goes_before_the_domain():
    agreed = replace(
        CURRENT,
        section_75=(
            Section75Row(domain="A9", cohort=None, shares={"nhs": 10_000}),
            Section75Row(domain=None, cohort="mental_health", shares={"council": 10_000}),
        ),
    )
    of_group = CaseFacts(condition_group="mental_health", disputed=frozenset({"A9", "B1"}))

    assert rules_that_applied(CaseFacts(), agreed) == [
        ("A9", "nhs", "section_75"),
        ("B1", "nhs", "domain"),
    ]
    assert rules_that_applied(of_group, agreed) == [
        ("A9", "nhs", "section_75"),
        ("B1", "council", "section_75"),
    ]


def test_a_one_off_budget_is_split_by_the_same_rules():
    chc = one_off(alex, facts=CaseFacts(basis="chc"))
    disputed = one_off(alex, facts=CaseFacts(disputed=frozenset({"A9"})))

    assert (chc.nhs_pence, chc.council_pence) == (1_000_00, 0)
    assert (chc.lines[-1].payer, chc.lines[-1].split_rule) == ("nhs", "chc")
    assert disputed.lines[-1].split_rule == "disputed"


def test_only_a_carers_help_that_goes_on_lowers_what_is_counted():
    (line,) = ongoing([a_need("B1", 2, 4, 8, informal_levels=1)]).lines

    assert line.inputs["points_in_28ths"] == 1 * 20 + 3 * 8
    assert line.formula.startswith("(1 x 20 + 3 x 8) / 28")
    assert "Somebody close goes on helping, which takes 1 off." in line.words
    assert a_need("B1", 1, 1, informal_levels=4).in_28ths == 0


def test_a_floor_and_a_ceiling_are_lines_of_their_own():
    limited = replace(CURRENT, floor_pence=500_00, ceiling_pence=1_000_00)

    nothing = ongoing([a_need("B1", 0, 0)], limited)
    a_lot = ongoing(alex, limited)

    assert (nothing.total_pence, a_lot.total_pence) == (500_00, 1_000_00)
    assert nothing.lines[-1].words == "No yearly budget is less than £500.00. The NHS adds £250.00."
    assert a_lot.lines[-1].amount_pence < 0
    assert a_lot.council_pence + a_lot.nhs_pence == 1_000_00


def test_what_would_change_the_amount_is_said():
    said = what_would_change([a_need("B1")], budget_kind=BudgetKind.ONGOING, rule_set=CURRENT)

    assert said[:2] == [
        "Mood and drive: one level more on a typical day adds £64.28.",
        "Mood and drive: one more of the worst days in 28 adds £6.43.",
    ]
    assert said[2:] == list(ENGLISH.general)


def test_nothing_more_can_be_added_to_the_highest_level_on_every_day():
    highest = a_need("B1", 4, 4, 28)

    said = what_would_change([highest], budget_kind=BudgetKind.ONGOING, rule_set=CURRENT)

    assert said == list(ENGLISH.general)


def test_of_a_one_off_budget_it_is_said_how_far_the_next_band_is():
    kind = BudgetKind.ONE_OFF_RECOVERY

    near = what_would_change([a_need("B1")], budget_kind=kind, rule_set=CURRENT)
    last = what_would_change(alex, budget_kind=kind, rule_set=CURRENT)

    assert near[0] == "5.43 points more come to the next band: £700.00."
    assert last == list(ENGLISH.general)


@given(needs_of_somebody(), facts_of_somebody)
def test_what_is_said_to_raise_the_amount_raises_it_by_that(needs, facts):
    need = needs[0]
    typical = min(need.typical + 1, 4)
    raised = replace(need, typical=typical, worst=max(need.worst, typical))
    added = ongoing([raised], facts=facts).gross_pence - ongoing([need], facts=facts).gross_pence
    said = what_would_change([need], budget_kind=BudgetKind.ONGOING, rule_set=CURRENT, facts=facts)

    assert any("one level more" in sentence for sentence in said) == (added > 0)


def test_who_reads_another_language_gets_it_where_there_are_words():
    assert wording_for("en-GB") is ENGLISH
    assert wording_for("ur") is ENGLISH  # and an interpreter
