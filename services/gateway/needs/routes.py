"""The addresses of needs."""

from services.gateway.needs import schemas
from services.gateway.routes import do, read
from services.gateway.subjects import Subject
from services.gateway.voices import THEIR_FUNDER, Voice

_OF_CASE = "/cases/<uuid:referral_id>"
_CASE = "/v1/cases/{referral_id}"
_DOMAIN = f"{_OF_CASE}/domains/<string:domain>"
_STATEMENT = "/preventive-effects/<uuid:statement_id>"

_PERSON = dict.fromkeys(
    ("budget_holder", "representative", "advocate", "peer_supporter", "broker"), ("person",)
)
_AGREES = Voice(
    {
        **_PERSON,
        "care_coordinator": (THEIR_FUNDER, "person"),
        "practitioner": (THEIR_FUNDER,),
        "finance_officer": (THEIR_FUNDER,),
    }
)
# The coordinator settles what the person disputes, and the team manager what the funders do: so
# neither disputes for a funder.
_DISPUTES = Voice(
    {
        **_PERSON,
        "care_coordinator": ("person",),
        "practitioner": (THEIR_FUNDER,),
        "finance_officer": (THEIR_FUNDER,),
    }
)

NEEDS = Subject(
    name="needs",
    says="What NHS and council each saw, who agrees with it, what present support prevents",
    routes=(
        read(
            "/questionnaires",
            "assessment.questionnaires",
            schemas.QuestionnaireSchema,
            "Every published questionnaire, the newest last",
            is_list=True,
        ),
        do(
            f"{_OF_CASE}/contributions",
            "assessment.contribute",
            schemas.ContributionForm,
            "Add what one side saw to the joint assessment",
            gives=schemas.ContributionStateSchema,
            new="contribution_id",
            fills={"organisation": "organisation", "author_role": "role"},
            location=_CASE,
        ),
        do(
            f"{_DOMAIN}/agreement",
            "assessment.agree_domain",
            schemas.AgreementForm,
            "Agree with what was written of a domain",
            gives=schemas.PositionStateSchema,
            fills={"said_by_role": "role"},
            voices={"party": _AGREES},
            location=_CASE,
        ),
        do(
            f"{_DOMAIN}/disputes",
            "assessment.dispute_domain",
            schemas.DisputeForm,
            "Disagree with what was written of a domain; nobody waits for the end of that",
            gives=schemas.DisputeStateSchema,
            new="dispute_id",
            fills={"said_by_role": "role"},
            voices={"party": _DISPUTES},
            location=_CASE,
        ),
        do(
            "/disputes/<uuid:dispute_id>/decision",
            "assessment.decide_dispute",
            schemas.DecideDisputeForm,
            "Settle a dispute, with reasons",
            gives=schemas.DisputeStateSchema,
            fills={"decided_by_id": "id", "decided_by_role": "role"},
        ),
        do(
            f"{_OF_CASE}/preventive-effects",
            "assessment.record_preventive_effect",
            schemas.PreventiveEffectForm,
            "Say why less is right although present support may be what works",
            gives=schemas.StatementStateSchema,
            new="statement_id",
            fills={"written_by_id": "id", "written_by_role": "role"},
            location=_CASE,
        ),
        do(
            f"{_STATEMENT}/showing",
            "assessment.record_preventive_effect_shown",
            schemas.ShowingForm,
            "Record that the person has seen such a statement, and what they say to it",
            gives=schemas.StatementStateSchema,
            fills={"shown_by_id": "id", "shown_by_role": "role"},
        ),
    ),
)
