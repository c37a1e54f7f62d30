"""The person is in hospital for three weeks: the budget goes on, and the review waits for them."""

import time
from collections.abc import Mapping
from typing import Any

from demo.partner_systems import TRUST, Way
from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR

A_REVIEW_COMES_WITHIN_SECONDS = 20  # the clock that plans reviews strikes when assessment starts


def admit(play: Play) -> None:
    """Have the ward say that the person is there; nobody knows for how long.

    Raises:
        CaseFailedError: the planned review does not wait.
    """
    give_up_at = time.monotonic() + A_REVIEW_COMES_WITHIN_SECONDS
    play.wait_for(
        "assessment.case",
        {"referral_id": play.known["referral_id"]},
        by=CARE_COORDINATOR,
        what="review planned",
        until=lambda found: bool(_planned(found)) or time.monotonic() > give_up_at,
    )
    admitted = {"person_id": play.known["person_id"], "admitted_on": play.today()}
    play.send("admission.notify.v1", admitted, by=TRUST, way=Way.MESH)
    _see_that_review_moved(play, because="admission")


def discharge(play: Play) -> None:
    """Have the ward say that the person is home, after which the plan is looked at soon.

    Raises:
        CaseFailedError: it is not.
    """
    discharged = {"person_id": play.known["person_id"], "discharged_on": play.today()}
    play.send("discharge.notify.v1", discharged, by=TRUST, way=Way.MESH)
    _see_that_review_moved(play, because="discharge")


def _see_that_review_moved(play: Play, *, because: str) -> None:
    for review in _planned(play.read_case()):
        if review["moved_because"] != because:
            raise CaseFailedError(f"a planned review knows nothing of the {because}")


def _planned(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in case["reviews"] if one["kind"] == "planned" and not one["closed_at"]]
