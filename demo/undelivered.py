"""Whom the messages did not reach: the demo's people must all hear of what concerns them."""

from collections.abc import Iterator, Sequence

from demo.calling import Caller
from demo.crew import Outcome
from demo.showing.page import of_story


def told_nobody(caller: Caller, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Return the cases with a message that could not be delivered, each with the reason."""
    if caller.query("notifications.totals", {})["failed"] == 0:
        return
    for outcome in outcomes:
        if outcome.reason is None and "person_id" in outcome.known:
            failed = [
                message
                for person_id in _ids(outcome)
                for message in of_story(
                    caller.query("notifications.messages", {"person_id": person_id}), outcome.known
                )
                if message["state"] == "failed"
            ]
            if failed:
                what = f"{failed[0]['topic']} by {failed[0]['channel']}: {failed[0]['reason']}"
                reason = f"{len(failed)} messages could not be delivered, first {what}"
                yield Outcome(case_ref=outcome.case_ref, known=outcome.known, reason=reason)


def _ids(outcome: Outcome) -> Iterator[str]:
    """Return the id of the person, and the one of a second record if there was one."""
    for name in ("person_id", "other_person_id"):
        if name in outcome.known:
            yield outcome.known[name]
