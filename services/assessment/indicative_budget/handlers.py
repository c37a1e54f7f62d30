"""What is done with an indicative budget."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.assessment.amounts.rules import Calculation
from services.assessment.calculations.rules import Inputs, kept, need_of, sha256
from services.assessment.care_team.models import SupportOffer
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.disputes.models import who_pays
from services.assessment.indicative_budget.commands import DeclineBudget, OfferBudget
from services.assessment.indicative_budget.models import DeclinedBudget, IndicativeBudget
from services.assessment.indicative_budget.reductions import (
    amount_standing,
    held_up,
    let_be_told,
)
from services.assessment.needs.models import AgreedAssessment
from services.assessment.people.models import Person
from services.assessment.preventive_effects.models import levels_in_force
from services.assessment.preventive_effects.rules import UNEXPLAINED, next_step
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome, outcome_after
from services.assessment.rule_sets.models import current
from services.assessment.rule_sets.models import named as rule_set_named
from services.assessment.rule_sets.rules import CaseFacts, RuleSet
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.messaging import outbox
from shared.trace import Trace


def offer_budget(command: OfferBudget, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Work out what a person may plan with, and tell of it. The same offer is made once.

    A budget that was declined is offered anew: declining can always be taken back. What would
    be less than before is held up: the answer holds what stands, and says so.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
    """
    referral = Referral.locked(command.referral_id, session=session)
    AgreedAssessment.check(command.referral_id, session=session)
    levels = levels_in_force(command.referral_id, session=session)
    inputs = Inputs(
        needs=[need_of(score) for score in levels.scores],
        budget_kind=command.budget_kind,
        facts=_facts(referral, session=session),
        weekly_contribution_pence=command.weekly_contribution_pence,
        language=session.get_one(Person, referral.person_id).language,
    )
    rule_set = current(trace.today, session=session)
    calculation = inputs.calculation(rule_set)
    standing = amount_standing(referral, command, session=session)
    was_declined = referral.outcome == Outcome.DECLINED
    referral.outcome = outcome_after(referral.outcome, "offer")
    _answered(referral, session=session, trace=trace)
    held = sorted(levels.held)
    if standing is not None:
        same_levels_pence = held_up(
            inputs,
            rule_set,
            standing,
            referral,
            gross_pence=calculation.gross_pence,
            domains=held,
            session=session,
            trace=trace,
        )
        if same_levels_pence is not None:
            return _answer(standing, held=held, same_levels_pence=same_levels_pence)
    deadlines.meet(session, stage=Stage.AMOUNT_ANEW, about_id=referral.referral_id, trace=trace)
    latest = IndicativeBudget.latest(command.referral_id, session=session)
    digest = sha256(calculation)
    if latest is None or was_declined or latest.calculation_sha256 != digest:
        latest = _offer(
            inputs, calculation, rule_set, referral, latest, session=session, trace=trace
        )
    return _answer(latest, held=held, same_levels_pence=None)


def split_anew(referral: Referral, *, session: Session, trace: Trace) -> IndicativeBudget | None:
    """Work the latest amount out again after who pays it changed; the amount itself stays.

    Nothing happens where none was offered yet, or the person wants none now.
    """
    latest = IndicativeBudget.latest(referral.referral_id, session=session)
    if latest is None or referral.outcome == Outcome.DECLINED:
        return latest
    before = kept(latest.inputs)
    inputs = Inputs(
        needs=before.needs,
        budget_kind=before.budget_kind,
        facts=_facts(referral, session=session),
        weekly_contribution_pence=before.weekly_contribution_pence,
        language=before.language,
    )
    rule_set = rule_set_named(latest.rule_set, session=session)
    calculation = inputs.calculation(rule_set)
    if sha256(calculation) == latest.calculation_sha256:
        return latest
    return _offer(inputs, calculation, rule_set, referral, latest, session=session, trace=trace)


def _facts(referral: Referral, *, session: Session) -> CaseFacts:
    disputed, settled = who_pays(referral.referral_id, session=session)
    return CaseFacts(
        basis=referral.basis,
        condition_group=referral.condition_group,
        disputed=disputed,
        settled=settled,
    )


def _answered(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Stop the clock of the referral: the person has their answer."""
    deadlines.meet(session, stage=Stage.REFERRAL_ANSWER, about_id=referral.referral_id, trace=trace)


def _offer(
    inputs: Inputs,
    calculation: Calculation,
    rule_set: RuleSet,
    referral: Referral,
    latest: IndicativeBudget | None,
    *,
    session: Session,
    trace: Trace,
) -> IndicativeBudget:
    newest = IndicativeBudget.newest(referral.referral_id, session=session)
    budget = IndicativeBudget(
        referral_id=referral.referral_id,
        version=1 if newest is None else newest.version + 1,
        person_id=referral.person_id,
        budget_kind=calculation.budget_kind,
        rule_set=calculation.rule_set,
        total_pence=calculation.total_pence,
        nhs_pence=calculation.nhs_pence,
        council_pence=calculation.council_pence,
        gross_pence=calculation.gross_pence,
        reserve_pence=calculation.reserve_pence,
        lines=[asdict(line) for line in calculation.lines],
        what_would_change=inputs.what_would_change(rule_set),
        inputs=inputs.to_keep(),
        calculation_sha256=sha256(calculation),
        calculated_at=trace.at,
    )
    session.add(budget)
    if latest is not None and _is_told_already(budget, latest):
        budget.told_at, budget.told_by_channel = latest.told_at, latest.told_by_channel
    else:
        let_be_told(referral.referral_id, session=session, trace=trace)
    outbox.add(session, _calculated(budget), trace=trace)
    return budget


def _is_told_already(budget: IndicativeBudget, latest: IndicativeBudget) -> bool:
    """Tell whether the person knows this amount: only who pays it is new."""
    same = ("budget_kind", "total_pence", "gross_pence")
    needs = budget.inputs["needs"] == latest.inputs["needs"]
    return needs and all(getattr(budget, name) == getattr(latest, name) for name in same)


def _calculated(budget: IndicativeBudget) -> IndicativeBudgetCalculated:
    return IndicativeBudgetCalculated(
        occurred_at=budget.calculated_at,
        referral_id=budget.referral_id,
        person_id=budget.person_id,
        version=budget.version,
        rule_set=budget.rule_set,
        total_pence=budget.total_pence,
        lines=[line["words"] for line in budget.lines],
        what_would_change=budget.what_would_change,
    )


def _answer(
    budget: IndicativeBudget, *, held: list[str], same_levels_pence: int | None
) -> Mapping[str, Any]:
    is_amount_lower = same_levels_pence is not None
    blocked = {
        "code": UNEXPLAINED,
        "domains": held,  # seen lower; they count as before until a statement names them
        "same_levels_pence": same_levels_pence,
        "next_step": next_step(domains=held, is_amount_lower=is_amount_lower),
    }
    return {
        "total_pence": budget.total_pence,
        "rule_set": budget.rule_set,
        "version": budget.version,
        "lines": budget.lines,
        "what_would_change": budget.what_would_change,
        "reserve_pence": budget.reserve_pence,
        "nhs_pence": budget.nhs_pence,
        "council_pence": budget.council_pence,
        "calculation_sha256": budget.calculation_sha256,
        "blocked": blocked if held or is_amount_lower else None,
    }


def decline_budget(command: DeclineBudget, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Record that the person wants no budget now. Told once, however often it is said.

    Raises:
        NotKnownYetError: the referral or a contribution has not arrived.
        SupportNotOfferedError: they were to choose without help.
        PlanApprovedError: a plan was approved; a review can end the budget.
    """
    referral = Referral.locked(command.referral_id, session=session)
    AgreedAssessment.check(command.referral_id, session=session)
    before = referral.outcome
    referral.outcome = outcome_after(before, "decline")
    SupportOffer.check_made(command.referral_id, session=session)
    _answered(referral, session=session, trace=trace)
    if before != Outcome.DECLINED:
        deadlines.meet(session, stage=Stage.AMOUNT_TOLD, about_id=referral.referral_id, trace=trace)
        session.add(DeclinedBudget(decline_id=uuid4(), declined_at=trace.at, **asdict(command)))
        declined = BudgetDeclined(
            occurred_at=trace.at, referral_id=referral.referral_id, person_id=referral.person_id
        )
        outbox.add(session, declined, trace=trace)
    return {"referral_id": command.referral_id}
