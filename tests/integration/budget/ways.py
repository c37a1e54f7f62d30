"""Items that go by a broker, by direct payment or without a payment, and what can be asked."""

from datetime import UTC, date, datetime
from uuid import uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, ask, do_what_is_due, rows

TODAY = "2026-11-24"
TOKEN = "account-of-somebody"


def day(text):
    """Return ten o'clock of a day, at which something is asked."""
    return datetime.combine(date.fromisoformat(text), TUESDAY_AT_TEN.timetz()).astimezone(UTC)


def code_of(answer):
    return answer["refusal"]["code"]


def move(transaction, planned, route, *, payer="joint", at=TUESDAY_AT_TEN, **changes):
    """Let an item go a way from the day on which it is asked."""
    given = {
        "item_id": str(planned.item_ids[payer]),
        "budget_id": str(planned.budget_id),
        "route": route,
        "starts_on": at.date().isoformat(),
        "reason": "The person wants it so.",
    }
    if route == "direct_payment":
        given |= {"payee": "person", "account_reference": TOKEN}
    return ask(transaction, "set_route", at=at, **(given | changes))


def schedule(transaction, planned, amount_pence, *, payer="joint", at=TUESDAY_AT_TEN, **changes):
    given = {
        "schedule_id": str(uuid4()),
        "item_id": str(planned.item_ids[payer]),
        "budget_id": str(planned.budget_id),
        "recurrence": "month",
        "amount_pence": amount_pence,
        "starts_on": at.date().isoformat(),
        "ends_on": "2027-11-24",
    }
    return ask(transaction, "schedule_direct_payment", at=at, **(given | changes))


def pay(transaction, *, at=TUESDAY_AT_TEN, **changes):
    given = {"pool_id": str(POOL), "on": at.date().isoformat()}
    return ask(transaction, "pay_direct_payments", at=at, **(given | changes))


def pay_by_itself(transaction, *, at):
    """Do what the service does every hour; return how many payments it looked at."""
    return len(do_what_is_due(transaction, "pay_what_is_due", at=at))


def tell_overdue(transaction, *, at):
    return len(do_what_is_due(transaction, "tell_overdue_returns", at=at))


def show(transaction, planned, spent_pence, *, payer="joint", at=TUESDAY_AT_TEN, **changes):
    """Have the person show what they spent."""
    given = {
        "return_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "item_id": str(planned.item_ids[payer]),
        "period_starts_on": "2026-11-24",
        "period_ends_on": "2026-12-24",
        "spent_pence": spent_pence,
        "evidence_reference": "folder 7",
    }
    return ask(transaction, "record_return", at=at, **(given | changes))


def give_back(transaction, payment_id, amount_pence, *, at=TUESDAY_AT_TEN, **changes):
    given = {
        "payment_id": str(payment_id),
        "amount_pence": amount_pence,
        "bank_reference": "BACS 9",
    }
    return ask(transaction, "record_payment_returned", at=at, **(given | changes))


def top_up(transaction, planned, amount_pence, *, at=TUESDAY_AT_TEN, **changes):
    given = {
        "top_up_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "amount_pence": amount_pence,
        "bank_reference": "BACS 7",
    }
    request = {name: value for name, value in (given | changes).items() if value is not None}
    return ask(transaction, "top_up_broker", at=at, **request)


def from_broker(transaction, planned, amount_pence, *, at=TUESDAY_AT_TEN, **changes):
    given = {
        "top_up_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "amount_pence": amount_pence,
        "bank_reference": "BACS 8",
    }
    request = {name: value for name, value in (given | changes).items() if value is not None}
    return ask(transaction, "record_broker_returned", at=at, **request)


def broker_says(transaction, planned, held, *, at=TUESDAY_AT_TEN, **changes):
    given = {
        "report_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "on": at.date().isoformat(),
        "balances": [{"funder_id": str(one), "held_pence": pence} for one, pence in held.items()],
    }
    return ask(transaction, "report_broker_balance", at=at, **(given | changes))


def deliver(transaction, planned, amount_pence, *, payer="joint", at=TUESDAY_AT_TEN, **changes):
    given = {
        "delivery_id": str(uuid4()),
        "budget_id": str(planned.budget_id),
        "item_id": str(planned.item_ids[payer]),
        "amount_pence": amount_pence,
        "delivered_on": at.date().isoformat(),
    }
    return ask(transaction, "record_delivery", at=at, **(given | changes))


def routes_of(transaction, planned, *, on=TODAY, **terms):
    """Ask where the money of a budget is, and return the whole answer."""
    return ask(transaction, "money_routes", budget_id=str(planned.budget_id), on=on, **terms)


def where(transaction, planned, *, on=TODAY, **terms):
    """Return what of each is with the broker, with the person, evidenced and delivered."""
    funders = {
        one["funder_id"]: one
        for one in routes_of(transaction, planned, on=on, **terms)["result"]["funders"]
    }
    names = ("with_broker", "with_person", "evidenced", "delivered")
    return {
        kind: tuple(funders[str(funder_id)][f"{name}_pence"] for name in names)
        for kind, funder_id in (("nhs", NHS), ("council", COUNCIL))
    }


def of_funders(transaction, planned, figure, *, on=TODAY, **terms):
    funders = routes_of(transaction, planned, on=on, **terms)["result"]["funders"]
    names = {str(NHS): "nhs", str(COUNCIL): "council"}
    return {names[one["funder_id"]]: one[figure] for one in funders}


def payment_ids(transaction):
    found = rows(
        transaction, "SELECT payment_id FROM direct_payments ORDER BY period_starts_on, payment_id"
    )
    return [payment_id for (payment_id,) in found]
