"""What is done when somebody told a person the amount."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.people.models import Person
from services.assessment.preventive_effects.rules import check_interpreter
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from services.assessment.telling import rules
from services.assessment.telling.commands import RecordToldInPerson
from services.assessment.telling.models import ToldInPerson
from shared.clock import day_in_london
from shared.errors import NotKnownYetError
from shared.trace import Trace


def record_told_in_person(
    command: RecordToldInPerson, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Note that a person heard the amount from somebody, once for each ``telling_id``.

    Raises:
        NotKnownYetError: the referral or its indicative budget has not arrived.
        IdReusedError: ``telling_id`` was used for another talk.
        NotTheLatestAmountError: they were told an amount that counts no more.
        ToldOnImpossibleDayError: the day is to come, or before the amount was there.
        InterpreterMissingError: the person needs an interpreter, and none was there.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(ToldInPerson, command.telling_id)
    if earlier is not None and is_repeat(earlier, command, field="telling_id"):
        return _answer(command)
    budget = IndicativeBudget.latest(command.referral_id, session=session)
    if budget is None:
        raise NotKnownYetError(
            "There is no indicative budget yet.", referral_id=str(command.referral_id)
        )
    rules.check_version(version=command.version, latest=budget.version)
    rules.check_day(
        told_on=command.told_on,
        calculated_on=day_in_london(budget.calculated_at),
        today=trace.today,
    )
    person = session.get_one(Person, referral.person_id)
    check_interpreter(is_required=person.is_interpreter_required, interpreter=command.interpreter)
    session.add(
        ToldInPerson(recorded_at=trace.at, request_sha256=digest(command), **asdict(command))
    )
    budget.note_told(trace.at, channel=rules.IN_PERSON)
    deadlines.meet(session, stage=Stage.AMOUNT_TOLD, about_id=budget.referral_id, trace=trace)
    return _answer(command)


def _answer(command: RecordToldInPerson) -> Mapping[str, Any]:
    return {"referral_id": command.referral_id, "version": command.version, "is_told": True}
