"""The subjects of the API, in the order in which its description lists them."""

from services.gateway.appeals.routes import APPEALS
from services.gateway.bookings.routes import BOOKINGS
from services.gateway.care_teams.routes import CARE_TEAMS
from services.gateway.cases.routes import CASES
from services.gateway.complaints.routes import COMPLAINTS
from services.gateway.crises.routes import CRISES
from services.gateway.identity.routes import IDENTITY
from services.gateway.indicative_budgets.routes import INDICATIVE_BUDGETS
from services.gateway.life_events.routes import LIFE_EVENTS
from services.gateway.needs.routes import NEEDS
from services.gateway.people.routes import PEOPLE
from services.gateway.plans.routes import PLANS
from services.gateway.purchases.routes import PURCHASES
from services.gateway.referrals.routes import REFERRALS
from services.gateway.reviews.routes import REVIEWS
from services.gateway.rule_sets.routes import RULE_SETS
from services.gateway.sign_off.routes import SIGN_OFF
from services.gateway.subjects import Subject

DESCRIPTION = """\
One budget for one person. Money is whole pence in fields that end in `_pence`, instants end in
`_at` (UTC), days in `_on`. What somebody may not see and what is not there look the same.
"""

SUBJECTS: tuple[Subject, ...] = (
    CASES,
    PEOPLE,
    REFERRALS,
    CARE_TEAMS,
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
    PURCHASES,
)
