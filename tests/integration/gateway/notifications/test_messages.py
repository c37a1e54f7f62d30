"""What people are told and how they chose to hear it, read and changed through the door."""

from uuid import uuid4

import pytest

from tests.integration.gateway.visiting import done

CHOSEN = {"channels": ["letter", "email"], "reason": "They said so"}


def preferences(case):
    return case.person.get(f"{case.address}/preferences")


def choose(case, *, seen=None, key=None, **changed):
    headers = {"If-Match": seen} if seen else {}
    return case.person.put(
        f"{case.address}/preferences", key=key, headers=headers, **(CHOSEN | changed)
    )


def test_a_field_that_is_not_known_is_refused_behind_the_question_mark_too(case):
    answer = case.person.get(f"{case.address}/preferences", whoever="me")

    assert answer.json["details"] == {"whoever": "Unknown field."}


def test_a_person_and_the_coordinator_read_what_was_said(case):
    for guest in (case.person, case.coordinator):
        (message,) = done(guest.get(f"{case.address}/messages"), 200)["items"]
        assert message["body"]
    assert case.broker.get(f"{case.address}/messages").status_code == 403
    stranger = case.door.enter("care_coordinator")
    assert stranger.get(f"{case.address}/messages").status_code == 404


def test_who_is_asked_for_is_the_person_and_nobody_else(case):
    answer = case.person.get(f"{case.address}/messages", audience="representative")

    assert answer.status_code == 422


def test_a_message_that_has_not_gone_is_called_off(case):
    (message,) = done(case.person.get(f"{case.address}/messages"), 200)["items"]

    done(case.coordinator.post(f"/messages/{message['message_id']}/cancellation"))

    (message,) = done(case.person.get(f"{case.address}/messages"), 200)["items"]
    assert message["state"] == "cancelled"


def test_only_what_has_failed_is_tried_by_another_channel_or_seen_to(case):
    (message,) = done(case.person.get(f"{case.address}/messages"), 200)["items"]
    address = f"/messages/{message['message_id']}"

    for answer in (
        case.coordinator.post(f"{address}/retry", channel="email"),
        case.coordinator.post(f"{address}/seen-to"),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert case.person.post(f"{address}/retry", channel="email").status_code == 403


def test_what_was_chosen_is_changed_by_who_has_seen_it(case):
    seen = preferences(case)
    assert (seen.headers["ETag"], seen.json["items"]) == ('"0"', [])

    done(choose(case, seen='"0"'))

    seen = preferences(case)
    assert seen.headers["ETag"] == '"1"'
    assert seen.json["items"][0]["set_by"] == case.person.id


def test_without_if_match_nothing_is_changed(case):
    answer = choose(case)

    assert (answer.status_code, answer.json["code"]) == (428, "if_match_wanted")
    assert preferences(case).json["items"] == []


@pytest.mark.parametrize("seen", ['"1"', '"x"', "*", 'W/"0"', '"0", "1"'])
def test_who_has_seen_something_else_changes_nothing(case, seen):
    answer = choose(case, seen=seen)

    assert (answer.status_code, answer.json["code"]) == (412, "changed_meanwhile")
    assert preferences(case).json["items"] == []


def test_a_repeat_by_the_same_key_is_no_second_change(case):
    key = uuid4().hex
    first = choose(case, seen='"0"', key=key)
    again = choose(case, seen='"0"', key=key)
    late = choose(case, seen='"0"')

    assert [first.status_code, again.status_code, late.status_code] == [202, 202, 412]
    assert len(preferences(case).json["items"]) == 1


def test_what_must_not_be_used_is_said_and_lifted(case):
    told = {"channel": "email", "is_of_address": False, "reason": "unsubscribed"}
    done(case.person.post(f"{case.address}/suppressions", **told))
    (one,) = done(case.person.get(f"{case.address}/suppressions"), 200)["items"]
    done(case.coordinator.post(f"/suppressions/{one['suppression_id']}/end"))

    (one,) = done(case.person.get(f"{case.address}/suppressions"), 200)["items"]
    assert one["lifted_by"] == case.coordinator.id


def test_what_is_held_for_safety_is_known_to_staff_alone(case):
    address = f"{case.address}/safeguarding-holds"
    held = done(case.coordinator.post(address, review_by="2026-12-08", reason="Somebody reads it"))
    (shown,) = done(case.coordinator.get(address), 200)["items"]
    assert shown["hold_id"] == held["hold_id"]
    assert case.person.get(address).status_code == 403
    assert case.broker.get(address).status_code == 403
    listed = case.coordinator.merged("/tasks").json["items"]
    assert held["hold_id"] in {one["task_id"] for one in listed}

    done(case.coordinator.post(f"/safeguarding-holds/{held['hold_id']}/release", reason="Safe now"))

    own = case.person.merged("/me/access-log").json["items"]
    whole = case.information.merged(f"{case.address}/access-log").json["items"]
    assert not [one for one in own if "safeguarding" in one["operation"]]
    assert {one["operation"] for one in whole} >= {
        "hold_for_safeguarding",
        "release_safeguarding_hold",
        "safeguarding_holds",
    }


def test_what_somebody_would_read_is_shown_and_not_sent(case):
    answer = case.coordinator.get("/message-previews", topic="refund", channel="letter")

    assert "[refunded]" in done(answer, 200)["text"]
    assert case.person.get("/message-previews", topic="refund", channel="letter").status_code == 403
