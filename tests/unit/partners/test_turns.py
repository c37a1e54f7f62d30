"""Whoever floods their own virtual host makes nobody else wait for long."""

from services.partners.inbound.queries import MOST_UNDER_WAY
from services.partners.turns import LATELY_SECONDS, Turns

FLOODING, CALM = "flooding", "calm"


def seen(*, calm_at=None):
    turns = Turns()
    turns.see(FLOODING, is_in_a_hurry=True, at=0.0)
    if calm_at is not None:
        turns.see(CALM, is_in_a_hurry=False, at=calm_at)
    return turns


def test_alone_a_partner_in_a_hurry_gets_as_much_as_anybody():
    assert seen().most_under_way(FLOODING, at=1.0) == MOST_UNDER_WAY


def test_beside_one_who_is_in_no_hurry_it_goes_one_at_a_time():
    turns = seen(calm_at=0.0)

    assert turns.most_under_way(FLOODING, at=1.0) == 1
    assert turns.most_under_way(CALM, at=1.0) == MOST_UNDER_WAY


def test_once_the_other_is_silent_it_gets_all_again():
    assert seen(calm_at=0.0).most_under_way(FLOODING, at=LATELY_SECONDS + 0.1) == MOST_UNDER_WAY


def test_two_in_a_hurry_do_not_wait_for_each_other():
    turns = seen()
    turns.see(CALM, is_in_a_hurry=True, at=0.0)

    assert turns.most_under_way(FLOODING, at=1.0) == MOST_UNDER_WAY
    assert turns.most_under_way(CALM, at=1.0) == MOST_UNDER_WAY


def test_who_was_in_a_hurry_and_is_not_any_more_gets_as_much_as_anybody():
    turns = seen(calm_at=0.0)
    turns.see(FLOODING, is_in_a_hurry=False, at=1.0)

    assert turns.most_under_way(FLOODING, at=1.1) == MOST_UNDER_WAY
