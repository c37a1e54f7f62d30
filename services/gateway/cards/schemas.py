"""What goes in and comes out about cards."""

from marshmallow import Schema, fields

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant, one_of, pence, words


class ReplaceCardForm(Form):
    """Close a card that is lost or stolen, and have another one issued."""

    because = one_of("lost", "stolen", required=True)
    reason = words(longest=500, required=True)


class StartSeriesForm(Form):
    """What is bought again and again, between two days and within a cap."""

    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence(required=True)
    every = one_of("week", "fortnight", "four_weeks", "month", required=True)
    period = one_of("week", "month", "year", required=True)
    period_cap_pence = pence(required=True)
    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    instruction = words(
        longest=2_000, required=True, metadata={"description": "what to buy, where"}
    )


class StartHoldersCardForm(Form):
    """A card that somebody holds, and what it may pay in each period."""

    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    allowance_pence = pence(required=True)
    every = one_of("week", "fortnight", "four_weeks", required=True)
    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    holder_id = fields.UUID(required=True)
    holder_name = words(longest=100, required=True)
    instruction = words(
        longest=2_000, required=True, metadata={"description": "what to buy, where"}
    )


class RegisterObservedCardForm(Form):
    """Whose card it is at the issuer, and for which item."""

    issuer_card_id = words(longest=255, required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)


class CardStateSchema(Schema):
    """How a card stands after a command."""

    card_id = fields.UUID()
    state = fields.String()


class CardChangeSchema(Schema):
    """Who changed a card, and why."""

    state = fields.String()
    changed_by = fields.UUID(allow_none=True)
    because = fields.String(allow_none=True)
    changed_at = an_instant()


class CardSchema(Schema):
    """One card."""

    card_id = fields.UUID()
    issuer_card_id = fields.String()
    state = fields.String()
    issued_at = an_instant()
    series_id = fields.UUID(allow_none=True)
    replaced_by = fields.UUID(allow_none=True)
    changes = fields.List(fields.Nested(CardChangeSchema))


class SeriesStateSchema(Schema):
    """How a series stands after a command."""

    series_id = fields.UUID()
    state = fields.String()


class OccurrenceSchema(Schema):
    """What became of one day of a series."""

    due_on = a_day()
    purchase_id = fields.UUID(allow_none=True)
    refusal_code = fields.String(allow_none=True)


class SeriesSchema(Schema):
    """Something that is bought again and again."""

    series_id = fields.UUID()
    item_id = fields.UUID()
    kind = fields.String()
    holder_id = fields.UUID(allow_none=True)
    state = fields.String()
    amount_pence = fields.Integer()
    every = fields.String()
    period = fields.String()
    period_cap_pence = fields.Integer()
    starts_on = a_day()
    ends_on = a_day()
    next_due_on = a_day(allow_none=True)
    requested_by = fields.UUID()
    approved_by = fields.UUID(allow_none=True)
    ended_by = fields.UUID(allow_none=True)
    ended_because = fields.String(allow_none=True)
    ended_at = an_instant(allow_none=True)
    occurrences = fields.List(fields.Nested(OccurrenceSchema))


class ObservedTransactionSchema(Schema):
    """What somebody else's card bought."""

    transaction_id = fields.String()
    is_refund = fields.Boolean()
    amount_pence = fields.Integer()
    heard_at = an_instant()


class ObservedCardSchema(Schema):
    """Somebody else's card on which is looked."""

    card_id = fields.UUID()
    issuer_card_id = fields.String()
    item_id = fields.UUID()
    registered_by = fields.UUID()
    registered_at = an_instant()
    paid_out_pence = fields.Integer()
    taken_pence = fields.Integer()
    returned_pence = fields.Integer()
    transactions = fields.List(fields.Nested(ObservedTransactionSchema))


class ObservedCardIdSchema(Schema):
    """The card that is looked on at now."""

    card_id = fields.UUID()
