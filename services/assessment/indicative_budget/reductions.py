"""What is less than before: it waits for a statement, and for the end of an appeal."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.calculations.rules import Inputs, kept, need_of
from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget import rules
from services.assessment.indicative_budget.commands import OfferBudget
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.needs.models import AgreedAssessment
from services.assessment.preventive_effects.handlers import hold_up
from services.assessment.preventive_effects.models import PreventiveEffect
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome
from services.assessment.rule_sets.rules import RuleSet
from shared.trace import Trace


def amount_standing(
    referral: Referral, command: OfferBudget, *, session: Session
) -> IndicativeBudget | None:
    """Return the amount that a new one must not undercut in passing.

    It is the last one of the same kind; once a plan is approved, the last one of any kind.
    """
    if referral.outcome == Outcome.AGREED:
        return IndicativeBudget.latest(command.referral_id, session=session)
    return IndicativeBudget.latest_of(command.referral_id, command.budget_kind, session=session)


def held_up(
    inputs: Inputs,
    rule_set: RuleSet,
    standing: IndicativeBudget,
    referral: Referral,
    *,
    gross_pence: int,
    domains: Sequence[str],
    session: Session,
    trace: Trace,
) -> int | None:
    """Hold up and tell what is less and unexplained: domains, the amount of the same levels.

    Args:
        inputs: what the new amount is worked out from.
        rule_set: of today.
        standing: the amount that it must not undercut in passing.
        referral: whose case.
        gross_pence: what the new amount comes to.
        domains: which were seen lower, and are held at their levels of before.
        session: of the transaction.
        trace: when, and by whom.

    Returns:
        What the same levels come to now, in pence, if that is less and nobody explained it.
    """
    same_levels_pence = None
    if gross_pence < standing.gross_pence:
        same_levels_pence = _unexplained(inputs, rule_set, standing, session=session)
    if domains or same_levels_pence is not None:
        as_asked_pence = _as_asked(inputs, rule_set, session=session, of=referral)
        hold_up(
            referral,
            domains=domains,
            standing_pence=standing.gross_pence,
            asked_pence=min(gross_pence, as_asked_pence) if domains else gross_pence,
            same_levels_pence=same_levels_pence,
            session=session,
            trace=trace,
        )
    return same_levels_pence


def _unexplained(
    inputs: Inputs, rule_set: RuleSet, standing: IndicativeBudget, *, session: Session
) -> int | None:
    """Return what the levels of before come to now, if that is less and nobody explained it.

    Levels are in force as far as they were explained; what is lower in spite of equal levels
    (other rates, another kind of budget) needs a statement that says so.
    """
    same_levels = replace(inputs, needs=kept(standing.inputs).needs)
    same_levels_pence = same_levels.calculation(rule_set).gross_pence
    if same_levels_pence >= standing.gross_pence or PreventiveEffect.is_amount_explained(
        standing.referral_id,
        to_pence=same_levels_pence,
        since=standing.calculated_at,
        session=session,
    ):
        return None
    return same_levels_pence


def _as_asked(inputs: Inputs, rule_set: RuleSet, *, session: Session, of: Referral) -> int:
    """Return what the amount would be if nothing were held up, in pence."""
    scores = AgreedAssessment.scores(of.referral_id, session=session)
    asked = Inputs(
        needs=[need_of(score) for score in scores],
        budget_kind=inputs.budget_kind,
        facts=inputs.facts,
        weekly_contribution_pence=inputs.weekly_contribution_pence,
        language=inputs.language,
    )
    return asked.calculation(rule_set).gross_pence


def set_aside(
    budget: IndicativeBudget, referral: Referral, *, appeal_id: UUID, session: Session, trace: Trace
) -> None:
    """Let the amount before a reduction stand, with the statements that lowered it set aside.

    Nobody has to tell the person the lower one any more, if they know the one before. Nothing
    happens to an amount that is no reduction: it is the best there is until it is worked out
    again, and planning goes on with it. The caller has locked the case.
    """
    is_agreed = referral.outcome == Outcome.AGREED
    before = budget.reduced_from(is_of_any_kind=is_agreed, session=session)
    if before is None:
        return
    budget.set_aside_by = appeal_id
    PreventiveEffect.set_aside_those_on(
        budget.referral_id,
        domains=rules.lowered_domains(
            {need.domain: need.in_28ths for need in kept(before.inputs).needs},
            {need.domain: need.in_28ths for need in kept(budget.inputs).needs},
        ),
        amounts_since=before.calculated_at,
        appeal_id=appeal_id,
        session=session,
    )
    session.flush()
    if before.told_at is not None:
        deadlines.meet(session, stage=Stage.AMOUNT_TOLD, about_id=budget.referral_id, trace=trace)


def let_count(appeal_id: UUID, *, session: Session, trace: Trace) -> None:
    """Let a reduction count again: the appeal against it was not upheld. The person is told it."""
    aside = select(IndicativeBudget).where(IndicativeBudget.set_aside_by == appeal_id)
    for budget in session.scalars(aside):
        budget.set_aside_by = None
        if budget.told_at is None:
            let_be_told(budget.referral_id, session=session, trace=trace)
    PreventiveEffect.let_count(appeal_id, session=session)
    session.flush()


def let_be_told(referral_id: UUID, *, session: Session, trace: Trace) -> None:
    """Have somebody see to it that the person is told the amount."""
    deadlines.start(
        session,
        referral_id=referral_id,
        stage=Stage.AMOUNT_TOLD,
        about_id=referral_id,
        role=rules.WHO_TELLS,
        due_on=working_days_after(trace.today, working_days=rules.TELL_WITHIN_WORKING_DAYS),
        trace=trace,
    )


def open_again(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Let the care coordinator work the amount out again: both sides may contribute anew."""
    deadlines.start(
        session,
        referral_id=referral.referral_id,
        stage=Stage.AMOUNT_ANEW,
        about_id=referral.referral_id,
        role=rules.WHO_TELLS,
        due_on=working_days_after(trace.today, working_days=rules.ANEW_WITHIN_WORKING_DAYS),
        trace=trace,
    )
