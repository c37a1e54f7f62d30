"""A person whom no message reached is named with the reason."""

from demo import undelivered
from demo.crew import Outcome
from demo.showing.page import of_story


class Notifications:
    """Answers the two queries that are asked, from a list of messages."""

    def __init__(self, *messages):
        self.messages = messages

    def query(self, operation, request):
        if operation == "notifications.totals":
            return {"failed": sum(one["state"] == "failed" for one in self.messages)}
        return [one for one in self.messages if one["person_id"] == request["person_id"]]


def a_message(person_id, story_id, state="delivered"):
    reason = "notify_refused_400" if state == "failed" else None
    return {
        "person_id": person_id,
        "correlation_id": story_id,
        "state": state,
        "reason": reason,
        "topic": "budget_ready",
        "channel": "sms",
    }


def an_outcome(case_ref, person_id, story_id, reason=None):
    known = {"person_id": person_id, "story_id": story_id}
    return Outcome(case_ref=case_ref, known=known, reason=reason)


def test_only_the_case_whose_message_failed_is_named():
    notifications = Notifications(
        a_message("ann", "first"), a_message("ann", "second", "failed"), a_message("bo", "third")
    )
    outcomes = [
        an_outcome("A1", "ann", "first"),
        an_outcome("A2", "ann", "second"),
        an_outcome("B1", "bo", "third"),
    ]

    (named,) = undelivered.told_nobody(notifications, outcomes)

    assert named.case_ref == "A2"
    assert "1 messages could not be delivered" in named.reason
    assert "budget_ready by sms: notify_refused_400" in named.reason


def test_a_page_shows_the_messages_of_its_own_case_alone():
    messages = [a_message("ann", "first"), a_message("ann", "second")]

    assert of_story(messages, {"story_id": "second"}) == messages[1:]


def test_nobody_is_named_twice_or_without_a_reason():
    notifications = Notifications(a_message("ann", "first", "failed"))
    failed_before = an_outcome("A1", "ann", "first", reason="the card was declined")

    assert list(undelivered.told_nobody(notifications, [failed_before])) == []
    assert list(undelivered.told_nobody(Notifications(), [an_outcome("B1", "bo", "x")])) == []
