"""The addresses of budgets."""

from services.gateway.budgets.schemas import (
    BalanceForm,
    BalanceSchema,
    BudgetStatementSchema,
    ClosingStatementSchema,
    EndBudgetForm,
    EndedSchema,
    FindSurplusForm,
    ForecastForm,
    ForecastSchema,
    PersonStatementForm,
    SurplusSchema,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.subjects import Subject

_ONE = "/budgets/<uuid:budget_id>"

BUDGETS = Subject(
    name="budgets",
    says="One budget: how it stands, what it comes to, and how it ends",
    routes=(
        read(
            _ONE,
            "budget.statement",
            BudgetStatementSchema,
            "How a budget stands: who pays what, what was spent on what, what is left",
        ),
        read(
            f"{_ONE}/statement",
            "budget.person_statement",
            NothingSchema,
            "The statement of a period as JSON, CSV or PDF; Known-At asks for the same again",
            takes=PersonStatementForm,
            is_file=True,
        ),
        read(
            f"{_ONE}/forecast",
            "budget.forecast",
            ForecastSchema,
            "What a budget comes to if things go on as they are",
            takes=ForecastForm,
        ),
        read(
            f"{_ONE}/balance",
            "budget.balance",
            BalanceSchema,
            "What each funder has in it, counting the days to one",
            takes=BalanceForm,
        ),
        read(
            f"{_ONE}/surplus",
            "budget.find_surplus",
            SurplusSchema,
            "What would be left over, funder by funder; nothing follows",
            takes=FindSurplusForm,
        ),
        do(
            f"{_ONE}/end",
            "budget.end_budget",
            EndBudgetForm,
            "End a budget on a day",
            gives=EndedSchema,
            location="/v1/budgets/{budget_id}",
        ),
        read(
            f"{_ONE}/closing-statement",
            "budget.closing_statement",
            ClosingStatementSchema,
            "Each funder's figures at the end",
        ),
    ),
)
