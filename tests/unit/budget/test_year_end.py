"""What is left at the end of a year: to the penny, and never one partner's to another unseen."""

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.budget.year_end import rules
from services.budget.year_end.rules import Leftover, YearEndLine, YearEndRule

PARTNERS = [UUID(int=number) for number in range(1, 6)]
HOST = PARTNERS[0]
CODES = {partner: f"E0{partner.int}" for partner in PARTNERS}
PENCE = st.integers(min_value=0, max_value=10**9)


def a_rule(funder_id, leftover, numerator=None):
    return YearEndRule(funder_id=funder_id, leftover=leftover, numerator=numerator)


@st.composite
def rules_of_all(draw):
    made = []
    for partner in PARTNERS:
        leftover = draw(st.sampled_from(Leftover))
        numerator = draw(st.integers(1, 100)) if leftover is Leftover.SHARE else None
        made.append(a_rule(partner, leftover, numerator))
    return made


LEFT = st.dictionaries(st.sampled_from(PARTNERS), PENCE).map(lambda left: {HOST: 0, **left})


@given(left=LEFT, given_rules=rules_of_all(), tie=st.integers(min_value=0, max_value=2**128 - 1))
def test_every_penny_is_carried_or_goes_back_and_what_is_due_comes_to_nothing(
    left, given_rules, tie
):
    lines = rules.lines(left, given_rules, tie=tie)

    rule_of = {rule.funder_id: rule.leftover for rule in given_rules}
    assert [line.funder_id for line in lines] == list(left)
    assert sum(line.carried_pence + line.lapsed_pence for line in lines) == sum(left.values())
    assert sum(line.due_pence for line in lines) == 0
    for line in lines:
        assert line.left_pence + line.due_pence == line.carried_pence + line.lapsed_pence
        assert min(line.left_pence, line.carried_pence, line.lapsed_pence) >= 0
        if rule_of[line.funder_id] is Leftover.CARRY:
            assert (line.carried_pence, line.due_pence) == (line.left_pence, 0)
        if rule_of[line.funder_id] is Leftover.LAPSE:
            assert (line.lapsed_pence, line.due_pence) == (line.left_pence, 0)


@given(left=LEFT, given_rules=rules_of_all())
def test_the_entries_bring_every_book_to_what_its_line_says(left, given_rules):
    lines = rules.lines(left, given_rules, tie=1)

    came_to = {}
    for entry in rules.entries(lines, codes=CODES, host_id=HOST):
        assert entry.amount_pence > 0
        for name, pence in ((entry.credit, entry.amount_pence), (entry.debit, -entry.amount_pence)):
            key = (entry.funder_id, name)
            came_to[key] = came_to.get(key, 0) + pence

    for line in lines:
        taken = -came_to.get((line.funder_id, "available"), 0)
        assert taken == line.left_pence - line.carried_pence
        assert came_to.get((line.funder_id, "lapsed"), 0) == line.lapsed_pence
        if line.funder_id != HOST:
            due_to = came_to.get((line.funder_id, f"due_to {CODES[HOST]}"), 0)
            due_from = came_to.get((line.funder_id, f"due_from {CODES[HOST]}"), 0)
            mirrored_from = came_to.get((HOST, f"due_from {CODES[line.funder_id]}"), 0)
            mirrored_to = came_to.get((HOST, f"due_to {CODES[line.funder_id]}"), 0)
            assert (due_to, due_from) == (max(0, -line.due_pence), min(0, -line.due_pence))
            assert (mirrored_from, mirrored_to) == (-due_to, -due_from)


@given(left=st.dictionaries(st.sampled_from(PARTNERS[1:]), PENCE, min_size=1))
def test_who_has_money_left_and_no_rule_is_missed(left):
    assume(any(left.values()))

    with pytest.raises(rules.RuleMissingError) as refusal:
        rules.lines(left, [a_rule(HOST, Leftover.LAPSE)], tie=1)

    assert refusal.value.code == "rule_missing"
    assert refusal.value.details == {"missing": sum(map(bool, left.values()))}


def test_who_has_nothing_left_needs_no_rule():
    assert rules.lines({HOST: 0}, [], tie=1) == [
        YearEndLine(funder_id=HOST, left_pence=0, carried_pence=0, lapsed_pence=0, due_pence=0)
    ]


def test_three_quarters_and_a_quarter_of_what_two_have_left():
    one, other = PARTNERS[:2]
    shares = [a_rule(one, Leftover.SHARE, 3), a_rule(other, Leftover.SHARE, 1)]

    lines = rules.lines({one: 10_00, other: 90_00}, shares, tie=1)

    assert [(line.lapsed_pence, line.due_pence) for line in lines] == [
        (75_00, 65_00),
        (25_00, -65_00),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        [a_rule(HOST, Leftover.LAPSE), a_rule(HOST, Leftover.CARRY)],
        [a_rule(UUID(int=99), Leftover.LAPSE)],
        [a_rule(HOST, Leftover.SHARE)],
        [a_rule(HOST, Leftover.CARRY, 1)],
    ],
)
def test_rules_are_one_for_each_partner_with_a_part_for_those_who_share(wrong):
    with pytest.raises(rules.RulesWrongError) as refusal:
        rules.see_that_they_are_whole(wrong, partner_ids=PARTNERS)

    assert refusal.value.code == "rules_wrong"


def test_rules_for_some_partners_will_do():
    rules.see_that_they_are_whole(
        [a_rule(HOST, Leftover.SHARE, 1), a_rule(PARTNERS[1], Leftover.LAPSE)],
        partner_ids=PARTNERS,
    )


@given(
    closing_pence=st.integers(-(10**9), 10**9),
    held_pence=PENCE,
    free_now_pence=PENCE,
    charged_pence=PENCE,
)
def test_nobody_is_given_back_what_is_held_or_was_spent_since_or_is_the_persons(
    closing_pence, held_pence, free_now_pence, charged_pence
):
    left_pence = rules.left_pence(
        closing_pence=closing_pence,
        held_pence=held_pence,
        free_now_pence=free_now_pence,
        charged_pence=charged_pence,
    )

    assert 0 <= left_pence <= max(0, free_now_pence - charged_pence)
    assert left_pence <= max(0, closing_pence - held_pence - charged_pence)


def test_a_year_that_was_begun_otherwise_has_another_id():
    assert rules.YearEndDiffersError("Begun.").code == "id_reused"
