"""Statements and exports, asked for as the edge asks, and read back."""

import base64

from services.budget.documents.documents import (
    AuditorStatement,
    FunderStatement,
    JournalsExport,
    PersonStatement,
)
from services.budget.invariants import QUESTIONS
from services.budget.renderings import rendering
from services.budget.totals import handlers as totals
from services.budget.totals.commands import AddTotals
from tests.factories import a_trace
from tests.integration.budget.budgets import ask, rows

KINDS = {
    "person_statement": PersonStatement,
    "funder_statement": FunderStatement,
    "auditor_statement": AuditorStatement,
    "journals_export": JournalsExport,
}
# What is held counts from the day on which the database wrote it down, whenever that is.
PERIOD = {"starts_on": "2026-11-01", "ends_on": "2200-01-01"}


def report(transaction, operation, *, form="json", **request):
    """Ask for a document and return the whole answer."""
    return ask(transaction, operation, form=form, **(PERIOD | request))


def read(transaction, operation, **request):
    """Ask for a document and return it as it was before it was rendered."""
    answer = report(transaction, operation, **request)
    return rendering.from_json(answer["result"]["content"].encode(), KINDS[operation])


def pdf_of(answer):
    assert answer["result"]["encoding"] == "base64"
    return base64.b64decode(answer["result"]["content"])


def add_totals(transaction, *, most=5_000):
    """Do what the timetable does."""
    with transaction() as session:
        totals.add_totals(AddTotals(most=most), session=session, trace=a_trace())


def now(transaction):
    """Return the database's time, by which journals are recorded."""
    return rows(transaction, "SELECT clock_timestamp()")[0][0]


def broken_totals(transaction):
    """Return what contradicts the totals, and what was remembered of holds."""
    questions = [one for rule, one in QUESTIONS.items() if rule.startswith(("I3 ", "I5 "))]
    return [row for question in questions for row in rows(transaction, question)]
