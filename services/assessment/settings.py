"""What assessment needs from its environment beside what every service needs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

COORDINATOR_DECIDES_UP_TO_PENCE = 400_00  # as the pilot in Merseyside had it
ABOVE_IT_STARTS = "team_manager"  # the pilot's account leaves it open


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSettings:
    """Who decides on a plan first. Local policy, so every place may set it."""

    coordinator_decides_up_to_pence: int
    above_it_starts: str  # a rung of the ladder above the care coordinator

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return what is set; what is not set is as the pilot had it.

        Raises:
            ValueError: the amount is not written in whole pence.
        """
        limit = environment.get("ASSESSMENT_COORDINATOR_DECIDES_UP_TO_PENCE")
        above = environment.get("ASSESSMENT_ABOVE_THE_LIMIT_STARTS")
        return cls(
            coordinator_decides_up_to_pence=int(limit or COORDINATOR_DECIDES_UP_TO_PENCE),
            above_it_starts=above or ABOVE_IT_STARTS,
        )
