"""The addresses of signatures and decisions."""

from services.gateway.routes import do
from services.gateway.sign_off import schemas
from services.gateway.sign_off.schemas import RUNGS
from services.gateway.subjects import Subject
from services.gateway.voices import Voice

_ONE = "/plans/<uuid:plan_id>"
# Nobody signs for a role that they have not: the service looks who has it for this person, too.
_SIGNS = Voice(
    {
        "budget_holder": ("person",),
        "representative": ("person",),
        "broker": ("broker",),
        "care_coordinator": ("care_coordinator",),
    }
)
_DECIDES = Voice({rung: (rung,) for rung in RUNGS})

SIGN_OFF = Subject(
    name="sign_off",
    says="Three sign, the right rung decides",
    routes=(
        do(
            f"{_ONE}/signatures",
            "assessment.sign_plan",
            schemas.SignForm,
            "Sign a version of a plan as it is",
            gives=schemas.SignedSchema,
            fills={"signatory_id": "id"},
            voices={"role": _SIGNS},
        ),
        do(
            f"{_ONE}/decisions",
            "assessment.decide_plan",
            schemas.DecideForm,
            "Decide on a signed plan, with reasons",
            gives=schemas.DecidedSchema,
            fills={"decider_id": "id"},
            voices={"rung": _DECIDES},
        ),
    ),
)
