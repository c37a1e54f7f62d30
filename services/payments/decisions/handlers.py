"""Deciding: one transaction, a handful of indexed queries, nobody else is asked."""

from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.payments.authorisations.claims import claims_on
from services.payments.authorisations.commands import AddApproval
from services.payments.authorisations.handlers import add_approval
from services.payments.cards.models import Card, CardState
from services.payments.decisions import rules, wire
from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.models import Decision
from services.payments.decisions.rules import Situation, Verdict
from services.payments.entitlements.models import LiveBudget, PlanItem
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import PurchaseState
from shared.contracts.payments.decisions import AuthorisationDecided
from shared.messaging import outbox
from shared.trace import Trace

# The network waits two seconds. A wait of ours that is longer ends as a fault: declined.
_IN_TIME = text("SET LOCAL lock_timeout = '1000ms'; SET LOCAL statement_timeout = '1500ms'")

log = structlog.get_logger()

Write = Callable[[Verdict], bytes]


def decide(
    command: DecideAuthorisation, *, write: Write = wire.answer_of, session: Session, trace: Trace
) -> bytes:
    """Decide about a request, once for each event, and return the bytes to answer with.

    ``write`` puts a verdict into the form in which the issuer wants its answer.
    """
    session.execute(_IN_TIME)
    found = _card_and_purchase(command.issuer_card_id, session=session)
    earlier = session.scalar(select(Decision.answer).where(Decision.event_id == command.event_id))
    if earlier is not None:
        return earlier
    if found is None:
        log.warning("card_unknown", event_id=command.event_id)
        return _keep(command, rules.UNKNOWN_CARD, None, write=write, session=session, trace=trace)
    verdict = rules.decide(_situation(command, found, session=session, trace=trace))
    purchase: Purchase = found.Purchase
    if verdict.is_approved or command.place is None:  # then only we can count the requests
        add_approval(
            AddApproval(
                authorisation_id=command.authorisation_id,
                place=command.place,
                amount_pence=command.amount_pence if verdict.is_approved else 0,
            ),
            purchase,
            session=session,
            trace=trace,
        )
    story = purchases.in_story(trace, purchase)
    outbox.add(session, _decided(command, verdict, purchase, trace=story), trace=story)
    return _keep(command, verdict, purchase, write=write, session=session, trace=trace)


def _card_and_purchase(issuer_card_id: str, *, session: Session) -> Any:
    """Return a row of all that the rules need, the purchase locked; None: no such card."""
    return session.execute(
        select(Purchase, Card.state, LiveBudget.version, PlanItem.merchant_category_code)
        .join(Card, Card.purchase_id == Purchase.purchase_id)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .outerjoin(LiveBudget, LiveBudget.budget_id == Purchase.budget_id)
        .where(Card.issuer_card_id == issuer_card_id)
        .with_for_update(of=Purchase)
    ).one_or_none()


def _situation(
    command: DecideAuthorisation, found: Any, *, session: Session, trace: Trace
) -> Situation:
    purchase: Purchase = found.Purchase
    claimed = claims_on(session, purchase.purchase_id)
    return Situation(
        amount_pence=command.amount_pence,
        merchant_category_code=command.merchant_category_code,
        asked_at=trace.at,
        is_card_active=found.state is CardState.ACTIVE,
        is_purchase_ready=purchase.state is PurchaseState.READY,
        hold_expires_at=purchase.hold_expires_at,
        is_budget_live=found.version is not None,
        item_category_code=found.merchant_category_code,
        unauthorised_pence=max(0, purchase.held_pence - claimed.outstanding_pence),
    )


def _keep(
    command: DecideAuthorisation,
    verdict: Verdict,
    purchase: Purchase | None,
    *,
    write: Write,
    session: Session,
    trace: Trace,
) -> bytes:
    answer = write(verdict)
    session.add(
        Decision(
            event_id=command.event_id,
            authorisation_id=command.authorisation_id,
            purchase_id=purchase.purchase_id if purchase else None,
            is_approved=verdict.is_approved,
            amount_pence=command.amount_pence,
            code=verdict.code,
            reason=verdict.reason,
            next_step=verdict.next_step,
            answer=answer,
            decided_at=trace.at,
        )
    )
    return answer


def _decided(
    command: DecideAuthorisation, verdict: Verdict, purchase: Purchase, *, trace: Trace
) -> AuthorisationDecided:
    return AuthorisationDecided(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        person_id=purchase.person_id,
        is_approved=verdict.is_approved,
        amount_pence=command.amount_pence,
        code=verdict.code,
        reason=verdict.reason,
        next_step=verdict.next_step,
    )
