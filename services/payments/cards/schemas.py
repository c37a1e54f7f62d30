"""The forms of what is asked about cards."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load

from services.payments.cards.commands import ChangeCard, ReplaceCard
from services.payments.cards.rules import Loss
from services.payments.words import words_field

LONGEST_REASON = 500


class ChangeCardForm(Schema):
    card_id = fields.UUID(required=True)
    changed_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ChangeCard:
        return ChangeCard(**loaded)


class ReplaceCardForm(Schema):
    card_id = fields.UUID(required=True)
    because = fields.Enum(Loss, by_value=True, required=True)
    changed_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReplaceCard:
        return ReplaceCard(**loaded)


class CardsForm(Schema):
    purchase_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID:
        return loaded["purchase_id"]
