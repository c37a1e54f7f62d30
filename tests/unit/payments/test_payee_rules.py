"""Which of a person's family and friends a funder pays, and from when."""

from datetime import date

import pytest

from services.payments.payees.rules import (
    HOUSEHOLD_RULES,
    Funder,
    Relationship,
    folded,
    funders_of,
    who_must_agree,
)

TODAY = date(2026, 11, 24)
BOTH = frozenset(Funder)
NHS, COUNCIL = frozenset({Funder.NHS}), frozenset({Funder.COUNCIL})


@pytest.mark.parametrize(
    ("relationship", "same_household", "elsewhere"),
    [
        (Relationship.SUPPLIER, frozenset(), frozenset()),
        (Relationship.ASSISTANT, frozenset(), frozenset()),
        (Relationship.SELF, frozenset(), frozenset()),
        (Relationship.NOMINEE, frozenset(), frozenset()),
        (Relationship.PARTNER, BOTH, COUNCIL),
        (Relationship.CLOSE_FAMILY, BOTH, frozenset()),
        (Relationship.OTHER_FAMILY, NHS, frozenset()),
        (Relationship.FRIEND, NHS, frozenset()),
    ],
)
def test_each_relationship_needs_the_agreement_of_those_whose_law_says_so(
    relationship, same_household, elsewhere
):
    for is_same_household, expected in ((True, same_household), (False, elsewhere)):
        for asked in (BOTH, NHS, COUNCIL):
            found = who_must_agree(
                relationship, is_same_household=is_same_household, funders=asked, on=TODAY
            )
            assert found == expected & asked


def test_a_rule_counts_from_its_day_on_and_names_its_source():
    before = date(2013, 7, 31)
    assert not who_must_agree(Relationship.FRIEND, is_same_household=True, funders=BOTH, on=before)
    assert all(rule.source for rule in HOUSEHOLD_RULES)


def test_of_a_joint_item_both_funders_rules_count():
    assert funders_of("joint") == BOTH
    assert funders_of("nhs") == NHS
    assert funders_of("council") == COUNCIL


def test_names_and_numbers_are_compared_without_capitals_spaces_and_signs():
    assert folded("INV-0 17/a") == folded("inv 017A")
    assert folded("O'Neill & Sons Ltd.") == folded("oneill sons LTD")
