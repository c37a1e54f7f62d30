"""Turns away who asks for too much: 429, and when to ask again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from flask import request
from sqlalchemy.orm import Session, sessionmaker

from services.gateway.limits import handlers, rules
from services.gateway.limits.rules import Limits
from services.gateway.problems import ProblemError
from services.gateway.routes import Route
from services.gateway.visitors import Visitor

# Whoever asks for one of these by its id asks for somebody's record. What a person has one of is
# one count each: who opens a person's case, budget and plan has looked at one of each kind.
RECORDS = (
    "person_id",
    "referral_id",
    "budget_id",
    "plan_id",
    "purchase_id",
    "complaint_id",
    "question_id",
)
NOBODYS = ("funder_id", "pool_id", "invoice_id", "period_id", "version")  # no person's record
THEIR_OWN = "budget_holder"  # whoever has this role sees one record: their own

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Limiter:
    """Counts what is asked for, for all threads and machines in the one database."""

    transactions: sessionmaker[Session]
    now: Callable[[], datetime]
    limits: Limits

    def take_request(self, client: str, *, session: Session) -> timedelta | None:
        """Count a request of somebody who is signed in; None: it is not too many."""
        return handlers.spend(
            f"client/{client}", self.limits.requests, session=session, at=self.now()
        )

    def take_sign_in(self) -> None:
        """Count a try to come in, by where it comes from.

        Raises:
            ProblemError: too many came from there.
        """
        home = rules.one_home(request.remote_addr or "")
        at = self.now()
        with self.transactions.begin() as session:
            handlers.forget_what_is_over(session=session, at=at)
            wait = handlers.spend(f"address/{home}", self.limits.sign_ins, session=session, at=at)
        if wait is not None:
            raise too_many_requests(wait)

    def take_look(self, visitor: Visitor, route: Route, asked: Mapping[str, Any]) -> None:
        """Count whose record somebody asks for, whether there is such a record or not.

        Raises:
            ProblemError: they asked for too many others within the hour.
        """
        if THEIR_OWN in visitor.roles:
            return
        kind, record = _looked_for(route, asked)
        if kind is None:
            return
        with self.transactions.begin() as session:
            may = handlers.look_at(
                visitor.client,
                kind,
                record,
                at_most=self.limits.people_per_hour,
                session=session,
                at=self.now(),
            )
        if not may:
            # What an operator's alarm counts. Who it is stands there by their id.
            log.warning("too_many_people", reader=visitor.actor_id, kind=kind)
            raise _too_many_people()


def too_many_requests(wait: timedelta) -> ProblemError:
    return ProblemError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        "That was too much at once.",
        next_step="Wait as many seconds as Retry-After says; a repeat needs no new key.",
        headers={"Retry-After": str(rules.whole_seconds(wait))},
    )


def _looked_for(route: Route, asked: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return what kind of record is asked for, and which; each search is one of its own."""
    if route.is_search:
        return "search", str(uuid4())
    kind = next((name for name in RECORDS if asked.get(name) is not None), None)
    return kind, str(asked[kind]) if kind else ""


def _too_many_people() -> ProblemError:
    return ProblemError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_people",
        "You have looked at the records of more people within an hour than anybody needs to.",
        next_step="Go on with those whom you have looked at, or wait; somebody may ask you why.",
        headers={"Retry-After": str(rules.whole_seconds(rules.LOOKED_AT_FOR / 12))},
    )
