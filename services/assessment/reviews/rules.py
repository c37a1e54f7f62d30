"""When a review is held."""

import enum

# Local policy: anybody who worries gets a rapid review within so many working days.
RAPID_WITHIN_WORKING_DAYS = 2
# Care and support statutory guidance 13.32 suggests a first review after six to eight weeks.
PLANNED_WITHIN_WORKING_DAYS = 40


class ReviewKind(enum.StrEnum):
    RAPID = "rapid"
    PLANNED = "planned"


def working_days_until(kind: ReviewKind) -> int:
    """Return within how many working days a review is due."""
    if kind == ReviewKind.RAPID:
        return RAPID_WITHIN_WORKING_DAYS
    return PLANNED_WITHIN_WORKING_DAYS
