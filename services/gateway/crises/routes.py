"""The addresses of crises."""

from services.gateway.crises import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject
from services.gateway.voices import Voice

_ONE = "/crises/<uuid:crisis_id>"
_FROM_A_WORKER = ("worker", "person", "nominee", "partner")
_SAYS = Voice(
    {
        "budget_holder": ("person",),
        "representative": ("nominee",),
        **dict.fromkeys(("care_coordinator", "team_manager", "practitioner"), _FROM_A_WORKER),
        "partner_system": ("partner",),
    }
)

CRISES = Subject(
    name="crises",
    says="The crisis plan in force, for longer, and no more",
    routes=(
        do(
            "/cases/<uuid:referral_id>/crises",
            "assessment.activate_crisis_plan",
            schemas.ActivateForm,
            "Put the person's crisis plan in force",
            gives=schemas.CrisisSchema,
            new="crisis_id",
            voices={"activated_by": _SAYS},
            location="/v1/cases/{referral_id}",
        ),
        do(
            f"{_ONE}/prolongations",
            "assessment.prolong_crisis",
            schemas.ProlongForm,
            "Say that a crisis goes on for longer",
            gives=schemas.CrisisSchema,
            new="prolongation_id",
            voices={"prolonged_by": _SAYS},
        ),
        do(
            f"{_ONE}/stand-down",
            "assessment.stand_down_crisis_plan",
            schemas.StandDownForm,
            "Say that a crisis is over",
            gives=schemas.CrisisSchema,
            voices={"stood_down_by": _SAYS},
        ),
    ),
)
