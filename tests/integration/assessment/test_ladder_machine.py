"""No sequence of commands approves what three have not signed, nor refuses without reasons."""

from collections import Counter

import pytest

from tests.integration.assessment.ladder_machine import Ladder

OUTCOMES = ("approve", "approve_in_part", "return", "refuse", "escalate", "upheld", "not_upheld")


def walk(emptied, *, seeds, steps):
    """Let a walk begin anew for each seed; return what was decided in all of them."""
    outcomes = Counter()
    for seed in seeds:
        ladder = Ladder(emptied("assessment"), seed=seed)
        ladder.walk(steps=steps)
        outcomes += ladder.outcomes()
    return outcomes


def test_no_sequence_approves_without_signatures_or_refuses_without_reasons(emptied):
    outcomes = walk(emptied, seeds=range(4), steps=40)

    assert {"approve", "return", "refuse", "escalate"} <= set(outcomes)  # it led somewhere


@pytest.mark.prove
def test_no_long_sequence_does_either(emptied):
    outcomes = walk(emptied, seeds=range(100, 160), steps=120)

    assert set(outcomes) == set(OUTCOMES)
