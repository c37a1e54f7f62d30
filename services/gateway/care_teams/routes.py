"""The addresses of care teams."""

from services.gateway.care_teams import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject
from services.gateway.voices import SPEAKER

_OF_CASE = "/cases/<uuid:referral_id>"
_CASE = "/v1/cases/{referral_id}"

CARE_TEAMS = Subject(
    name="care_teams",
    says="Who works with a person, who was offered, who is wanted instead",
    routes=(
        do(
            "/people/<uuid:person_id>/care-team",
            "assessment.assign_team_member",
            schemas.AssignForm,
            "Put somebody in a role of a person's care team",
            gives=schemas.TeamStateSchema,
        ),
        do(
            f"{_OF_CASE}/offers",
            "assessment.record_offer",
            schemas.OfferForm,
            "Record that help with a budget was offered, and the answer",
            gives=schemas.OfferSchema,
            new="offer_id",
            fills={"offered_by_role": "role"},
            location=_CASE,
        ),
        do(
            f"{_OF_CASE}/worker-changes",
            "assessment.request_worker_change",
            schemas.WorkerChangeForm,
            "Ask for somebody else in a role",
            gives=schemas.WorkerChangeStateSchema,
            new="request_id",
            voices={"asked_by_role": SPEAKER},
            location=_CASE,
        ),
        do(
            "/worker-changes/<uuid:request_id>/answer",
            "assessment.answer_worker_change",
            schemas.WorkerChangeAnswerForm,
            "Say whether somebody else comes, and why",
            gives=schemas.AnsweredChangeSchema,
            fills={"answered_by": "id"},
        ),
    ),
)
