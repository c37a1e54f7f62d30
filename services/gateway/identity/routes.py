"""The addresses of questions of identity."""

from services.gateway.identity import schemas
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_ONE = "/identity-questions/<uuid:question_id>"
_LOCATION = "/v1/identity-questions/{question_id}"
_ANSWERS = {"answered_by": "id", "answered_by_role": "role"}

IDENTITY = Subject(
    name="identity",
    says="Two records that may be one person",
    routes=(
        read(
            _ONE,
            "assessment.identity_question",
            schemas.IdentityQuestionSchema,
            "Two records side by side",
        ),
        do(
            f"{_ONE}/merge",
            "assessment.merge_people",
            schemas.MergeForm,
            "Say that they are one person",
            gives=schemas.MergedSchema,
            fills=_ANSWERS,
            location=_LOCATION,
        ),
        do(
            f"{_ONE}/keep-apart",
            "assessment.keep_apart",
            schemas.KeepApartForm,
            "Say that they are two people",
            gives=schemas.KeptApartSchema,
            fills=_ANSWERS,
            location=_LOCATION,
        ),
    ),
)
