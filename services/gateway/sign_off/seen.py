"""What a plan looks like on a case, with who signed and who decided."""

from marshmallow import Schema, fields


class InterviewSchema(Schema):
    """When the broker and the person talked the plan over."""

    interview_id = fields.UUID()
    broker_id = fields.UUID()
    held_on = fields.String()
    mode = fields.String()
    place = fields.String()
    attendees = fields.List(fields.String())
    person_words = fields.String()


class ControlSchema(Schema):
    """How much of a part the person ran and how, since which version."""

    part_id = fields.UUID()
    name = fields.String()
    control_level = fields.Integer()
    mode = fields.String()
    since_version = fields.Integer()
    since = fields.String()


class GoalSchema(Schema):
    goal_id = fields.UUID()
    words = fields.String()


class ItemSchema(Schema):
    """One thing that the plan pays for."""

    item_id = fields.UUID()
    goal_ids = fields.List(fields.UUID())
    part_id = fields.UUID()
    category = fields.String()
    description = fields.String()
    unit_cost_pence = fields.Integer()
    occurrences = fields.Integer()
    frequency = fields.String()
    rail = fields.String()
    payee = fields.String()
    merchant_category_code = fields.String(allow_none=True)
    payer = fields.String()
    instead_of = fields.String(allow_none=True)
    rationale = fields.String()


class SignatureSchema(Schema):
    """Who signed what, and when."""

    role = fields.String()
    signatory_id = fields.UUID()
    content_sha256 = fields.String()
    capacity_basis = fields.String(allow_none=True)
    is_comfortable = fields.Boolean(allow_none=True)
    worry = fields.String(allow_none=True)
    signed_at = fields.String()


class VoidedSignatureSchema(SignatureSchema):
    """A signature that an edit voided."""

    version = fields.Integer()
    voided_at = fields.String()


class ItemDecidedSchema(Schema):
    item_id = fields.UUID()
    outcome = fields.String()
    reasons = fields.String(allow_none=True)


class PlanDecisionSchema(Schema):
    """One step of the ladder: whom it was asked, what they decided and why."""

    decision_id = fields.UUID()
    version = fields.Integer()
    step = fields.Integer()
    rung = fields.String()
    asked_at = fields.String()
    due_on = fields.String()
    worry = fields.String(allow_none=True)
    skip_because = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    decider_id = fields.UUID(allow_none=True)
    co_signatory_id = fields.UUID(allow_none=True)
    attendees = fields.List(fields.Dict())
    was_person_present = fields.Boolean(allow_none=True)
    reasons = fields.String(allow_none=True)
    items = fields.List(fields.Nested(ItemDecidedSchema))
    evidence = fields.List(fields.String(), allow_none=True)
    alternatives = fields.String(allow_none=True)
    appeal_route = fields.String(allow_none=True)
    backing = fields.String(allow_none=True)
    decided_at = fields.String(allow_none=True)
    withdrawn_at = fields.String(allow_none=True)
    total_pence = fields.Integer(allow_none=True)
    indicative_pence = fields.Integer(allow_none=True)


class PlanSchema(Schema):
    """The plan as it is now, with whoever signed and decided on that version."""

    plan_id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
    approved_version = fields.Integer(allow_none=True)
    budget_id = fields.UUID(allow_none=True)
    content_sha256 = fields.String()
    total_pence = fields.Integer()
    goals = fields.List(fields.Nested(GoalSchema))
    items = fields.List(fields.Nested(ItemSchema))
    parts = fields.List(fields.Dict())
    preferences = fields.Dict()
    six_features = fields.List(fields.Dict())
    risks = fields.List(fields.Dict())
    risk_of_doing_nothing = fields.String()
    wanted_but_unavailable = fields.List(fields.Dict())
    crisis_plan = fields.Dict(allow_none=True)
    crisis_plan_declined_because = fields.String(allow_none=True)
    interviews = fields.List(fields.Nested(InterviewSchema))
    control_levels = fields.List(fields.Nested(ControlSchema))
    drafted_at = fields.String()
    submitted_at = fields.String(allow_none=True)
    signatures = fields.List(fields.Nested(SignatureSchema))
    voided_signatures = fields.List(fields.Nested(VoidedSignatureSchema))
    decision = fields.Nested(PlanDecisionSchema, allow_none=True)
    decision_trail = fields.List(fields.Nested(PlanDecisionSchema))
