"""Rules for faults: when, for whom and how often."""

import random

from simulators.faults import Faults


def test_a_rule_waits_for_the_nth_that_fits():
    faults = Faults(known={"drop_event"})
    faults.add({"fault": "drop_event", "nth": 3, "times": 2})

    taken = [faults.take("drop_event") is not None for _ in range(6)]

    assert taken == [False, False, True, True, False, False]


def test_a_rule_is_for_one_card_only():
    faults = Faults(known={"drop_event"})
    faults.add({"fault": "drop_event", "card": "ic_1"})

    assert faults.take("drop_event", card="ic_2") is None
    assert faults.take("drop_event", card="ic_1") is not None


def test_a_rule_with_a_probability_happens_as_often_and_the_same_from_one_seed():
    def taken(seed):
        faults = Faults(known={"drop_event"}, chance=random.Random(seed))
        faults.add({"fault": "drop_event", "probability": 0.25, "times": 10_000})
        return [faults.take("drop_event") is not None for _ in range(4_000)]

    assert 800 < sum(taken(1)) < 1_200
    assert taken(1) == taken(1)
