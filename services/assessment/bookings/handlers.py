"""What is done with bookings of the joint assessment."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.bookings import rules
from services.assessment.bookings.commands import BookAssessment
from services.assessment.bookings.models import Booking
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import check_goes_on
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.bookings import AssessmentBooked
from shared.contracts.assessment.bookings import Coming as ToldComing
from shared.messaging import outbox
from shared.trace import Trace


def book_assessment(
    command: BookAssessment, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Fix a time for the assessment, once for each ``booking_id``, and tell the person.

    Another booking on the same case takes the place of the one before.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``booking_id`` was used for another booking.
        CaseClosedError: the person has died or moved away.
        BookedForPastError: the time has gone by.
    """
    referral = Referral.locked(command.referral_id, session=session)
    booking = session.get(Booking, command.booking_id)
    if booking is None or not is_repeat(booking, command, field="booking_id"):
        check_goes_on(referral.outcome)
        rules.check_to_come(command.starts_at, at=trace.at)
        booking = Booking(
            booking_id=command.booking_id,
            referral_id=referral.referral_id,
            version=len(Booking.of(referral.referral_id, session=session)) + 1,
            starts_at=command.starts_at,
            way=command.way,
            place=command.place,
            coming=[asdict(one) for one in command.coming],
            booked_at=trace.at,
            request_sha256=digest(command),
        )
        session.add(booking)
        session.flush()
        outbox.add(session, _booked(booking, referral, trace=trace), trace=trace)
    return {"booking_id": booking.booking_id, "version": booking.version}


def _booked(booking: Booking, referral: Referral, *, trace: Trace) -> AssessmentBooked:
    return AssessmentBooked(
        occurred_at=trace.at,
        booking_id=booking.booking_id,
        referral_id=booking.referral_id,
        person_id=referral.person_id,
        version=booking.version,
        starts_at=booking.starts_at,
        way=booking.way,
        place=booking.place,
        coming=[ToldComing(**one) for one in booking.coming],
    )
