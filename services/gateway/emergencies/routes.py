"""The addresses of records that are opened in an emergency."""

from services.gateway.emergencies import schemas
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_ALL = "/emergency-accesses"
_ONE = f"{_ALL}/<uuid:access_id>"

EMERGENCIES = Subject(
    name="emergencies",
    says="Records opened for a day by somebody outside the team; the person is told",
    routes=(
        do(
            _ALL,
            "assessment.open_record_in_emergency",
            schemas.OpenForm,
            "Open a person's record in an emergency, to read it for a day",
            gives=schemas.OpenedSchema,
            new="access_id",
            fills={"opened_by": "id", "opened_by_role": "role", "organisation": "organisation"},
        ),
        read(
            "/me/emergency-accesses",
            "assessment.emergency_accesses_to_answer",
            schemas.EmergencyAccessSchema,
            "For which emergencies you were named as the second person",
            is_list=True,
            fills={"second_id": "id"},
        ),
        do(
            f"{_ONE}/answer",
            "assessment.answer_emergency_access",
            schemas.AnswerForm,
            "Say as the second person whether it was right; an objection ends the reading",
            gives=schemas.AnsweredSchema,
            fills={"answered_by": "id"},
        ),
        read(
            _ALL,
            "assessment.emergency_accesses",
            schemas.ReviewedAccessSchema,
            "What was opened for your organisation, to be reviewed",
            takes=schemas.EmergencyAccessesQuery,
            is_list=True,
            fills={"organisation": "organisation"},
        ),
        do(
            f"{_ONE}/review",
            "assessment.review_emergency_access",
            schemas.ReviewForm,
            "Say as information officer what you found",
            gives=schemas.ReviewedSchema,
            fills={"reviewed_by": "id", "organisation": "organisation"},
        ),
    ),
)
