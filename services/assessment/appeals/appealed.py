"""What an appeal is against: a refused referral, a plan that was refused, or an amount."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.appeals import rules
from services.assessment.appeals.commands import Amount
from services.assessment.appeals.models import Appeal
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget import reductions
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.intake.models import RefusedReferral
from services.assessment.people.models import Person, TeamMembership
from services.assessment.people.rules import TeamRole
from services.assessment.preventive_effects.models import PreventiveEffect
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import (
    Outcome,
    answer_due_on,
    check_goes_on,
    outcome_after,
)
from services.assessment.representatives.models import Representative
from services.assessment.sign_off import ladder
from services.assessment.sign_off.models import Decision
from services.assessment.sign_off.rules import LADDER, Rung, rung_above
from services.assessment.signatures.models import Signature
from services.assessment.support_plans.models import Plan
from services.assessment.support_plans.rules import PlanState, state_after
from shared.errors import NotFoundError
from shared.trace import Trace


class Appealed(Protocol):
    """What somebody wants looked at again, with its case, which is locked."""

    @property
    def referral(self) -> Referral: ...

    @property
    def plan(self) -> Plan | None: ...

    @property
    def plan_version(self) -> int | None: ...

    def check_appealable(self, session: Session) -> None:
        """Raise NothingToAppealError, AmountReplacedError or CaseClosedError where it is not."""

    def first_decider_ids(self, session: Session) -> set[UUID]: ...

    def signatory_ids(self, session: Session) -> set[UUID]: ...

    def set_aside(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        """Let what was before stand while the appeal is open."""

    def let_count(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        """Let it count: the appeal was not upheld."""

    def reopen(self, appeal: Appeal, *, session: Session, trace: Trace) -> bool:
        """Let it be decided anew, if it still stands as it was. Tell whether."""


class _ChangesNothing:
    """A refusal: it stands while somebody looks at it again."""

    def set_aside(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        """Nothing was there before a refusal."""

    def let_count(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        """Nothing to do: it counted all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealedPlan(_ChangesNothing):
    """The decision on a plan. The next rung decides anew, the panel on what was the panel's."""

    referral: Referral
    plan: Plan
    decision: Decision

    @property
    def plan_version(self) -> int:
        return self.decision.version

    def check_appealable(self, session: Session) -> None:
        rules.check_appealable(self.decision.outcome)

    def first_decider_ids(self, session: Session) -> set[UUID]:
        steps = Decision.of(self.decision.plan_id, self.decision.version, session=session)
        return {one for step in steps for one in step.deciding_ids}

    def signatory_ids(self, session: Session) -> set[UUID]:
        signed = Signature.of(self.decision.plan_id, self.decision.version, session=session)
        return {signature.signatory_id for signature in signed}

    def reopen(self, appeal: Appeal, *, session: Session, trace: Trace) -> bool:
        rung = Rung(self.decision.rung)
        if self.plan.version != self.decision.version or self.plan.state != PlanState.REFUSED:
            return False
        self.plan.state = state_after(self.plan.state, "reopen")
        ladder.ask(
            rung if rung == LADDER[-1] else rung_above(rung),
            plan=self.plan,
            referral=self.referral,
            worry=appeal.grounds,
            barred_ids=[appeal.decider_id] if appeal.decider_id else [],
            session=session,
            trace=trace,
        )
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealedReferral(_ChangesNothing):
    """The refusal of a referral. Its clock starts anew."""

    referral: Referral
    refusal: RefusedReferral
    plan: None = None
    plan_version: None = None

    def check_appealable(self, session: Session) -> None:
        """Nothing to check: it is the record of a refusal."""

    def first_decider_ids(self, session: Session) -> set[UUID]:
        return {self.refusal.decider_id}

    def signatory_ids(self, session: Session) -> set[UUID]:
        return set()

    def reopen(self, appeal: Appeal, *, session: Session, trace: Trace) -> bool:
        if self.referral.outcome != Outcome.REFUSED:
            return False
        self.referral.outcome = outcome_after(self.referral.outcome, "reopen")
        deadlines.start(
            session,
            referral_id=self.referral.referral_id,
            stage=Stage.REFERRAL_ANSWER,
            about_id=self.referral.referral_id,
            role=TeamRole.CARE_COORDINATOR,
            due_on=answer_due_on(trace.today),
            trace=trace,
        )
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealedAmount:
    """An indicative amount. The one before a reduction stands; upheld, it is worked out again."""

    referral: Referral
    budget: IndicativeBudget
    plan: None = None
    plan_version: None = None

    def check_appealable(self, session: Session) -> None:
        check_goes_on(self.referral.outcome)
        rules.check_amount(version=self.budget.version, newest=self._newest_version(session))

    def first_decider_ids(self, session: Session) -> set[UUID]:
        return {one.written_by_id for one in self._statements(session)}

    def signatory_ids(self, session: Session) -> set[UUID]:
        return {one.shown_by_id for one in self._statements(session) if one.shown_by_id is not None}

    def set_aside(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        reductions.set_aside(
            self.budget, self.referral, appeal_id=appeal.appeal_id, session=session, trace=trace
        )

    def let_count(self, appeal: Appeal, *, session: Session, trace: Trace) -> None:
        reductions.let_count(appeal.appeal_id, session=session, trace=trace)

    def reopen(self, appeal: Appeal, *, session: Session, trace: Trace) -> bool:
        is_replaced = self.budget.version != self._newest_version(session)
        if is_replaced or self.referral.outcome == Outcome.CLOSED:
            return False
        reductions.open_again(self.referral, session=session, trace=trace)
        return True

    def _newest_version(self, session: Session) -> int:
        newest = IndicativeBudget.newest(self.referral.referral_id, session=session)
        return self.budget.version if newest is None else newest.version

    def _statements(self, session: Session) -> list[PreventiveEffect]:
        return PreventiveEffect.of(self.referral.referral_id, session=session)


def find(
    *,
    decision_id: UUID | None,
    refusal_id: UUID | None,
    amount: Amount | None,
    session: Session,
) -> Appealed:
    """Return what is appealed against, with its case locked.

    Raises:
        NotFoundError: no such decision, no such refusal, or no such amount.
    """
    if decision_id is not None:
        return _plan(decision_id, session=session)
    if amount is not None:
        return _amount(amount, session=session)
    refusal = None if refusal_id is None else session.get(RefusedReferral, refusal_id)
    if refusal is None:
        raise NotFoundError("No such refusal.", field="refusal_id")
    referral = Referral.locked(refusal.referral_id, session=session)
    return AppealedReferral(referral=referral, refusal=refusal)


def _amount(amount: Amount, *, session: Session) -> AppealedAmount:
    key = (amount.referral_id, amount.version)
    if session.get(IndicativeBudget, key) is None:
        raise NotFoundError("No such amount.", field="amount")
    referral = Referral.locked(amount.referral_id, session=session)
    budget = session.get_one(IndicativeBudget, key, populate_existing=True)
    return AppealedAmount(referral=referral, budget=budget)


def _plan(decision_id: UUID, *, session: Session) -> AppealedPlan:
    decision = session.get(Decision, decision_id)
    if decision is None:
        raise NotFoundError("No such decision.", field="decision_id")
    plan, referral = Plan.locked(decision.plan_id, session=session)
    session.refresh(decision)
    return AppealedPlan(referral=referral, plan=plan, decision=decision)


def involved_ids(appealed: Appealed, *, session: Session) -> Collection[UUID]:
    """Return who had a hand in it: who decided, who signed, who works with or for the person.

    The person is among them: nobody decides on an appeal of their own.
    """
    person_id = appealed.referral.person_id
    team = TeamMembership.present(person_id, session=session)
    person = session.get_one(Person, person_id)
    return (
        appealed.first_decider_ids(session)
        | appealed.signatory_ids(session)
        | {member.staff_id for member in team}
        | {one.person_id for one in person.under_every_id(session=session)}
        | {one.representative_id for one in Representative.of(person_id, session=session)}
    )
