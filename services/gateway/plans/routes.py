"""The addresses of support plans."""

from services.gateway.plans import schemas
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_OF_CASE = "/cases/<uuid:referral_id>"
_CASE = "/v1/cases/{referral_id}"
_ONE = "/plans/<uuid:plan_id>"

PLANS = Subject(
    name="plans",
    says="What a person wants to do: talked over, written, submitted, compared",
    routes=(
        do(
            f"{_OF_CASE}/interviews",
            "assessment.record_interview",
            schemas.InterviewForm,
            "Record that the broker and the person talked the plan over",
            gives=schemas.InterviewStateSchema,
            new="interview_id",
            fills={"broker_id": "id"},
            location=_CASE,
        ),
        do(
            f"{_OF_CASE}/plans/<uuid:plan_id>",
            "assessment.draft_plan",
            schemas.DraftPlanForm,
            "Write a plan under an id of your choice, or its next version",
            method="PUT",
            gives=schemas.DraftedSchema,
            location=_CASE,
        ),
        do(
            f"{_ONE}/submission",
            "assessment.submit_plan",
            schemas.VersionForm,
            "Put a version of a plan before the three who sign it",
            gives=schemas.SubmittedSchema,
        ),
        read(
            f"{_ONE}/differences",
            "assessment.plan_difference",
            schemas.DifferenceSchema,
            "What changed from one version of a plan to another, each with a sentence",
            takes=schemas.DifferenceForm,
        ),
    ),
)
