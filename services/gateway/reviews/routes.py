"""The addresses of reviews."""

from services.gateway.reviews import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject
from services.gateway.voices import Voice

_OF_CASE = "/cases/<uuid:referral_id>"
_CASE = "/v1/cases/{referral_id}"
_FROM_A_WORKER = ("worker", "person", "family", "nominee", "partner")
_ASKS = Voice(
    {
        "budget_holder": ("person",),
        "representative": ("nominee",),
        "advocate": ("person",),
        "peer_supporter": ("person",),
        **dict.fromkeys(
            ("broker", "care_coordinator", "team_manager", "practitioner"), _FROM_A_WORKER
        ),
        "partner_system": ("partner",),
    }
)

REVIEWS = Subject(
    name="reviews",
    says="Asked for, held",
    routes=(
        do(
            f"{_OF_CASE}/reviews",
            "assessment.request_review",
            schemas.RequestReviewForm,
            "Ask that a case be looked at again, soon",
            gives=schemas.ReviewStateSchema,
            new="review_id",
            voices={"asked_by": _ASKS},
            location=_CASE,
        ),
        do(
            f"{_OF_CASE}/review-meetings",
            "assessment.hold_review",
            schemas.HoldReviewForm,
            "Record that a review was held, and what came of each goal",
            gives=schemas.MeetingStateSchema,
            new="meeting_id",
            location=_CASE,
        ),
    ),
)
