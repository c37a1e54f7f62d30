"""The person is in hospital for three weeks: the budget goes on, and the review waits for them."""

import time
from collections.abc import Mapping
from typing import Any

from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR

A_REVIEW_COMES_WITHIN_SECONDS = 20  # the clock that plans reviews strikes when assessment starts


def admit(play: Play) -> None:
    """Record the admission, of which nobody knows how long it takes.

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
    play.tell(
        "assessment.record_admission",
        {
            "person_id": play.known["person_id"],
            "admitted_on": play.today(),
            "expected_discharge_on": None,
        },
        by=CARE_COORDINATOR,
    )
    _see_that_review_moved(play, because="admission")


def discharge(play: Play) -> None:
    """Record the discharge, after which the plan is looked at soon.

    Raises:
        CaseFailedError: it is not.
    """
    play.tell(
        "assessment.record_discharge",
        {
            "person_id": play.known["person_id"],
            "discharged_on": play.today(),
        },
        by=CARE_COORDINATOR,
    )
    _see_that_review_moved(play, because="discharge")


def _see_that_review_moved(play: Play, *, because: str) -> None:
    for review in _planned(play.read_case()):
        if review["moved_because"] != because:
            raise CaseFailedError(f"a planned review knows nothing of the {because}")


def _planned(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in case["reviews"] if one["kind"] == "planned" and not one["closed_at"]]
