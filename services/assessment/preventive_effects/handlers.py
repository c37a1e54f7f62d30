"""What is done before something is lowered: it is told, explained, and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.needs.models import AgreedAssessment
from services.assessment.people.models import Person
from services.assessment.preventive_effects import rules
from services.assessment.preventive_effects.commands import (
    RecordPreventiveEffect,
    RecordPreventiveEffectShown,
)
from services.assessment.preventive_effects.models import (
    BlockedReduction,
    PreventiveEffect,
    levels_in_force,
)
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from shared.clock import day_in_london
from shared.contracts import documents
from shared.contracts.assessment.preventive_effects import ReductionBlocked
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def hold_up(
    referral: Referral,
    *,
    domains: Sequence[str],
    standing_pence: int,
    asked_pence: int,
    same_levels_pence: int | None,
    session: Session,
    trace: Trace,
) -> None:
    """Tell once that a reduction is held up, and let the care coordinator explain it."""
    what = {
        "domains": list(domains),
        "standing": standing_pence,
        "asked": asked_pence,
        "same_levels": same_levels_pence,
    }
    what_sha256 = documents.digest(what)
    earlier = session.get(BlockedReduction, (referral.referral_id, what_sha256))
    if earlier is not None:
        earlier.blocked_at = trace.at
        return
    session.add(
        BlockedReduction(
            referral_id=referral.referral_id,
            digest=what_sha256,
            domains=list(domains),
            standing_pence=standing_pence,
            asked_pence=asked_pence,
            same_levels_pence=same_levels_pence,
            blocked_at=trace.at,
        )
    )
    deadlines.start(
        session,
        referral_id=referral.referral_id,
        stage=Stage.PREVENTIVE_EFFECT,
        about_id=referral.referral_id,
        role=rules.COORDINATOR,
        due_on=working_days_after(trace.today, working_days=rules.EXPLAIN_WITHIN_WORKING_DAYS),
        trace=trace,
    )
    blocked = ReductionBlocked(
        occurred_at=trace.at,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        domains=list(domains),
        standing_pence=standing_pence,
        asked_pence=asked_pence,
        same_levels_pence=same_levels_pence,
    )
    outbox.add(session, blocked, trace=trace)


def record_preventive_effect(
    command: RecordPreventiveEffect, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep a statement, once for each ``statement_id``. It counts once the person saw it.

    It explains the lower levels of the domains that it names, or, where it names none, why the
    same levels came to less when that was held up last.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        IdReusedError: ``statement_id`` was used for another statement.
        NothingIsLoweredError, DomainNotLoweredError: there is nothing to explain.
    """
    Referral.locked(command.referral_id, session=session)
    earlier = session.get(PreventiveEffect, command.statement_id)
    if earlier is not None and is_repeat(earlier, command, field="statement_id"):
        return _answer(earlier)
    AgreedAssessment.check(command.referral_id, session=session)
    held = levels_in_force(command.referral_id, session=session).held
    blocked = BlockedReduction.of(command.referral_id, session=session)
    amounts = [one.same_levels_pence for one in blocked if one.same_levels_pence is not None]
    rules.check_something_is_lowered(is_anything=bool(held if command.domains else amounts))
    rules.check_domains(command.domains, held=held)
    content = asdict(command)
    domains = content.pop("domains")
    statement = PreventiveEffect(
        explains={domain: str(held[domain]) for domain in domains},
        explains_pence=None if domains else amounts[-1],
        recorded_at=trace.at,
        request_sha256=digest(command),
        **content,
    )
    session.add(statement)
    return _answer(statement)


def record_preventive_effect_shown(
    command: RecordPreventiveEffectShown, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Note that the person has seen a statement; from now on it counts. Once is enough.

    Raises:
        NotKnownYetError: the statement has not arrived.
        ShownOnImpossibleDayError: before it was written, or on a day to come.
        InterpreterMissingError: the person needs an interpreter, and none was there.
    """
    found = session.get(PreventiveEffect, command.statement_id)
    if found is None:
        raise NotKnownYetError(
            "This statement is not here yet.", statement_id=str(command.statement_id)
        )
    referral = Referral.locked(found.referral_id, session=session)
    statement = session.get_one(PreventiveEffect, command.statement_id, populate_existing=True)
    if statement.shown_at is not None:
        return _answer(statement)
    rules.check_shown_on(
        command.shown_on, recorded_on=day_in_london(statement.recorded_at), today=trace.today
    )
    person = session.get_one(Person, referral.person_id)
    rules.check_interpreter(
        is_required=person.is_interpreter_required, interpreter=command.interpreter
    )
    statement.shown_at, statement.shown_on = trace.at, command.shown_on
    statement.shown_by_id, statement.shown_by_role = command.shown_by_id, command.shown_by_role
    statement.person_words, statement.interpreter = command.person_words, command.interpreter
    session.flush()
    if not levels_in_force(statement.referral_id, session=session).held:
        deadlines.meet(
            session, stage=Stage.PREVENTIVE_EFFECT, about_id=statement.referral_id, trace=trace
        )
    return _answer(statement)


def _answer(statement: PreventiveEffect) -> Mapping[str, Any]:
    return {
        "statement_id": statement.statement_id,
        "referral_id": statement.referral_id,
        "is_shown": statement.shown_at is not None,
    }
