"""What is done with an indicative budget."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.assessment.care_team.models import SupportOffer
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget import rules
from services.assessment.indicative_budget.calculation import Calculation, Need, calculate
from services.assessment.indicative_budget.commands import DeclineBudget, OfferBudget
from services.assessment.indicative_budget.models import DeclinedBudget, IndicativeBudget
from services.assessment.needs.models import AgreedAssessment
from services.assessment.needs.rules import DOMAINS, Score
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome, outcome_after
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.messaging import outbox
from shared.trace import Trace


def offer_budget(command: OfferBudget, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Work out what a person may plan with, and tell of it. The same offer is made once.

    A budget that was declined is offered anew: declining can always be taken back.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
    """
    referral = Referral.locked(command.referral_id, session=session)
    scores = AgreedAssessment.scores(command.referral_id, session=session)
    calculation = calculate(
        [_need(score) for score in scores],
        budget_kind=command.budget_kind,
        rule_set=rules.CURRENT,
    )
    was_declined = referral.outcome == Outcome.DECLINED
    referral.outcome = outcome_after(referral.outcome, "offer")
    _answered(referral, session=session, trace=trace)
    latest = IndicativeBudget.latest(command.referral_id, session=session)
    if latest is None or was_declined or not _is_same(latest, calculation):
        version = 1 if latest is None else latest.version + 1
        latest = _store(calculation, referral, version=version, session=session, trace=trace)
        outbox.add(session, _calculated(latest), trace=trace)
    return _answer(latest)


def _answered(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Stop the clock of the referral: the person has their answer."""
    deadlines.meet(session, stage=Stage.REFERRAL_ANSWER, about_id=referral.referral_id, trace=trace)


def _need(score: Score) -> Need:
    return Need(
        domain=score.domain,
        name=DOMAINS[score.domain],
        typical=score.typical_without_support,
        worst=score.worst_without_support,
        worst_days_per_28=score.worst_days_per_28,
    )


def _is_same(budget: IndicativeBudget, calculation: Calculation) -> bool:
    return (budget.budget_kind, budget.rule_set, budget.lines) == (
        calculation.budget_kind,
        calculation.rule_set,
        [asdict(line) for line in calculation.lines],
    )


def _store(
    calculation: Calculation, referral: Referral, *, version: int, session: Session, trace: Trace
) -> IndicativeBudget:
    budget = IndicativeBudget(
        referral_id=referral.referral_id,
        version=version,
        person_id=referral.person_id,
        budget_kind=calculation.budget_kind,
        rule_set=calculation.rule_set,
        total_pence=calculation.total_pence,
        nhs_pence=calculation.nhs_pence,
        council_pence=calculation.council_pence,
        reserve_pence=calculation.reserve_pence,
        lines=[asdict(line) for line in calculation.lines],
        calculated_at=trace.at,
    )
    session.add(budget)
    return budget


def _calculated(budget: IndicativeBudget) -> IndicativeBudgetCalculated:
    return IndicativeBudgetCalculated(
        occurred_at=budget.calculated_at,
        referral_id=budget.referral_id,
        person_id=budget.person_id,
        version=budget.version,
        rule_set=budget.rule_set,
        total_pence=budget.total_pence,
        lines=[line["words"] for line in budget.lines],
    )


def _answer(budget: IndicativeBudget) -> Mapping[str, Any]:
    return {
        "total_pence": budget.total_pence,
        "rule_set": budget.rule_set,
        "version": budget.version,
        "lines": budget.lines,
        "reserve_pence": budget.reserve_pence,
        "nhs_pence": budget.nhs_pence,
        "council_pence": budget.council_pence,
    }


def decline_budget(command: DeclineBudget, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Record that the person wants no budget now. Told once, however often it is said.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        SupportNotOfferedError: they were to choose without help.
        PlanApprovedError: a plan was approved; a review can end the budget.
    """
    referral = Referral.locked(command.referral_id, session=session)
    AgreedAssessment.scores(command.referral_id, session=session)
    before = referral.outcome
    referral.outcome = outcome_after(before, "decline")
    SupportOffer.check_made(command.referral_id, session=session)
    _answered(referral, session=session, trace=trace)
    if before != Outcome.DECLINED:
        session.add(DeclinedBudget(decline_id=uuid4(), declined_at=trace.at, **asdict(command)))
        declined = BudgetDeclined(
            occurred_at=trace.at, referral_id=referral.referral_id, person_id=referral.person_id
        )
        outbox.add(session, declined, trace=trace)
    return {"referral_id": command.referral_id}
