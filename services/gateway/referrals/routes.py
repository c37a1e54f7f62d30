"""The addresses of referrals."""

from services.gateway.referrals import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject
from services.gateway.voices import THEIR_ORGANISATION, THEIR_SECTOR, Voice

_CASE = "/v1/cases/{referral_id}"
_TAKES_IN = ("care_coordinator", "practitioner", "team_manager", "broker")
# Who rings or writes is taken in by whoever they reach; a system speaks for its own body alone.
_SOURCE = Voice(
    {
        **dict.fromkeys(_TAKES_IN, (THEIR_SECTOR, "person", "family")),
        "partner_system": (THEIR_SECTOR,),
    }
)
_ORGANISATION = Voice(
    {
        **dict.fromkeys(_TAKES_IN, (THEIR_ORGANISATION, None)),
        "partner_system": (THEIR_ORGANISATION,),
    }
)

REFERRALS = Subject(
    name="referrals",
    says="Asked for a budget, talked about, refused",
    routes=(
        do(
            "/referrals",
            "assessment.receive_referral",
            schemas.ReceiveReferralForm,
            "Ask for a budget for a person",
            gives=schemas.ReferralStateSchema,
            new="referral_id",
            voices={"source": _SOURCE, "organisation": _ORGANISATION},
            location=_CASE,
        ),
        do(
            "/cases/<uuid:referral_id>/discussions",
            "assessment.record_discussion",
            schemas.DiscussionForm,
            "Record that a budget was talked about, or why it was not",
            gives=schemas.DiscussionStateSchema,
            new="discussion_id",
            fills={"by_role": "role"},
            location=_CASE,
        ),
        do(
            "/cases/<uuid:referral_id>/refusal",
            "assessment.refuse_referral",
            schemas.RefuseReferralForm,
            "Refuse a budget before any assessment, with reasons",
            gives=schemas.RefusedReferralSchema,
            new="refusal_id",
            fills={"decider_id": "id"},
            location=_CASE,
        ),
    ),
)
