"""How two contributions become one assessment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.needs import rules
from services.assessment.needs.rules import DOMAINS, Score

levels = st.lists(st.integers(0, 4), min_size=2, max_size=2).map(sorted)


@st.composite
def scores(draw):
    typical_without, worst_without = draw(levels)
    typical_with, worst_with = draw(levels)
    return Score(
        domain=draw(st.sampled_from(list(DOMAINS))),
        typical_without_support=typical_without,
        worst_without_support=worst_without,
        typical_with_support=typical_with,
        worst_with_support=worst_with,
        worst_days_per_28=draw(st.integers(0, 28)),
    )


def test_the_assessment_is_agreed_when_both_sides_have_contributed():
    assert not rules.is_agreed([])
    assert not rules.is_agreed(["council"])
    assert not rules.is_agreed(["council", "council"])
    assert rules.is_agreed(["council", "nhs-trust"])


def test_what_both_sides_agreed_is_not_replaced():
    rules.check_open(is_agreed=False)

    with pytest.raises(rules.AssessmentAgreedError):
        rules.check_open(is_agreed=True)


@given(st.lists(scores(), max_size=20))
def test_the_higher_of_each_figure_counts_and_none_is_lowered(seen):
    merged = {score.domain: score for score in rules.merge(seen)}

    for score in seen:
        pairs = zip(merged[score.domain].figures(), score.figures(), strict=True)
        assert all(counting >= said for counting, said in pairs)
    assert set(merged) == {score.domain for score in seen}


@given(st.lists(scores(), max_size=20), st.randoms())
def test_the_order_of_contributions_does_not_matter(seen, random):
    shuffled = random.sample(seen, len(seen))

    assert rules.merge(shuffled) == rules.merge(seen)


@given(st.lists(scores(), max_size=20))
def test_the_worst_day_stays_the_worse_one_after_joining(seen):
    for score in rules.merge(seen):
        assert score.typical_without_support <= score.worst_without_support
        assert score.typical_with_support <= score.worst_with_support
