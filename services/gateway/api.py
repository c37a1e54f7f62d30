"""The subjects of the API, in the order in which its description lists them."""

from services.gateway.access_log.routes import ACCESS_LOG
from services.gateway.budgets.routes import BUDGETS
from services.gateway.buying_rules.routes import BUYING_RULES
from services.gateway.cards.routes import CARDS
from services.gateway.exceptions.routes import EXCEPTIONS
from services.gateway.finance.routes import FINANCE
from services.gateway.funding.routes import FUNDING
from services.gateway.messages.routes import MESSAGES
from services.gateway.money_routes.routes import MONEY_ROUTES
from services.gateway.payees.routes import PAYEES
from services.gateway.periods.routes import PERIODS
from services.gateway.purchases.routes import PURCHASES
from services.gateway.receipts.routes import RECEIPTS
from services.gateway.recharges.routes import RECHARGES
from services.gateway.reconciliation.routes import RECONCILIATION
from services.gateway.repayments.routes import REPAYMENTS
from services.gateway.subjects import Subject
from services.gateway.tasks.routes import TASKS

DESCRIPTION = """\
One budget for one person. Money is whole pence in fields that end in `_pence`, instants end in
`_at` (UTC), days in `_on`. What somebody may not see and what is not there look the same.
"""

SUBJECTS: tuple[Subject, ...] = (
    # budget
    BUDGETS,
    FUNDING,
    MONEY_ROUTES,
    REPAYMENTS,
    FINANCE,
    RECHARGES,
    PERIODS,
    RECONCILIATION,
    # payments
    PURCHASES,
    CARDS,
    RECEIPTS,
    PAYEES,
    EXCEPTIONS,
    BUYING_RULES,
    # notifications
    MESSAGES,
    # all of them
    TASKS,
    ACCESS_LOG,
)
