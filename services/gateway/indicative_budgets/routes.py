"""The addresses of indicative budgets."""

from services.gateway.indicative_budgets import schemas
from services.gateway.indicative_budgets.schemas import INFORMERS
from services.gateway.routes import do, read
from services.gateway.subjects import Subject
from services.gateway.voices import Voice

_OF_CASE = "/cases/<uuid:referral_id>"
_VERSION = f"{_OF_CASE}/indicative-budgets/<int:version>"
_CASE = "/v1/cases/{referral_id}"
# A person says who informed them; whoever informed them says so of themselves.
_INFORMED = Voice(
    {
        "budget_holder": INFORMERS,
        "representative": INFORMERS,
        "care_coordinator": ("care_coordinator",),
        "broker": ("broker",),
    }
)

INDICATIVE_BUDGETS = Subject(
    name="indicative_budgets",
    says="What a person may plan with: offered, explained, told, declined",
    routes=(
        do(
            f"{_OF_CASE}/indicative-budgets",
            "assessment.offer_budget",
            schemas.OfferBudgetForm,
            "Work out what a person may plan with, and have them told",
            gives=schemas.OfferedBudgetSchema,
            location="/v1/cases/{referral_id}/indicative-budgets/{version}",
        ),
        read(
            _VERSION,
            "assessment.worked_out_again",
            schemas.WorkedOutAgainSchema,
            "A calculation, worked out again from what went in by the rules of its time",
        ),
        read(
            f"{_OF_CASE}/indicative-budgets/told",
            "assessment.amount_told",
            schemas.AmountToldSchema,
            "Whether the person knows the latest amount, and how they came to know it",
        ),
        do(
            f"{_VERSION}/telling",
            "assessment.record_told_in_person",
            schemas.TellingForm,
            "Record that the person was told an amount face to face, and understood it",
            gives=schemas.ToldSchema,
            new="telling_id",
            fills={"told_by_id": "id", "told_by_role": "role"},
            location="/v1/cases/{referral_id}/indicative-budgets/told",
        ),
        do(
            f"{_OF_CASE}/indicative-budgets/decline",
            "assessment.decline_budget",
            schemas.DeclineForm,
            "Record that the person, informed, wants no budget now",
            gives=schemas.DeclinedSchema,
            voices={"informed_by_role": _INFORMED},
            location=_CASE,
        ),
    ),
)
