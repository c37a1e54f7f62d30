"""The addresses of limits, card policies and exclusions."""

from services.gateway.buying_rules.schemas import (
    ApproveExclusionForm,
    CardPolicySchema,
    CardPolicyStateSchema,
    ConfirmSpendingLimitForm,
    ExclusionsSchema,
    ExclusionStateSchema,
    LimitStateSchema,
    ProposeExclusionForm,
    SetCardPolicyForm,
    SetSpendingLimitForm,
    SpendingLimitSchema,
    TrialSchema,
    TryExclusionForm,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.subjects import Subject

_LIMITS = "/spending-limits"
_POLICIES = "/card-policies"
_EXCLUSIONS = "/exclusions"

BUYING_RULES = Subject(
    name="buying rules",
    says="What may be bought: limits, card policies and exclusions, each looser one by two people",
    routes=(
        read(
            _LIMITS,
            "payments.spending_limits",
            SpendingLimitSchema,
            "Who may ask for how much alone, and who may approve how much",
            is_list=True,
        ),
        do(
            _LIMITS,
            "payments.set_spending_limit",
            SetSpendingLimitForm,
            "Set a role's limit from a day on",
            gives=LimitStateSchema,
            fills={"set_by": "id"},
        ),
        do(
            f"{_LIMITS}/confirmations",
            "payments.confirm_spending_limit",
            ConfirmSpendingLimitForm,
            "Be the second person for a limit that loosens",
            gives=LimitStateSchema,
            fills={"confirmed_by": "id"},
        ),
        read(
            _POLICIES,
            "payments.card_policies",
            CardPolicySchema,
            "How cards may be used: how much dearer, where, how often",
            is_list=True,
        ),
        do(
            _POLICIES,
            "payments.set_card_policy",
            SetCardPolicyForm,
            "Set how cards may be used from a day on",
            gives=CardPolicyStateSchema,
            new="policy_id",
            fills={"set_by": "id"},
        ),
        do(
            f"{_POLICIES}/<uuid:policy_id>/confirmation",
            "payments.confirm_card_policy",
            NothingSchema,
            "Be the second person for a policy that loosens",
            gives=CardPolicyStateSchema,
            fills={"confirmed_by": "id"},
        ),
        read(
            _EXCLUSIONS,
            "payments.exclusions",
            ExclusionsSchema,
            "What is not paid for, by whom, why and from when",
        ),
        do(
            _EXCLUSIONS,
            "payments.propose_exclusion",
            ProposeExclusionForm,
            "Propose that something is not paid for, or that a rule is lifted",
            gives=ExclusionStateSchema,
            new="exclusion_id",
            fills={"set_by": "id"},
        ),
        do(
            f"{_EXCLUSIONS}/<uuid:exclusion_id>/trials",
            "payments.try_exclusion",
            TryExclusionForm,
            "See what an exclusion would have refused in the days before",
            gives=TrialSchema,
            new="trial_id",
            fills={"tried_by": "id"},
        ),
        do(
            f"{_EXCLUSIONS}/<uuid:exclusion_id>/approval",
            "payments.approve_exclusion",
            ApproveExclusionForm,
            "Be the second person for an exclusion, having seen its trial",
            gives=ExclusionStateSchema,
            fills={"approved_by": "id"},
        ),
    ),
)
