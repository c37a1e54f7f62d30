"""What is done when something happened to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.life_events import effects, rules
from services.assessment.life_events.commands import (
    CloseMoved,
    CorrectDeath,
    RecordAdmission,
    RecordDeath,
    RecordDischarge,
    RecordMove,
)
from services.assessment.life_events.models import LifeEvent
from services.assessment.life_events.rules import EventKind, Whereabouts
from services.assessment.people.models import Person
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.life_events import (
    DeathCorrected,
    PersonAdmitted,
    PersonDied,
    PersonDischarged,
    PersonMoved,
)
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace

_Record = RecordDeath | CorrectDeath | RecordAdmission | RecordDischarge | RecordMove


def record_death(command: RecordDeath, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Close a person's cases, once, and let their budgets end on the day of their death.

    Raises:
        NotKnownYetError: the person is not known here.
        IdReusedError: ``event_id`` was used for something else.
        HasDiedError, EventInFutureError: it cannot be.
    """
    cases = _locked(command.person_id, session=session)
    event, is_new = _keep(command, EventKind.DEATH, command.died_on, session=session, trace=trace)
    if is_new:
        event.closed = effects.close(cases, session=session, trace=trace)
        died = PersonDied(
            occurred_at=trace.at,
            person_id=command.person_id,
            version=event.position,
            died_on=command.died_on,
            budget_ids=effects.budgets_of(cases, session=session),
        )
        outbox.add(session, died, trace=trace)
    return _answer(event, cases)


def correct_death(command: CorrectDeath, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Take back a death that was recorded wrongly, once; see ``effects.open_again``.

    Where the person moved away meanwhile, their cases here stay closed.

    Raises:
        NotKnownYetError: the person is not known here.
        IdReusedError: ``event_id`` was used for something else.
        NoDeathError: no death is recorded, or it was taken back.
    """
    cases = _locked(command.person_id, session=session)
    standing = LifeEvent.that_stand(command.person_id, session=session)
    event, is_new = _keep(
        command, EventKind.DEATH_CORRECTED, trace.today, session=session, trace=trace
    )
    if is_new:
        corrected = DeathCorrected(
            occurred_at=trace.at, person_id=command.person_id, version=event.position
        )
        outbox.add(session, corrected, trace=trace)  # first: who is thought dead is told nothing
        if event.whereabouts != Whereabouts.MOVED:
            closed = standing[-1].closed or {}
            effects.open_again(cases, closed, session=session, trace=trace)
    return _answer(event, cases)


def record_admission(
    command: RecordAdmission, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Let planned reviews wait for the end of a stay in hospital; the budget goes on.

    Raises:
        NotKnownYetError: the person is not known here.
        IdReusedError: ``event_id`` was used for something else.
        InHospitalError, MovesAwayError, HasDiedError: they cannot be admitted now.
        EventInFutureError, OutOfOrderError: not on that day.
    """
    cases = _locked(command.person_id, session=session)
    event, is_new = _keep(
        command, EventKind.ADMISSION, command.admitted_on, session=session, trace=trace
    )
    if is_new:
        effects.wait_for_return(
            cases,
            admitted_on=command.admitted_on,
            expected_discharge_on=command.expected_discharge_on,
            session=session,
            trace=trace,
        )
        admitted = PersonAdmitted(
            occurred_at=trace.at,
            person_id=command.person_id,
            admitted_on=command.admitted_on,
            expected_discharge_on=command.expected_discharge_on,
        )
        outbox.add(session, admitted, trace=trace)
    return _answer(event, cases)


def record_discharge(
    command: RecordDischarge, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Let the plan of somebody who left hospital be looked at soon.

    Raises:
        NotKnownYetError: the person is not known here.
        IdReusedError: ``event_id`` was used for something else.
        NotInHospitalError, MovesAwayError, HasDiedError: they cannot be discharged now.
        EventInFutureError, OutOfOrderError: not on that day.
    """
    cases = _locked(command.person_id, session=session)
    event, is_new = _keep(
        command, EventKind.DISCHARGE, command.discharged_on, session=session, trace=trace
    )
    if is_new:
        effects.look_again(cases, discharged_on=command.discharged_on, session=session, trace=trace)
        discharged = PersonDischarged(
            occurred_at=trace.at,
            person_id=command.person_id,
            discharged_on=command.discharged_on,
        )
        outbox.add(session, discharged, trace=trace)
    return _answer(event, cases)


def record_move(command: RecordMove, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Let another area take over: budgets and cases end here on the day of the move.

    Until then the work goes on, so that there is no gap: whoever plans the handover has the time.

    Raises:
        NotKnownYetError: the person is not known here.
        IdReusedError: ``event_id`` was used for something else.
        MovesAwayError, HasDiedError: they cannot move now.
        OutOfOrderError: not on that day.
    """
    cases = _locked(command.person_id, session=session)
    event, is_new = _keep(command, EventKind.MOVE, command.moves_on, session=session, trace=trace)
    if is_new:
        moved = PersonMoved(
            occurred_at=trace.at,
            person_id=command.person_id,
            moves_on=command.moves_on,
            to_area=command.to_area,
            budget_ids=effects.budgets_of(cases, session=session),
        )
        outbox.add(session, moved, trace=trace)
        _close_if_moved(event, cases, session=session, trace=trace)
    return _answer(event, cases)


def close_moved(command: CloseMoved, *, session: Session, trace: Trace) -> None:
    """Close the cases of somebody who lives elsewhere from today on."""
    person_id = session.get_one(LifeEvent, command.event_id).person_id
    cases = _locked(person_id, session=session)
    event = session.get_one(LifeEvent, command.event_id, populate_existing=True)
    if event.effective_at is None:
        _close_if_moved(event, cases, session=session, trace=trace)


def _close_if_moved(
    event: LifeEvent, cases: Sequence[Referral], *, session: Session, trace: Trace
) -> None:
    if rules.is_effective(happens_on=event.happened_on, today=trace.today):
        event.effective_at = trace.at
        if event.whereabouts == Whereabouts.MOVING:
            event.whereabouts = Whereabouts.MOVED
        effects.close(cases, session=session, trace=trace)


def _locked(person_id: UUID, *, session: Session) -> list[Referral]:
    """Lock a person's cases, then the person, and return the cases."""
    cases = effects.locked_cases(person_id, session=session)
    if session.get(Person, person_id, with_for_update=True) is None:
        raise NotKnownYetError("This person is not known here.", person_id=str(person_id))
    return cases


def _keep(
    command: _Record, kind: EventKind, happened_on: date, *, session: Session, trace: Trace
) -> tuple[LifeEvent, bool]:
    """Return the event as it is kept, and whether it is new."""
    earlier = session.get(LifeEvent, command.event_id)
    if earlier is not None and is_repeat(earlier, command, field="event_id"):
        return earlier, False
    standing = LifeEvent.that_stand(command.person_id, session=session)
    last = standing[-1] if standing else None
    whereabouts = _whereabouts(standing, kind)
    rules.check_day(
        kind=kind,
        happened_on=happened_on,
        today=trace.today,
        last_on=last.happened_on if last else None,
    )
    event = LifeEvent(
        event_id=command.event_id,
        person_id=command.person_id,
        position=len(LifeEvent.of(command.person_id, session=session)) + 1,
        kind=kind,
        happened_on=happened_on,
        source=command.source,
        details=_details(command),
        whereabouts=whereabouts,
        recorded_at=trace.at,
        request_sha256=digest(command),
        effective_at=None if kind == EventKind.MOVE else trace.at,
    )
    session.add(event)
    session.flush()
    return event, True


def _whereabouts(standing: Sequence[LifeEvent], kind: EventKind) -> Whereabouts:
    """Return where a person is after what is recorded now, given what was before."""
    at_first = [Whereabouts.AT_HOME, Whereabouts.AT_HOME]
    before, now = [*at_first, *(one.whereabouts for one in standing)][-2:]
    if kind == EventKind.DEATH_CORRECTED:
        return rules.whereabouts_restored(now, before=before)
    return rules.whereabouts_after(now, kind)


def _details(command: _Record) -> dict[str, Any]:
    """Return what is particular to one kind of event."""
    match command:
        case RecordDeath():
            return {"estate": None if command.estate is None else asdict(command.estate)}
        case RecordAdmission():
            expected = command.expected_discharge_on
            return {"expected_discharge_on": expected and expected.isoformat()}
        case RecordMove():
            return {"to_area": command.to_area}
        case CorrectDeath():
            return {"reason": command.reason}
        case _:
            return {}


def _answer(event: LifeEvent, cases: Sequence[Referral]) -> Mapping[str, Any]:
    return {
        "event_id": event.event_id,
        "person_id": event.person_id,
        "whereabouts": event.whereabouts,
        "referral_ids": [case.referral_id for case in cases],
    }
