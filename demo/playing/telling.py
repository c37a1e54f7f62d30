"""The person is told the amount: by letter or e-mail, and otherwise by their coordinator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR
from shared import clock


def tell_amount(play: Play) -> None:
    """Wait until the person knows the amount; without that nothing is planned.

    Raises:
        CaseFailedError: no message came, and none failed, for long.
    """
    asked = {"referral_id": play.known["referral_id"]}
    found = play.wait_for(
        "assessment.amount_told",
        asked,
        what="amount told",
        until=lambda found: found["is_told"] or found["undeliverable_at"] is not None,
    )
    if not found["is_told"]:
        play.tell("assessment.record_told_in_person", asked | _talk(play, found))


def _talk(play: Play, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a talk, which the case files do not hold and the demo makes up.

    It is held on the day on which it turned out that no message came: a day of the suite's
    clock, which is not the demo's.
    """
    undeliverable_at = datetime.fromisoformat(found["undeliverable_at"])
    needs_interpreter = play.case.person["interpreter_required"]
    return {
        "telling_id": play.ids.text("telling"),
        "version": found["version"],
        "told_by_id": CARE_COORDINATOR.staff_id,
        "told_by_role": CARE_COORDINATOR.role,
        "told_on": clock.day_in_london(undeliverable_at).isoformat(),
        "how_understood": "We read each line together, and the person said it back in their words.",
        "interpreter": "An interpreter of the language service" if needs_interpreter else None,
    }
