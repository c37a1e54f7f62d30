"""The addresses of cases."""

from services.gateway.cases import schemas
from services.gateway.routes import read
from services.gateway.subjects import Subject

_ONE = "/cases/<uuid:referral_id>"
# How a person can be reached in safety is for themselves and for those who reach them: whom they
# fear may be close to them, and speak for them.
_FOR_WHO_REACHES_THEM = ("person.safe_contact",)
# A broker plans with a summary of the needs: the levels that count, without each side's words.
_SUMMARY = (
    "assessment.contributions",
    "assessment.domains.seen_by",
    "preventive_effects",
    "identity_questions",
    "worker_changes",
)
_NAMES_NOBODY = (
    *_FOR_WHO_REACHES_THEM,
    "person.given_name",
    "person.family_name",
    "representatives.name",
)
# A system reads what its own people worked on; what is for us alone to find out stays here.
_FOR_SYSTEMS = (*_FOR_WHO_REACHES_THEM, "identity_questions", "worker_changes")
_HIDES = {
    "representative": _FOR_WHO_REACHES_THEM,
    "advocate": _FOR_WHO_REACHES_THEM,
    "peer_supporter": _FOR_WHO_REACHES_THEM,
    "broker": _SUMMARY,
    "risk_enablement_panel": _NAMES_NOBODY,
    "auditor": _NAMES_NOBODY,
    "partner_system": _FOR_SYSTEMS,
}

CASES = Subject(
    name="cases",
    says="Everything about one case, and who has to do what by when",
    routes=(
        read(_ONE, "assessment.case", schemas.CaseSchema, "One case, whole", hides=_HIDES),
        read(
            f"{_ONE}/deadlines",
            "assessment.where_is_it",
            schemas.DeadlineSchema,
            "Who has to do what on a case by when, the most urgent first",
            is_list=True,
        ),
    ),
)
