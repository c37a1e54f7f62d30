"""The person is told the amount: by letter or e-mail, and otherwise by their coordinator."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR
from shared import clock

COORDINATOR_COMES_AFTER_SECONDS = 40  # in place of three working days


def tell_amount(play: Play) -> None:
    """Wait until the person knows the amount; without that nothing is planned.

    Where a message failed, or none comes for long, the coordinator tells it.
    """
    asked = {"referral_id": play.known["referral_id"]}
    comes_at = time.monotonic() + COORDINATOR_COMES_AFTER_SECONDS
    found = play.wait_for(
        "assessment.amount_told",
        asked,
        by=CARE_COORDINATOR,
        what="amount told",
        until=lambda found: (
            found["is_told"] or found["undeliverable_at"] is not None or time.monotonic() > comes_at
        ),
    )
    if not found["is_told"]:
        play.tell(
            "assessment.record_told_in_person", asked | _talk(play, found), by=CARE_COORDINATOR
        )


def _talk(play: Play, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a talk, which the case files do not hold and the demo makes up.

    It is held on the day on which the amount was worked out: a day of the suite's clock, which is
    not the demo's.
    """
    calculated_at = datetime.fromisoformat(found["calculated_at"])
    return {
        "version": found["version"],
        "told_on": clock.day_in_london(calculated_at).isoformat(),
        "how_understood": "We read each line together, and the person said it back in their words.",
        "interpreter": interpreter(play),
    }


def interpreter(play: Play) -> str | None:
    """Return who interprets, where the person needs somebody to."""
    is_needed = play.case.person["interpreter_required"]
    return "An interpreter of the language service" if is_needed else None
