"""Whichever process ends, at whichever point: nothing is lost and nothing is done twice."""

import pytest

from tests.chaos.crashes import POINTS, every_round, sampled_rounds


@pytest.mark.prove
@pytest.mark.parametrize("one", sampled_rounds(), ids=lambda one: one.flow)
def test_a_process_that_ends_at_any_point_loses_nothing_and_doubles_nothing(crashes, one):
    assert crashes.play(one) == []


def test_the_sample_holds_forty_pairs_and_the_whole_at_least_eighteen_points_by_six_flows():
    pairs = {(point, one.flow) for one in every_round() for point in one.points.values()}
    sample = [(point, one.flow) for one in sampled_rounds() for point in one.points.values()]

    assert len(sample) == 40
    assert len({flow for _, flow in pairs}) == 6
    assert len(POINTS) >= 18
    assert {point for point, _ in pairs} == set(POINTS)
    assert len(pairs) == len(POINTS) * 6
