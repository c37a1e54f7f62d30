"""What may happen to a person in which order, and when it takes effect."""

import enum
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from shared.errors import Refusal


class Whereabouts(enum.StrEnum):
    """Where a person is, as far as work on their case goes."""

    AT_HOME = "at_home"
    IN_HOSPITAL = "in_hospital"
    MOVING = "moving"  # to another area, on a day that is yet to come
    MOVED = "moved"
    DIED = "died"


class EventKind(enum.StrEnum):
    DEATH = "death"
    DEATH_CORRECTED = "death_corrected"  # it was recorded wrongly: the person lives
    ADMISSION = "admission"
    DISCHARGE = "discharge"
    MOVE = "move"


# What may be recorded when, and where the person is after it. What is not listed is refused.
# A death that is taken back leaves them where they were before it: ``whereabouts_restored``.
# Somebody who is in hospital may move: they are discharged to the new area.
TRANSITIONS: Mapping[tuple[Whereabouts, EventKind], Whereabouts] = {
    (Whereabouts.AT_HOME, EventKind.DEATH): Whereabouts.DIED,
    (Whereabouts.AT_HOME, EventKind.ADMISSION): Whereabouts.IN_HOSPITAL,
    (Whereabouts.AT_HOME, EventKind.MOVE): Whereabouts.MOVING,
    (Whereabouts.IN_HOSPITAL, EventKind.DEATH): Whereabouts.DIED,
    (Whereabouts.IN_HOSPITAL, EventKind.DISCHARGE): Whereabouts.AT_HOME,
    (Whereabouts.IN_HOSPITAL, EventKind.MOVE): Whereabouts.MOVING,
    (Whereabouts.MOVING, EventKind.DEATH): Whereabouts.DIED,
    (Whereabouts.MOVED, EventKind.DEATH): Whereabouts.DIED,
}


class HasDiedError(Refusal):
    """The person has died."""

    code = "person_has_died"
    next_step: ClassVar[str] = (
        "Read on the case when. If it is a mistake, take it back with correct_death."
    )


class NoDeathError(Refusal):
    """Nobody recorded that the person has died, so there is nothing to take back."""

    code = "no_death_recorded"
    next_step: ClassVar[str] = "Check person_id: the case shows what was recorded."


class InHospitalError(Refusal):
    """The person is in hospital already."""

    code = "in_hospital"
    next_step: ClassVar[str] = "Record the discharge first, or nothing if it is the same stay."


class NotInHospitalError(Refusal):
    """Nobody leaves a hospital in which they were not."""

    code = "not_in_hospital"
    next_step: ClassVar[str] = "Record the admission first."


class MovesAwayError(Refusal):
    """The person moves, or has moved, to another area, whose services look after them."""

    code = "moves_away"
    next_step: ClassVar[str] = "Ask the other area; a return here begins with a new referral."


class EventInFutureError(Refusal):
    """What is yet to come has not happened."""

    code = "event_in_future"
    next_step: ClassVar[str] = "Record it on its day."


class OutOfOrderError(Refusal):
    """It is said to have happened before what happened before it."""

    code = "event_out_of_order"
    next_step: ClassVar[str] = "Check the day against the case's history."


_REFUSALS: Mapping[Whereabouts, type[Refusal]] = {
    Whereabouts.AT_HOME: NotInHospitalError,
    Whereabouts.IN_HOSPITAL: InHospitalError,
    Whereabouts.MOVING: MovesAwayError,
    Whereabouts.MOVED: MovesAwayError,
    Whereabouts.DIED: HasDiedError,
}
_WORDS: Mapping[Whereabouts, str] = {
    Whereabouts.AT_HOME: "The person is not in hospital.",
    Whereabouts.IN_HOSPITAL: "The person is in hospital.",
    Whereabouts.MOVING: "The person moves to another area.",
    Whereabouts.MOVED: "The person has moved to another area.",
    Whereabouts.DIED: "The person has died.",
}


def whereabouts_after(whereabouts: Whereabouts, kind: EventKind) -> Whereabouts:
    """Return where a person is after an event.

    Raises:
        HasDiedError, InHospitalError, NotInHospitalError, MovesAwayError: it cannot happen now.
    """
    after = TRANSITIONS.get((whereabouts, kind))
    if after is None:
        raise _REFUSALS[whereabouts](_WORDS[whereabouts])
    return after


def whereabouts_restored(whereabouts: Whereabouts, *, before: Whereabouts) -> Whereabouts:
    """Return where a person is whose death was recorded wrongly: where they were before it.

    Raises:
        NoDeathError: no death is recorded, or it was taken back.
    """
    if whereabouts != Whereabouts.DIED:
        raise NoDeathError("No death is recorded of this person.", field="person_id")
    return before


def check_day(*, kind: EventKind, happened_on: date, today: date, last_on: date | None) -> None:
    """Refuse a day that cannot be: only a move may lie ahead, and nothing precedes the last event.

    Args:
        kind: what happened.
        happened_on: on which day.
        today: the day it is.
        last_on: the day of what was recorded last, if anything was. A death may be found out
            late: it may lie before.

    Raises:
        EventInFutureError, OutOfOrderError: see above.
    """
    if happened_on > today and kind != EventKind.MOVE:
        raise EventInFutureError("That day is yet to come.", field="happened_on")
    if last_on is not None and happened_on < last_on and kind != EventKind.DEATH:
        raise OutOfOrderError("Something later is recorded already.", field="happened_on")


def is_effective(*, happens_on: date, today: date) -> bool:
    """Tell whether an event closes the case by now: a move does on its day."""
    return happens_on <= today
