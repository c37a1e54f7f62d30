"""Deciding: one transaction, a handful of indexed queries, nobody else is asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import Date, String, Table, and_, bindparam, insert, select, text
from sqlalchemy.orm import Session

from services.payments.authorisations.claims import PURCHASE_OF_CARD, Claims, claims_on
from services.payments.authorisations.commands import AddApproval
from services.payments.authorisations.handlers import add_approval
from services.payments.cards.models import Card
from services.payments.cards.rules import CardState
from services.payments.decisions import rules, wire
from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.models import Decision
from services.payments.decisions.rules import Situation, Verdict
from services.payments.entitlements.models import BudgetStop, LiveBudget, PlanItem
from services.payments.entitlements.rules import Rail
from services.payments.exclusions.queries import (
    EDITION,
    Edition,
    Rulebook,
    rulebook_of,
    wanted_of,
)
from services.payments.observed_cards.queries import is_observed
from services.payments.prepared import PREPARED
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import Step, is_possible
from shared.contracts.payments.decisions import AuthorisationDeclined
from shared.messaging import outbox
from shared.trace import Trace

# The network waits two seconds. A wait of ours that is longer ends as a fault: declined.
_IN_TIME = text("SET LOCAL lock_timeout = '1000ms'; SET LOCAL statement_timeout = '1500ms'")
# Statements are built once: building one takes longer than to run it.
# All that the rules need of a card's purchase, which is locked; no row: no such card.
_FOUND = (
    select(
        Purchase.purchase_id,
        Purchase.person_id,
        Purchase.correlation_id,
        Purchase.state,
        Purchase.rail,
        Purchase.holder_id,
        Purchase.held_pence,
        Purchase.ordered_pence,
        Purchase.hold_expires_at,
        LiveBudget.version.label("live_version"),
        BudgetStop.because.label("stopped_because"),
        PlanItem.item_id,
        PlanItem.category,
        PlanItem.payer,
        PlanItem.merchant_category_code,
    )
    .select_from(Card)
    .join(Purchase, Purchase.purchase_id == PURCHASE_OF_CARD)
    .join(PlanItem, PlanItem.item_id == Purchase.item_id)
    .outerjoin(LiveBudget, LiveBudget.budget_id == Purchase.budget_id)
    .outerjoin(
        BudgetStop,
        and_(
            BudgetStop.budget_id == Purchase.budget_id,
            BudgetStop.stops_on <= bindparam("today", type_=Date()),
        ),
    )
    .where(Card.issuer_card_id == bindparam("issuer_card_id", type_=String()))
    .with_for_update(of=Purchase)
    .execution_options(**PREPARED)
)
# Asked under that lock: the same question at the same time has been answered by then. Whoever
# waited for the lock sees the purchase as it is now, and of the card what it was before the wait:
# whether it was lost or frozen meanwhile is asked here.
_KNOWN = select(
    select(Decision.answer)
    .where(Decision.event_id == bindparam("event_id", type_=String()))
    .scalar_subquery()
    .label("answer"),
    select(Card.state)
    .where(Card.issuer_card_id == bindparam("issuer_card_id", type_=String()))
    .scalar_subquery()
    .label("card_state"),
    *EDITION,
).execution_options(**PREPARED)

_INSERT = insert(cast("Table", Decision.__table__))

log = structlog.get_logger()

Write = Callable[[Verdict], bytes]


def decide(
    command: DecideAuthorisation,
    *,
    elapsed_ms: Callable[[], float],
    write: Write = wire.answer_of,
    session: Session,
    trace: Trace,
) -> bytes:
    """Decide about a request, once for each event, and return the bytes to answer with.

    Args:
        command: what the network asks.
        elapsed_ms: how long the request has been here; it is kept with the decision.
        write: puts a verdict into the form in which the issuer wants its answer.
        session: whose transaction ends before the answer is given.
        trace: of this request.
    """
    session.execute(_IN_TIME)
    asked = {
        "issuer_card_id": command.issuer_card_id,
        "authorisation_id": command.authorisation_id,
        "today": trace.today,
    }
    found = session.execute(_FOUND, asked).one_or_none()
    asked = {"event_id": command.event_id, "issuer_card_id": command.issuer_card_id}
    known = session.execute(_KNOWN, asked).one()
    if known.answer is not None:
        return bytes(known.answer)
    edition = Edition(trace.today, known.policy_id, known.exclusion_id)
    rulebook = rulebook_of(edition, session=session)
    if found is None:
        verdict = _of_no_purchase(command, session=session)
    else:
        claimed = claims_on(session, found.purchase_id)
        verdict = rules.decide(
            _situation(command, found, known.card_state, claimed, rulebook, trace=trace)
        )
        _count(command, verdict, found.purchase_id, claimed, session=session, trace=trace)
        if not verdict.is_approved:
            _tell_no(command, verdict, found, session=session, trace=trace)
    session.flush()  # so that the time that is kept has what was written before it
    answer = write(verdict)
    decision = {
        "event_id": command.event_id,
        "authorisation_id": command.authorisation_id,
        "purchase_id": found.purchase_id if found else None,
        "is_approved": verdict.is_approved,
        "amount_pence": command.amount_pence,
        "approved_pence": verdict.approved_pence,
        "code": verdict.code,
        "reason": verdict.reason,
        "next_step": verdict.next_step,
        "answer": answer,
        "decided_at": trace.at,
        "policy_version": rulebook.version,
        "merchant_category_code": command.merchant_category_code,
        "merchant_country": command.merchant_country,
        "decided_ms": elapsed_ms(),
    }
    session.execute(_INSERT, decision)
    return answer


def _of_no_purchase(command: DecideAuthorisation, *, session: Session) -> Verdict:
    if is_observed(command.issuer_card_id, session=session):
        return rules.OBSERVED_CARD
    log.warning("card_unknown", event_id=command.event_id)
    return rules.UNKNOWN_CARD


def _situation(
    command: DecideAuthorisation,
    found: Any,
    card_state: CardState,
    claimed: Claims,
    rulebook: Rulebook,
    *,
    trace: Trace,
) -> Situation:
    is_open = is_possible(Step.PAY_BY_CARD, found.state) and found.rail is Rail.CARD
    return Situation(
        amount_pence=command.amount_pence,
        is_amount_controllable=command.is_amount_controllable,
        wanted=wanted_of(found, shop=command.merchant_category_code),
        merchant_country=command.merchant_country,
        asked_at=trace.at,
        card_state=card_state,
        is_budget_live=found.live_version is not None and found.stopped_because is None,
        is_purchase_ready=is_open,
        is_standing=found.holder_id is not None,
        hold_expires_at=found.hold_expires_at,
        exclusions=rulebook.exclusions,
        allowed_countries=rulebook.policy.allowed_countries,
        unauthorised_pence=max(
            0, found.held_pence - found.ordered_pence - claimed.outstanding_pence
        ),
    )


def _count(
    command: DecideAuthorisation,
    verdict: Verdict,
    purchase_id: UUID,
    claimed: Claims,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Let what is approved count from now on; a no, where only we can count the requests."""
    if not verdict.is_approved and command.place is not None:
        return
    add_approval(
        AddApproval(
            authorisation_id=command.authorisation_id,
            place=command.place,
            amount_pence=verdict.approved_pence,
        ),
        purchase_id,
        claimed,
        session=session,
        trace=trace,
    )


def _tell_no(
    command: DecideAuthorisation,
    verdict: Verdict,
    found: Any,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Tell of a no, as a part of the purchase's own story."""
    event = AuthorisationDeclined(
        occurred_at=trace.at,
        purchase_id=found.purchase_id,
        person_id=found.person_id,
        amount_pence=command.amount_pence,
        code=verdict.code,
        reason=verdict.reason,
        next_step=verdict.next_step,
    )
    outbox.add(session, event, trace=replace(trace, correlation_id=found.correlation_id))
