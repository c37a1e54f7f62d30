"""The addresses of complaints."""

from services.gateway.complaints import schemas
from services.gateway.routes import do, read
from services.gateway.subjects import Subject
from services.gateway.voices import SPEAKER

_ONE = "/complaints/<uuid:complaint_id>"
_LOCATION = "/v1/complaints/{complaint_id}"

COMPLAINTS = Subject(
    name="complaints",
    says="Outside the care team",
    routes=(
        do(
            "/people/<uuid:person_id>/complaints",
            "assessment.make_complaint",
            schemas.ComplaintForm,
            "Complain about how a person was treated",
            gives=schemas.ComplaintStateSchema,
            new="complaint_id",
            voices={"made_by_role": SPEAKER},
            location=_LOCATION,
        ),
        read(
            _ONE,
            "assessment.complaint",
            schemas.ComplaintSchema,
            "One complaint",
            fills={"reader_id": "id", "reader_role": "role"},
        ),
        do(
            f"{_ONE}/answer",
            "assessment.answer_complaint",
            schemas.AnswerComplaintForm,
            "Answer a complaint, from outside the care team",
            gives=schemas.AnsweredComplaintSchema,
            fills={"handler_id": "id"},
            location=_LOCATION,
        ),
    ),
)
