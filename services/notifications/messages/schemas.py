"""The form of what messages can be asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load

from services.notifications.people.rules import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesAsked:
    person_id: UUID
    audience: Audience = Audience.HOLDER


class MessagesForm(Schema):
    """Whose messages are asked for, or which of those that others got about them."""

    person_id = fields.UUID(required=True)
    audience = fields.Enum(Audience, by_value=True, load_default=Audience.HOLDER)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> MessagesAsked:
        return MessagesAsked(**loaded)


class TotalsForm(Schema):
    """Nothing is asked but the totals."""
