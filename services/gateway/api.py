"""The subjects of the API, in the order in which its description lists them."""

from services.gateway.access_log.routes import ACCESS_LOG
from services.gateway.appeals.routes import APPEALS
from services.gateway.bookings.routes import BOOKINGS
from services.gateway.budgets.routes import BUDGETS
from services.gateway.buying_rules.routes import BUYING_RULES
from services.gateway.cards.routes import CARDS
from services.gateway.care_teams.routes import CARE_TEAMS
from services.gateway.cases.routes import CASES
from services.gateway.complaints.routes import COMPLAINTS
from services.gateway.crises.routes import CRISES
from services.gateway.emergencies.routes import EMERGENCIES
from services.gateway.exceptions.routes import EXCEPTIONS
from services.gateway.finance.routes import FINANCE
from services.gateway.funding.routes import FUNDING
from services.gateway.identity.routes import IDENTITY
from services.gateway.indicative_budgets.routes import INDICATIVE_BUDGETS
from services.gateway.life_events.routes import LIFE_EVENTS
from services.gateway.messages.routes import MESSAGES
from services.gateway.money_routes.routes import MONEY_ROUTES
from services.gateway.needs.routes import NEEDS
from services.gateway.payees.routes import PAYEES
from services.gateway.people.routes import PEOPLE
from services.gateway.periods.routes import PERIODS
from services.gateway.plans.routes import PLANS
from services.gateway.purchases.routes import PURCHASES
from services.gateway.receipts.routes import RECEIPTS
from services.gateway.recharges.routes import RECHARGES
from services.gateway.reconciliation.routes import RECONCILIATION
from services.gateway.referrals.routes import REFERRALS
from services.gateway.repayments.routes import REPAYMENTS
from services.gateway.reviews.routes import REVIEWS
from services.gateway.rule_sets.routes import RULE_SETS
from services.gateway.sign_off.routes import SIGN_OFF
from services.gateway.subjects import Subject
from services.gateway.tasks.routes import TASKS

DESCRIPTION = """\
One budget for one person. Money is whole pence in fields that end in `_pence`, instants end in
`_at` (UTC), days in `_on`. What somebody may not see and what is not there look the same.
"""

SUBJECTS: tuple[Subject, ...] = (
    # assessment
    CASES,
    PEOPLE,
    REFERRALS,
    CARE_TEAMS,
    EMERGENCIES,
    IDENTITY,
    BOOKINGS,
    NEEDS,
    RULE_SETS,
    INDICATIVE_BUDGETS,
    PLANS,
    SIGN_OFF,
    APPEALS,
    COMPLAINTS,
    REVIEWS,
    CRISES,
    LIFE_EVENTS,
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
