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
            asked = {"person_id": outcome.known["person_id"]}
            messages = of_story(caller.query("notifications.messages", asked), outcome.known)
            failed = [one for one in messages if one["state"] == "failed"]
            if failed:
                what = f"{failed[0]['topic']} by {failed[0]['channel']}: {failed[0]['reason']}"
                reason = f"{len(failed)} messages could not be delivered, first {what}"
                yield Outcome(case_ref=outcome.case_ref, known=outcome.known, reason=reason)
