"""The addresses of finance."""

from services.gateway.finance.schemas import (
    CorrectedSchema,
    CorrectJournalForm,
    FunderContactSchema,
    FunderIdSchema,
    FunderStatementForm,
    JournalsExportForm,
    NameFunderContactForm,
    OpenPoolForm,
    PoolIdSchema,
    RegisterFunderForm,
    ReversedSchema,
    ReverseJournalForm,
    YearEndForm,
    YearEndSchema,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.subjects import Subject

_LEDGER = "/ledger"

FINANCE = Subject(
    name="finance",
    says="Funders and pools, what was written down wrongly, year ends, and the books as reports",
    routes=(
        do(
            "/funders",
            "budget.register_funder",
            RegisterFunderForm,
            "Register an organisation that pays",
            gives=FunderIdSchema,
            new="funder_id",
        ),
        do(
            "/funders/<uuid:funder_id>/contact",
            "budget.name_funder_contact",
            NameFunderContactForm,
            "Name who hears at an organisation of what concerns its money",
            method="PUT",
            gives=FunderContactSchema,
        ),
        do(
            "/pools",
            "budget.open_pool",
            OpenPoolForm,
            "Open a pool in which funders work together",
            gives=PoolIdSchema,
            new="pool_id",
        ),
        do(
            "/journals/<uuid:journal_id>/reversal",
            "budget.reverse_journal",
            ReverseJournalForm,
            "Take back what was written down wrongly",
            gives=ReversedSchema,
        ),
        do(
            "/journals/<uuid:journal_id>/correction",
            "budget.correct_journal",
            CorrectJournalForm,
            "Write down for another day what was written down for a wrong one",
            gives=CorrectedSchema,
        ),
        do(
            "/pools/<uuid:pool_id>/year-ends",
            "budget.year_end",
            YearEndForm,
            "Decide what becomes of money that is left at a year's end",
            gives=YearEndSchema,
        ),
        read(
            "/funders/<uuid:funder_id>/statement",
            "budget.funder_statement",
            NothingSchema,
            "An organisation's own side of a period as JSON, CSV or PDF",
            takes=FunderStatementForm,
            is_file=True,
        ),
        read(
            f"{_LEDGER}/statement",
            "budget.auditor_statement",
            NothingSchema,
            "Everything that was booked in a period, as JSON, CSV or PDF",
            takes=FunderStatementForm,
            is_file=True,
        ),
        read(
            f"{_LEDGER}/journals",
            "budget.journals_export",
            NothingSchema,
            "The postings of a period as JSON or CSV",
            takes=JournalsExportForm,
            is_file=True,
        ),
    ),
)
