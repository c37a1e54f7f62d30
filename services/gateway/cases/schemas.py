"""What comes out about a case."""

from marshmallow import Schema, fields

from services.gateway.appeals.schemas import AppealSchema
from services.gateway.bookings.schemas import BookingSchema
from services.gateway.care_teams.schemas import OfferMadeSchema, WorkerChangeSchema
from services.gateway.crises.schemas import CrisisOnCaseSchema
from services.gateway.identity.schemas import IdentityOnCaseSchema
from services.gateway.indicative_budgets.schemas import (
    DeclineSchema,
    IndicativeBudgetSchema,
    TalkSchema,
)
from services.gateway.life_events.schemas import LifeEventSchema
from services.gateway.needs.seen import AssessmentSchema, DisputesSchema, PreventiveEffectsSchema
from services.gateway.people.schemas import ConsentSchema, PersonSchema, RepresentativeSchema
from services.gateway.referrals.schemas import (
    DiscussionSchema,
    ReferralSchema,
    RefusalOfReferralSchema,
)
from services.gateway.reviews.schemas import MeetingSchema, ReviewSchema
from services.gateway.sign_off.seen import PlanSchema


class CaseSchema(Schema):
    """Everything about one case: what was seen, worked out, planned, signed, decided."""

    person = fields.Nested(PersonSchema)
    consents = fields.List(fields.Nested(ConsentSchema))
    representatives = fields.List(fields.Nested(RepresentativeSchema))
    referral = fields.Nested(ReferralSchema)
    discussions = fields.List(fields.Nested(DiscussionSchema))
    refusals = fields.List(fields.Nested(RefusalOfReferralSchema))
    identity_questions = fields.List(fields.Nested(IdentityOnCaseSchema))
    worker_changes = fields.List(fields.Nested(WorkerChangeSchema))
    offers = fields.List(fields.Nested(OfferMadeSchema))
    bookings = fields.List(fields.Nested(BookingSchema))
    assessment = fields.Nested(AssessmentSchema)
    disputes = fields.Nested(DisputesSchema)
    preventive_effects = fields.Nested(PreventiveEffectsSchema)
    indicative_budget = fields.Nested(IndicativeBudgetSchema, allow_none=True)
    told_in_person = fields.List(fields.Nested(TalkSchema))
    declines = fields.List(fields.Nested(DeclineSchema))
    plan = fields.Nested(PlanSchema, allow_none=True)
    appeals = fields.List(fields.Nested(AppealSchema))
    reviews = fields.List(fields.Nested(ReviewSchema))
    review_meetings = fields.List(fields.Nested(MeetingSchema))
    crises = fields.List(fields.Nested(CrisisOnCaseSchema))
    life_events = fields.List(fields.Nested(LifeEventSchema))


class DeadlineSchema(Schema):
    """Who has to do what, since when and by when."""

    stage = fields.String()
    role = fields.String()
    since = fields.String()
    due_on = fields.String()
    is_late = fields.Boolean()
