"""Refusals as callers get to see them."""

import pytest

from shared.errors import (
    IdReusedError,
    InvalidRequestError,
    NotFoundError,
    NotKnownYetError,
    Refusal,
)


@pytest.mark.parametrize(
    ("refusal_class", "code"),
    [
        (InvalidRequestError, "invalid_request"),
        (NotKnownYetError, "not_known_yet"),
        (IdReusedError, "id_reused"),
        (NotFoundError, "not_found"),
    ],
)
def test_a_refusal_has_a_code_a_sentence_and_a_next_step(refusal_class, code):
    refusal = refusal_class("This cannot be.", limit_pence=5)

    assert refusal.as_answer() == {
        "code": code,
        "message": "This cannot be.",
        "next_step": refusal_class.next_step,
        "details": {"limit_pence": 5},
    }
    assert str(refusal) == "This cannot be."
    assert refusal.next_step.endswith(".")


def test_what_a_caller_does_to_an_answer_leaves_the_refusal_as_it_was():
    refusal = NotFoundError("There is none.", item="1")

    refusal.as_answer()["details"].clear()

    assert refusal.details == {"item": "1"}


def test_a_refusal_that_says_nothing_of_a_next_step_still_has_one():
    class OddError(Refusal):
        code = "odd"

    assert OddError("Odd.").as_answer()["next_step"] == Refusal.next_step
