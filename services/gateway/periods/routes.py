"""The addresses of periods."""

from services.gateway.periods.schemas import (
    OpenPeriodForm,
    PeriodClosedSchema,
    PeriodSchema,
    PeriodSignedSchema,
    PeriodStatementForm,
    PeriodStateSchema,
    PeriodVersionSchema,
    SignPeriodForm,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.schemas import ReasonForm
from services.gateway.subjects import Subject

_ONE = "/periods/<uuid:period_id>"

PERIODS = Subject(
    name="periods",
    says="Closing the books of a pool, signed by its partners",
    routes=(
        do(
            "/pools/<uuid:pool_id>/periods",
            "budget.open_period",
            OpenPeriodForm,
            "Open a period of a pool's books",
            gives=PeriodStateSchema,
            new="period_id",
        ),
        do(
            f"{_ONE}/soft-close",
            "budget.soft_close_period",
            NothingSchema,
            "Begin to close a period: nothing but corrections is booked",
            gives=PeriodStateSchema,
        ),
        do(
            f"{_ONE}/signatures",
            "budget.sign_period",
            SignPeriodForm,
            "Sign a period for a partner, as it stands",
            gives=PeriodSignedSchema,
            fills={"role": "role"},
        ),
        do(
            f"{_ONE}/closure",
            "budget.close_period",
            NothingSchema,
            "Close a period for good, once everybody has signed",
            gives=PeriodClosedSchema,
            location="/v1/periods/{period_id}",
        ),
        do(
            f"{_ONE}/reopening-approval",
            "budget.approve_reopening",
            ReasonForm,
            "Be the second person for opening a closed period again",
            gives=PeriodVersionSchema,
        ),
        do(
            f"{_ONE}/reopening",
            "budget.reopen_period",
            ReasonForm,
            "Open a closed period again",
            gives=PeriodStateSchema,
        ),
        read(
            _ONE,
            "budget.period_statement",
            PeriodSchema,
            "A closed period as it was closed, the same whenever it is asked for",
            takes=PeriodStatementForm,
        ),
    ),
)
