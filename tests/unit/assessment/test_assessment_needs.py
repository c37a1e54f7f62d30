"""How two contributions become one assessment."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.assessment.needs import rules
from services.assessment.needs.questionnaires import DOMAINS, questionnaires
from services.assessment.needs.rules import Score, Seen
from services.assessment.preventive_effects.levels import in_force
from shared.contracts.organisations import Side

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
        informal_levels=draw(st.integers(0, 4)),
    )


def test_the_assessment_is_agreed_when_both_sides_have_contributed():
    assert not rules.is_agreed([])
    assert not rules.is_agreed([Side.COUNCIL])
    assert not rules.is_agreed([Side.COUNCIL, Side.COUNCIL])
    assert rules.is_agreed([Side.COUNCIL, Side.NHS])


@given(st.lists(scores(), max_size=20))
def test_the_higher_of_each_figure_counts_and_none_is_lowered(seen):
    merged = {score.domain: score for score in rules.merge(seen)}

    for score in seen:
        counting, said = merged[score.domain].figures(), score.figures()
        assert counting.pop("informal_levels") <= said.pop("informal_levels")
        assert all(counting[figure] >= said[figure] for figure in said)
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


INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2026, 3, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@st.composite
def contributions(draw):
    return [
        Seen(
            contribution_id=UUID(int=number),
            side=draw(st.sampled_from(Side)),
            as_of=draw(INSTANTS),
            scores=draw(
                st.lists(scores(), min_size=1, max_size=4, unique_by=lambda one: one.domain)
            ),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@given(contributions(), st.randoms(), st.data())
def test_no_order_of_arrival_changes_what_counts_or_what_is_in_force(seen, random, data):
    shuffled = random.sample(seen, len(seen))
    released = {
        (one.contribution_id, score.domain)
        for one in seen
        for score in one.scores
        if data.draw(st.booleans())
    }

    assert rules.counting(shuffled) == rules.counting(seen)
    assert in_force(shuffled, released=released) == in_force(seen, released=released)


@given(contributions())
def test_nothing_in_force_is_ever_lowered_without_a_statement(seen):
    in_order = sorted(seen, key=lambda one: one.order)
    before = {}

    for number in range(len(in_order) + 1):
        now = {score.domain: score for score in in_force(in_order[:number], released=[]).scores}
        for domain, score in before.items():
            assert rules.no_lower(score, now[domain]) == now[domain]
        before = now


@given(contributions())
def test_what_was_explained_and_shown_comes_into_force_as_it_was_seen(seen):
    every = {(one.contribution_id, domain) for one in seen for domain in DOMAINS}

    found = in_force(seen, released=every)

    assert found.held == {}
    counting = rules.counting(seen)
    if rules.is_agreed(one.side for one in counting):
        merged = rules.merge(score for one in counting for score in one.scores)
        in_need = [score for score in found.scores if any(score.figures().values())]
        assert in_need == [score for score in merged if any(score.figures().values())]


def test_domains_are_read_in_their_order():
    assert sorted(["C1", "A10", "A2", "B1"], key=rules.in_reading_order) == [
        "A2",
        "A10",
        "B1",
        "C1",
    ]


def test_every_questionnaire_on_file_is_whole():
    for name, questionnaire in questionnaires().items():
        assert questionnaire.name == name
        assert len(questionnaire.levels) == rules.HIGHEST_LEVEL + 1
        assert len(questionnaire.reliably) == 4
        assert list(questionnaire.domains) == sorted(
            questionnaire.domains, key=rules.in_reading_order
        )
