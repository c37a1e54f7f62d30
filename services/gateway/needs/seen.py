"""What an assessment looks like on a case."""

from marshmallow import Schema, fields


class FiguresSchema(Schema):
    """Levels with and without the present support."""

    domain = fields.String()
    typical_without_support = fields.Integer()
    worst_without_support = fields.Integer()
    typical_with_support = fields.Integer()
    worst_with_support = fields.Integer()
    worst_days_per_28 = fields.Integer()
    informal_levels = fields.Integer()


class SeenSchema(FiguresSchema):
    """What one side saw in one domain, and what the person says of it."""

    organisation = fields.String()
    look_back_months = fields.Integer()
    onset_speed = fields.String(allow_none=True)
    is_hidden = fields.Boolean()
    unseen_by_others = fields.String(allow_none=True)
    reliably = fields.Dict(allow_none=True)
    present_support = fields.List(fields.Dict())
    person_words = fields.String()
    worker_words = fields.String(allow_none=True)
    strengths = fields.String(allow_none=True)
    wants = fields.String(allow_none=True)
    evidence = fields.List(fields.String())


class JoinedDomainSchema(FiguresSchema):
    """What counts in one domain, and where it came from."""

    name = fields.String()
    came_from = fields.Dict()
    seen_by = fields.List(fields.Nested(SeenSchema))


class ContributionSchema(Schema):
    """Which side contributed, when and in whose presence."""

    contribution_id = fields.UUID()
    organisation = fields.String()
    author_role = fields.String()
    questionnaire = fields.String()
    as_of = fields.String()
    in_the_room = fields.List(fields.String())
    whole_life = fields.Dict(allow_none=True)
    received_at = fields.String()


class AssessmentSchema(Schema):
    """Each contribution, and each domain with where it came from."""

    is_agreed = fields.Boolean()
    version = fields.Integer(allow_none=True)
    agreed_at = fields.String(allow_none=True)
    is_chc_checklist_suggested = fields.Boolean()
    contributions = fields.List(fields.Nested(ContributionSchema))
    domains = fields.List(fields.Nested(JoinedDomainSchema))


class PositionSchema(Schema):
    domain = fields.String()
    party = fields.String()
    position = fields.String()
    said_by_role = fields.String()
    said_at = fields.String()


class DisputeSchema(Schema):
    """A dispute, and how it was settled."""

    dispute_id = fields.UUID()
    domain = fields.String()
    party = fields.String()
    reasons = fields.String()
    state = fields.String()
    opened_at = fields.String()
    settled_at = fields.String(allow_none=True)
    settled_by_role = fields.String(allow_none=True)
    settled_because = fields.String(allow_none=True)
    shares = fields.Dict(allow_none=True)


class DisputesSchema(Schema):
    """What each party says of each domain, and every dispute."""

    positions = fields.List(fields.Nested(PositionSchema))
    disputes = fields.List(fields.Nested(DisputeSchema))


class BlockedReductionSchema(Schema):
    """A reduction that was held up until it is explained."""

    domains = fields.List(fields.String())
    standing_pence = fields.Integer()
    asked_pence = fields.Integer()
    same_levels_pence = fields.Integer(allow_none=True)
    blocked_at = fields.String()


class StatementSchema(Schema):
    """Why less is right, and what the person says to it."""

    statement_id = fields.UUID()
    domains = fields.List(fields.String())
    explains_pence = fields.Integer(allow_none=True)
    what_support_prevents = fields.String()
    what_if_it_ended = fields.String()
    why_less_is_right = fields.String()
    written_by_role = fields.String()
    recorded_at = fields.String()
    shown_on = fields.String(allow_none=True)
    person_words = fields.String(allow_none=True)


class PreventiveEffectsSchema(Schema):
    """Every reduction that was held up, and every statement."""

    blocked = fields.List(fields.Nested(BlockedReductionSchema))
    statements = fields.List(fields.Nested(StatementSchema))
