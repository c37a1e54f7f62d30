"""What a log line says of a fault: where it was, and never what it said."""

import json

from shared.messaging import answering, stopping
from shared.observability import logs


def a_fault():
    try:
        json.loads("{Oliver")
    except ValueError as error:
        return error
    raise AssertionError


def a_fault_that_passed_ours():
    try:
        answering.load(None, {"name": "Oliver"})
    except AttributeError as error:
        return error
    raise AssertionError


def test_a_fault_is_named_by_the_innermost_line_of_ours_that_it_passed():
    place, _, line = logs.where(a_fault_that_passed_ours()).partition(":")

    assert place == "shared.messaging.answering"
    assert line.isdigit()


def test_a_fault_that_passed_nothing_of_ours_is_nowhere():
    assert logs.where(a_fault()) == "unknown"


def test_a_fault_in_a_log_line_has_a_type_and_a_place_and_no_text():
    entry = logs._fault_without_its_text(None, "error", {"exc_info": a_fault_that_passed_ours()})

    assert entry["fault"] == "AttributeError"
    assert "Oliver" not in str(entry)


def test_a_process_has_twenty_five_seconds_to_end():
    assert stopping.STOP_WITHIN_SECONDS == 25
