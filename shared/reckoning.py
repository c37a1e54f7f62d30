"""Days and instants that can be reckoned with, for the forms of whoever takes them from outside.

Days before the first year and after the last cannot be counted on from, in Python, and a database
refuses an instant in a zone that nobody lives in: either would be a fault of ours.
"""

from datetime import date, datetime, timedelta

from marshmallow import ValidationError

# Nobody's plan, payment or birthday lies outside; and within it every day can be reckoned with.
FIRST_YEAR, LAST_YEAR = 1880, 2199
OUTSIDE = f"Not a time between {FIRST_YEAR} and {LAST_YEAR}."
FURTHEST_ZONE = timedelta(hours=14)  # from UTC: no place on earth is further
NO_ZONE = "No place has a time so far from UTC."


def refuse_unreckonable(told: date) -> None:
    """Refuse a day, or an instant, in a year that nobody means."""
    if not FIRST_YEAR <= told.year <= LAST_YEAR:
        raise ValidationError(OUTSIDE)


def refuse_unknown_zone(told: datetime) -> None:
    """Refuse an aware instant in a zone that there is not."""
    offset = told.utcoffset()
    if offset is not None and abs(offset) > FURTHEST_ZONE:
        raise ValidationError(NO_ZONE)
