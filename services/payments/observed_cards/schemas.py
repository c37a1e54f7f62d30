"""The forms of what is asked about cards of others."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load

from services.payments.observed_cards.commands import RegisterObservedCard
from services.payments.words import reference_field

LONGEST_ID = 255


class RegisterObservedCardForm(Schema):
    card_id = fields.UUID(required=True)
    issuer_card_id = reference_field(longest=LONGEST_ID)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    registered_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RegisterObservedCard:
        return RegisterObservedCard(**loaded)


class ObservedCardsForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID:
        return loaded["budget_id"]
