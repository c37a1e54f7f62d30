"""The addresses of appeals."""

from services.gateway.appeals import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject
from services.gateway.voices import SPEAKER

APPEALS = Subject(
    name="appeals",
    says="Somebody new looks again",
    routes=(
        do(
            "/appeals",
            "assessment.lodge_appeal",
            schemas.LodgeForm,
            "Have a refusal or an amount looked at again",
            gives=schemas.LodgedSchema,
            new="appeal_id",
            voices={"lodged_by_role": SPEAKER},
        ),
        do(
            "/appeals/<uuid:appeal_id>/decision",
            "assessment.decide_appeal",
            schemas.DecideAppealForm,
            "Decide on an appeal, as somebody who had no hand in what it is against",
            gives=schemas.DecidedAppealSchema,
            fills={"decider_id": "id", "decider_role": "role"},
        ),
        do(
            "/staff/<uuid:staff_id>/reporting-line",
            "assessment.record_reporting_line",
            schemas.ReportingLineForm,
            "Record to whom a member of staff reports",
            method="PUT",
            gives=schemas.ReportingLineSchema,
        ),
    ),
)
