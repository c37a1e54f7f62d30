"""The rows of repayments: found under their budget's lock, their lines, and each step taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, locked_if_known
from services.budget.repayment.commands import (
    Asker,
    DecideReconsideration,
    NotifyRepayment,
    ProposeRepayment,
    RequestReconsideration,
    TakeStep,
)
from services.budget.repayment.models import Repayment, RepaymentLine, RepaymentStep
from services.budget.repayment.rules import (
    OVER,
    Addressee,
    RepaymentDiffersError,
    RepaymentNotFoundError,
    RepaymentState,
)
from services.budget.surplus.commands import Terms
from services.budget.surplus.rules import FunderStanding, Line, total_pence
from shared.contracts.event import Event
from shared.messaging import outbox
from shared.trace import Trace

Standings = Mapping[UUID, FunderStanding]
OfRepayment = NotifyRepayment | RequestReconsideration | DecideReconsideration | TakeStep


@dataclass(slots=True, kw_only=True)
class OnItsWay:
    """A repayment, its budget, locked until the transaction ends, and somebody who acts on it."""

    budget: Budget
    repayment: Repayment
    lines: Sequence[Line]
    session: Session
    trace: Trace
    version: int = 0  # the number of the step that was taken

    def take(self, state: RepaymentState, reason: str, *, asked_by: Asker | None = None) -> None:
        """Let the repayment take a step, and write down who took it and why."""
        repayment_id = self.repayment.repayment_id
        steps = select(func.count()).where(RepaymentStep.repayment_id == repayment_id)
        self.version = (self.session.scalar(steps) or 0) + 1
        self.repayment.state = state
        step = RepaymentStep(
            repayment_id=repayment_id,
            number=self.version,
            state=state,
            taken_at=self.trace.at,
            actor=self.trace.actor,
            asked_by=asked_by,
            reason=reason,
            amount_pence=total_pence(self.lines),
        )
        self.session.add(step)

    def tell(self, event_class: type[Event], **fields: Any) -> None:
        """Tell of the step that was taken."""
        event = event_class(
            occurred_at=self.trace.at,
            **{
                "repayment_id": self.repayment.repayment_id,
                "version": self.version,
                "budget_id": self.budget.budget_id,
                "person_id": self.budget.person_id,
                **fields,
            },
        )
        outbox.add(self.session, event, trace=self.trace)

    def told(self) -> dict[str, Any]:
        """Return the repayment as callers get to see it."""
        return told(self.repayment, self.lines)


def locked(command: OfRepayment, *, session: Session, trace: Trace) -> OnItsWay:
    """Return a budget's repayment as it stands under the budget's lock.

    Raises:
        RepaymentNotFoundError: the budget has no such repayment.
    """
    budget = locked_if_known(session, command.budget_id)
    repayment = session.get(Repayment, command.repayment_id)
    if budget is None or repayment is None or repayment.budget_id != command.budget_id:
        raise RepaymentNotFoundError("This budget has no such repayment.")
    return on_its_way(repayment, budget, session=session, trace=trace)


def on_its_way(repayment: Repayment, budget: Budget, *, session: Session, trace: Trace) -> OnItsWay:
    lines = lines_of(session, repayment.repayment_id)
    return OnItsWay(budget=budget, repayment=repayment, lines=lines, session=session, trace=trace)


def open_one(session: Session, budget_id: UUID) -> Repayment | None:
    """Return the repayment of a budget that is on its way, if there is one."""
    return session.scalars(
        select(Repayment)
        .where(Repayment.budget_id == budget_id)
        .where(Repayment.state.not_in(OVER))
    ).one_or_none()


def new(command: ProposeRepayment, addressee: Addressee) -> Repayment:
    return Repayment(
        repayment_id=command.repayment_id,
        budget_id=command.budget_id,
        ground=command.ground,
        addressee=addressee,
        state=RepaymentState.PROPOSED,
        allowance_weeks=command.terms.allowance_weeks,
        plan_weeks=command.terms.plan_weeks,
        contingency_pence=command.terms.contingency_pence,
        committed_pence=command.terms.committed_pence,
        asked_pence=command.amount_pence,
        proposed_by=command.proposed_by,
    )


def see_that_it_is_the_same(known: Repayment, command: ProposeRepayment) -> None:
    """Look whether a repayment is proposed again, or another one under its id.

    Raises:
        RepaymentDiffersError: it is another one.
    """
    was = (known.budget_id, known.ground, known.asked_pence, terms_of(known))
    if was != (command.budget_id, command.ground, command.amount_pence, command.terms):
        raise RepaymentDiffersError("Another repayment has this id.")


def lines_of(session: Session, repayment_id: UUID) -> list[Line]:
    """Return the lines of a repayment, in a fixed order."""
    rows = session.scalars(
        select(RepaymentLine)
        .where(RepaymentLine.repayment_id == repayment_id)
        .order_by(RepaymentLine.funder_id)
    )
    return [
        Line(
            funder_id=row.funder_id,
            own_pence=row.own_pence,
            to_person_pence=row.to_person_pence,
            charge_lowered_pence=row.charge_lowered_pence,
        )
        for row in rows
    ]


def keep_lines(
    session: Session, repayment_id: UUID, lines: Iterable[Line], *, standings: Standings
) -> None:
    """Save lines as they are worked out now, each with how its book stands now."""
    for line in lines:
        standing = standings[line.funder_id]
        row = RepaymentLine(
            repayment_id=repayment_id,
            funder_id=line.funder_id,
            own_pence=line.own_pence,
            to_person_pence=line.to_person_pence,
            charge_lowered_pence=line.charge_lowered_pence,
            available_pence=standing.there_pence,
            held_pence=standing.held_pence,
            overspent_pence=standing.overspent_pence,
            committed_pence=standing.kept.committed_pence,
            contingency_pence=standing.kept.contingency_pence,
            allowance_pence=standing.kept.allowance_pence,
        )
        session.merge(row)
    session.flush()


def lower_lines(session: Session, repayment_id: UUID, lines: Iterable[Line]) -> None:
    """Save lines that were reduced; how the books stood when they were worked out stays."""
    for line in lines:
        row = session.get_one(RepaymentLine, (repayment_id, line.funder_id))
        row.own_pence = line.own_pence
        row.to_person_pence = line.to_person_pence
        row.charge_lowered_pence = line.charge_lowered_pence


def terms_of(repayment: Repayment) -> Terms:
    return Terms(
        allowance_weeks=repayment.allowance_weeks,
        plan_weeks=repayment.plan_weeks,
        contingency_pence=repayment.contingency_pence,
        committed_pence=repayment.committed_pence,
    )


def told(repayment: Repayment, lines: Sequence[Line]) -> dict[str, Any]:
    """Return a repayment as callers get to see it."""
    return {
        "repayment_id": repayment.repayment_id,
        "budget_id": repayment.budget_id,
        "ground": repayment.ground,
        "addressee": repayment.addressee,
        "state": repayment.state,
        "notice_ends_on": repayment.notice_ends_on,
        "payable_on": repayment.payable_on,
        "amount_pence": total_pence(lines),
        "lines": [
            {
                "funder_id": line.funder_id,
                "to_funder_pence": line.own_pence,
                "to_person_pence": line.to_person_pence,
                "charge_lowered_pence": line.charge_lowered_pence,
            }
            for line in lines
        ],
    }
