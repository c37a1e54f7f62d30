"""That the demo's people know the amount before they plan."""

from demo.playing.telling import tell_amount
from demo.staff import CARE_COORDINATOR
from tests.unit.demo.scripted import a_play


def told(play, found):
    play.known["referral_id"] = "referral-1"
    play.caller.answers["assessment.amount_told"] = found
    tell_amount(play)
    return play.caller.requests("assessment.record_told_in_person")


def test_who_was_written_to_needs_no_talk():
    assert told(a_play(), [{"is_told": False, "undeliverable_at": None}, {"is_told": True}]) == []


def test_whom_no_message_reached_is_told_by_their_coordinator():
    instant = "2026-11-24T10:00:00+00:00"
    found = {
        "is_told": False,
        "undeliverable_at": instant,
        "calculated_at": instant,
        "version": 1,
    }

    play = a_play()
    (talk,) = told(play, found)

    assert play.caller.doers("assessment.record_told_in_person") == [CARE_COORDINATOR]
    assert (talk["referral_id"], talk["version"]) == ("referral-1", 1)
    assert talk["told_on"] == "2026-11-24"
    assert talk["interpreter"] is None
