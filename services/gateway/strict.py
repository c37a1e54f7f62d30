"""Fields of forms that take what they say, and nothing that is only like it."""

from datetime import UTC, date, datetime
from typing import Any

from marshmallow import fields

from shared.reckoning import FIRST_YEAR, LAST_YEAR, OUTSIDE


class Flag(fields.Boolean):
    """True or false in a body: no word, and no number, that might mean one of them."""

    def _deserialize(self, value: Any, *_where: Any, **_more: Any) -> bool:
        if value is not True and value is not False:
            raise self.make_error("invalid", input=value)
        return bool(value)


class Day(fields.Date):
    """A day."""

    default_error_messages = {"outside": OUTSIDE}  # noqa: RUF012 - as marshmallow has it

    def _deserialize(self, *told: Any, **more: Any) -> date:
        found: date = super()._deserialize(*told, **more)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.make_error("outside")
        return found


class Instant(fields.AwareDateTime):
    """An instant, whatever the zone it was told in, as UTC: databases do not know every zone."""

    default_error_messages = {"outside": OUTSIDE}  # noqa: RUF012 - as marshmallow has it

    def _deserialize(self, *told: Any, **more: Any) -> datetime:
        found: datetime = super()._deserialize(*told, **more)
        if not FIRST_YEAR < found.year < LAST_YEAR:  # within a day of the end there is no UTC
            raise self.make_error("outside")
        return found.astimezone(UTC)
