"""A day that nobody means is refused, whatever is told of it."""

import pytest

from tests.integration.assessment.desk import (
    a_death,
    a_move,
    a_person,
    a_referral,
    an_admission,
)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    ("operation", "request_of", "field"),
    [
        ("receive_referral", lambda _, day: a_referral(received_on=day), "received_on"),
        (
            "receive_referral",
            lambda _, day: a_referral(person=a_person(birth_date=day)),
            "person.birth_date",
        ),
        (
            "record_admission",
            lambda person_id, day: an_admission(person_id, expected_discharge_on=day),
            "expected_discharge_on",
        ),
        ("record_move", lambda person_id, day: a_move(person_id, moves_on=day), "moves_on"),
        ("record_death", lambda person_id, day: a_death(person_id, died_on=day), "died_on"),
    ],
    ids=["received", "born", "discharged", "moved", "died"],
)
def test_a_day_that_nobody_means_is_a_refusal_and_no_fault(desk, operation, request_of, field, day):
    """Nobody can count on from the last day there is: tried again, it would fail for ever."""
    person_id = desk.ask("receive_referral", **a_referral())["person_id"]

    refusal = desk.refused(operation, **request_of(person_id, day))

    assert (refusal["code"], [*refusal["details"]]) == ("invalid_request", [field])
    assert refusal["next_step"]
