"""What must be true of the ledger at any time, as questions to its rows.

The rules bear the numbers of docs/architecture/ledger.md. ``python -m services.budget.verify`` asks
them, and so do tests and benchmarks. Each module holds the questions about one noun, by which
whoever adds a table finds where its rule belongs.
"""

from collections.abc import Mapping

from services.budget.invariants import (
    allocations,
    books,
    causes,
    charges,
    contributions,
    corrections,
    crisis_reserves,
    debts,
    holds,
    money_routes,
    periods,
    repayments,
    rights,
    tellings,
    year_end,
)

# Each question returns one line for each row that breaks the rule, the first ones first.
QUESTIONS: Mapping[str, str] = {
    **books.QUESTIONS,
    **holds.QUESTIONS,
    **contributions.QUESTIONS,
    **causes.QUESTIONS,
    **crisis_reserves.QUESTIONS,
    **allocations.QUESTIONS,
    **year_end.QUESTIONS,
    **rights.ON_HISTORY,
    **money_routes.QUESTIONS,
    **rights.ON_FINDINGS,
    **periods.QUESTIONS,
    **corrections.QUESTIONS,
    **charges.QUESTIONS,
    **debts.OWED,
    **tellings.QUESTIONS,
    **repayments.QUESTIONS,
    **debts.SETTLED,
}
