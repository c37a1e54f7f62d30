"""Statements and exports. Each is what was known at an instant, and stays that way.

A document is filled by one transaction that sees one moment. Before it another asks how far the
books are settled: every journal that was recorded until then has been committed, and no other will
be recorded for then. The two must follow one another in this order, since what a transaction sees
is fixed by its first question.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import settled
from services.budget.agreements.models import Budget, known_budget
from services.budget.documents.documents import Document
from services.budget.extracts.journals import StatementTooLargeError
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind, FunderNotFoundError
from services.budget.renderings import rendering
from services.budget.reports import papers, rules
from services.budget.reports.rules import Asked, Form
from services.budget.totals.rules import Scope
from shared.contracts import documents

ROOM_FOR_ENVELOPE_BYTES = 4 * 1024
MOST_BYTES = documents.LARGEST_MESSAGE_BYTES - ROOM_FOR_ENVELOPE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document that is filled, and what is to be made of it."""

    what: str
    asked: Asked
    document: Document


def person_statement(asked: Asked, *, session: Session) -> Found:
    """Return what a person is told about their budget.

    Raises:
        BudgetNotFoundError: there is no such budget.
        PeriodWrongError, StatementTooLargeError.
    """
    scope = _settled(asked, session)
    budget = _budget(asked, session)
    if budget is None:
        raise AssertionError  # its form asks for one
    return Found(
        what="person-statement",
        asked=asked,
        document=papers.person_statement(session, budget, scope),
    )


def funder_statement(asked: Asked, *, session: Session) -> Found:
    """Return one organisation's own side, of one budget or of all it pays into.

    Raises:
        FunderNotFoundError: there is no such organisation; a person has their own statement.
        BudgetNotFoundError and the refusals of ``person_statement``.
    """
    scope = _settled(asked, session)
    funder = session.get(Funder, asked.funder_id)
    if funder is None or funder.kind is FunderKind.PERSON:
        raise FunderNotFoundError("There is no such organisation.")
    _budget(asked, session)
    return Found(
        what="funder-statement",
        asked=asked,
        document=papers.funder_statement(session, funder, scope),
    )


def auditor_statement(asked: Asked, *, session: Session) -> Found:
    """Return everything that was booked, in one budget or in all.

    Raises:
        BudgetNotFoundError and the refusals of ``person_statement``.
    """
    scope = _settled(asked, session)
    _budget(asked, session)
    return Found(
        what="auditor-statement", asked=asked, document=papers.auditor_statement(session, scope)
    )


def journals_export(asked: Asked, *, session: Session) -> Found:
    """Return the postings of one budget, of one funder, of both, or of all.

    Raises:
        BudgetNotFoundError and the refusals of ``person_statement``.
    """
    scope = _settled(asked, session)
    _budget(asked, session)
    return Found(
        what="journals-export", asked=asked, document=papers.journals_export(session, scope)
    )


def _settled(asked: Asked, session: Session) -> Scope:
    """Return what is asked for, with an instant until which the books are settled.

    Nobody knows what is yet to be recorded, so an instant to come is taken for now.
    """
    rules.see_that_the_period_holds_a_day(asked)
    with Session(session.get_bind()) as before:
        last = settled(before).at
    known_at = min(asked.known_at or last, last).astimezone(UTC)
    return Scope(
        budget_id=asked.budget_id,
        funder_id=asked.funder_id,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        known_at=known_at,
    )


def _budget(asked: Asked, session: Session) -> Budget | None:
    """Return the budget that is asked for; None where it is the whole ledger."""
    return known_budget(session, asked.budget_id) if asked.budget_id else None


RENDERERS: dict[Form, Callable[[Any], bytes]] = {
    Form.JSON: rendering.as_json,
    Form.CSV: rendering.as_csv,
    Form.PDF: rendering.as_pdf,
}


def rendered(found: Found) -> dict[str, Any]:
    """Return a document as it is sent; its ``known_at`` asks for the same again.

    Raises:
        StatementTooLargeError: no message could hold it.
        TooLongToPrintError: nobody would read it on paper.
    """
    form = found.asked.form
    content = RENDERERS[form](found.document)
    is_text = form is not Form.PDF
    answer = {
        "media_type": rules.MEDIA_TYPES[form],
        "file_name": rules.file_name(found.what, found.asked),
        "known_at": found.document.known_at,
        "encoding": "text" if is_text else "base64",
        "content": content.decode() if is_text else base64.b64encode(content).decode(),
    }
    size = len(documents.write(answer))
    if size > MOST_BYTES:
        raise StatementTooLargeError(
            "This is too much for one answer.", bytes=size, most=MOST_BYTES
        )
    return answer
