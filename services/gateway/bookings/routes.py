"""The addresses of bookings."""

from services.gateway.bookings import schemas
from services.gateway.routes import do
from services.gateway.subjects import Subject

BOOKINGS = Subject(
    name="bookings",
    says="When and where the joint assessment is held, and who comes",
    routes=(
        do(
            "/cases/<uuid:referral_id>/bookings",
            "assessment.book_assessment",
            schemas.BookForm,
            "Fix a time for the joint assessment, and have the person told",
            gives=schemas.BookingStateSchema,
            new="booking_id",
            location="/v1/cases/{referral_id}",
        ),
    ),
)
