"""The addresses of reconciliation."""

from services.gateway.reconciliation.schemas import (
    AssignedSchema,
    AssignSuspenseForm,
    ImportedSchema,
    ImportLinesForm,
    LinesMatchedSchema,
    MatchByHandForm,
    MatchLinesForm,
    MatchSchema,
    ReconciliationForm,
    ReconciliationSchema,
    UndoMatchForm,
    UndoneSchema,
)
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_MATCHES = "/line-matches"

RECONCILIATION = Subject(
    name="reconciliation",
    says="What the bank and the card programme say, beside what is booked",
    routes=(
        read(
            "/reconciliation",
            "budget.reconciliation",
            ReconciliationSchema,
            "Both sides in lines and pence, and what is in suspense",
            takes=ReconciliationForm,
        ),
        do(
            "/bank-lines",
            "budget.import_lines",
            ImportLinesForm,
            "Take in lines of an account or a card programme; known ones are not taken twice",
            gives=ImportedSchema,
        ),
        do(
            "/line-match-runs",
            "budget.match_lines",
            MatchLinesForm,
            "Match by rule what moved between two days",
            gives=LinesMatchedSchema,
        ),
        do(
            _MATCHES,
            "budget.match_by_hand",
            MatchByHandForm,
            "Say which lines belong together",
            gives=MatchSchema,
        ),
        do(
            f"{_MATCHES}/<uuid:match_id>/undoing",
            "budget.undo_match",
            UndoMatchForm,
            "Take a match back",
            gives=UndoneSchema,
        ),
        do(
            "/suspense/<uuid:suspense_id>/owner",
            "budget.assign_suspense",
            AssignSuspenseForm,
            "Say who looks after something in suspense, and until when",
            gives=AssignedSchema,
            method="PUT",
        ),
    ),
)
