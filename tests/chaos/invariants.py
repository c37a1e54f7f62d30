"""What must be true whenever the suite has come to rest.

Each rule has a number, by which a violation is named. The ledger's own rules have numbers of
their own, in docs/architecture/ledger.md.

Each check returns a line for each violation. None of them trusts a figure of the suite's own
that it can count in the tables itself.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import requests

from demo import quiet, summary
from demo.calling import Caller
from deploy.local import health
from deploy.local.processes import SERVICES
from deploy.local.waiting import wait_until
from shared.contracts.listeners import LISTENERS
from tests.chaos.house import House
from tests.e2e.expected import FUNDERS, exactly_spent, expected, most_drift_pence, spent_pence

HURRY_AFTER_SECONDS = 3.0
RECOVER_WITHIN_SECONDS = 15
MOST_OPEN_FILES = 64  # of a process at rest; one that has just begun has about half as many
IDENTIFYING = ("nhs_number", "council_client_id", "mobile", "email", "postcode")
MOST_HURRIES = 40
LATE_DECLINES = "card_declines"  # a shop may ask again when nobody answered in time


def come_to_rest(house: House, caller: Caller) -> list[str]:
    """Wait for quiet, letting the delays pass; return what is still under way (I5)."""
    management_url = house.stack.environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    left: list[str] = []
    for _ in range(MOST_HURRIES):
        found = quiet.wait_for_quiet(
            caller, management_url=management_url, patience_seconds=HURRY_AFTER_SECONDS
        )
        left = found.left()
        if not left:
            return []
        house.hurry()
    return [f"I5 still under way: {what}" for what in left]


def violations(
    house: House, caller: Caller, *, played: Sequence[dict], poison: Mapping[str, int]
) -> list[str]:
    """Return every violation, once the suite is at rest."""
    return [
        *books_that_do_not_balance(house),
        *money_overdrawn(house),
        *events_lost(house),
        *events_from_nowhere(house),
        *dead_letters_that_are_not_ours(house, poison),
        *holds_that_do_not_add_up(house),
        *things_done_twice_outside(house),
        *people_named_in_logs(house, played),
        *files_left_open(house),
        *figures_that_do_not_follow_from_the_cases(house, caller, played),
    ]


def books_that_do_not_balance(house: House) -> list[str]:
    """I1: the balance of each account is the sum of its postings, and none stands alone."""
    unequal = house.rows(
        "budget",
        """
        SELECT account_id, posted_pence, coalesce(
            (SELECT sum(CASE account_id WHEN credit_account_id THEN amount_pence
                                        ELSE -amount_pence END)
             FROM postings WHERE account_id IN (credit_account_id, debit_account_id)), 0
        ) AS net_pence
        FROM balances
        """,
    )
    lonely = house.rows(
        "budget",
        "SELECT journal_id FROM journals j WHERE NOT EXISTS"
        " (SELECT FROM postings p WHERE p.journal_id = j.journal_id)",
    )
    return [
        *(
            f"I1 account {row.account_id}: balance {row.posted_pence}, postings {row.net_pence}"
            for row in unequal
            if row.posted_pence != row.net_pence
        ),
        *(f"I1 journal {row.journal_id} has no posting" for row in lonely),
    ]


def money_overdrawn(house: House) -> list[str]:
    """I3: nobody has spent or set aside more than there was."""
    rows = house.rows(
        "budget",
        "SELECT account_id FROM balances WHERE posted_pence < held_pence OR held_pence < 0",
    )
    return [f"I3 account {row.account_id} is overdrawn" for row in rows]


def events_lost(house: House) -> list[str]:
    """I4: whoever listens to an event that was told has it, processed, waiting or dead."""
    has = {service: messages_of(house, service) for service in SERVICES}
    found = []
    for service in SERVICES:
        for row in house.rows(service, "SELECT message_id, event_type, state FROM outbox"):
            if row.state != "published":
                found.append(f"I4 {row.event_type} is {row.state}")
                continue
            listeners = LISTENERS.get(row.event_type.rpartition(".")[0], ())
            found += [
                f"I4 {listener} never had {row.event_type} {row.message_id}"
                for listener in listeners
                if row.message_id not in has[listener]
            ]
    return found


def events_from_nowhere(house: House) -> list[str]:
    """I4: nobody has processed an event that was not committed, or has one that is dead."""
    told = {
        row.message_id
        for service in SERVICES
        for row in house.rows(service, "SELECT message_id FROM outbox")
    }
    found = []
    for service in SERVICES:
        for row in house.rows(service, "SELECT consumer, message_id, state FROM inbox"):
            if row.message_id not in told:
                found.append(f"I4 {service} has {row.message_id}, which nobody told")
            if row.state != "processed":
                found.append(f"I4 {service}.{row.consumer} has {row.message_id}: {row.state}")
    return found


def messages_of(house: House, service: str) -> set:
    return {row.message_id for row in house.rows(service, "SELECT message_id FROM inbox")}


def dead_letters_that_are_not_ours(house: House, poison: Mapping[str, int]) -> list[str]:
    """I6: dead letters are the poison that was sent, each piece once, and nothing else."""
    dead = {
        service: house.rows(service, "SELECT count(*) AS n FROM dead_letters")[0].n
        for service in SERVICES
    }
    return [
        f"I6 {service} has {number} dead letters, and was sent {poison.get(service, 0)}"
        for service, number in dead.items()
        if number != poison.get(service, 0)
    ]


def holds_that_do_not_add_up(house: House) -> list[str]:
    """I9: a hold is the sum of its portions, and payments and the ledger agree on it."""
    sums = house.rows(
        "budget",
        """
        SELECT purchase_id, h.held_pence, h.posted_pence, sum(p.held_pence) AS held,
               sum(p.posted_pence) AS posted
        FROM holds h JOIN hold_portions p USING (purchase_id) GROUP BY purchase_id
        """,
    )
    payments = {
        row.purchase_id: (row.held_pence, row.posted_pence)
        for row in house.rows(
            "payments", "SELECT purchase_id, held_pence, posted_pence FROM purchases"
        )
    }
    return [
        f"I9 hold {row.purchase_id}: {row.held_pence} held, {row.posted_pence} posted;"
        f" portions {row.held}, {row.posted}; payments {payments.get(row.purchase_id)}"
        for row in sums
        if (row.held_pence, row.posted_pence) != (row.held, row.posted)
        or payments.get(row.purchase_id) != (row.held_pence, row.posted_pence)
    ]


def things_done_twice_outside(house: House) -> list[str]:
    """I10, I11: no card, no transfer and no message to a person was made twice outside."""
    environment = house.stack.environment()
    notified = Counter(
        message["reference"]
        for message in requests.get(
            f"{environment['DEMO_NOTIFY_URL']}/_inbox.json", timeout=30
        ).json()
    )
    outside = {
        "transfers": {
            entry["payment_order_id"]
            for entry in simulator_log(environment["DEMO_BANK_URL"])
            if entry["what"] == "order_accepted"
        },
        "cards": {
            entry["id"]
            for entry in simulator_log(environment["DEMO_CARD_ISSUER_URL"])
            if entry.get("path") == "/v1/issuing/cards"
        },
    }
    found = [f"I11 message {one} was sent {n} times" for one, n in notified.items() if n > 1]
    for table, made in outside.items():
        ours = house.rows("payments", f"SELECT count(*) AS n FROM {table}")[0].n  # noqa: S608 - ours
        if len(made) != ours:
            found.append(f"I10 {len(made)} {table} outside for {ours} of ours")
    return found


def identifying(person: Mapping[str, str]) -> set[str]:
    """What tells who somebody is; a given name alone may be any word."""
    words = {person[field] for field in IDENTIFYING if person[field]}
    return {*words, f"{person['given_name']} {person['family_name']}"}


def people_named_in_logs(house: House, played: Sequence[dict]) -> list[str]:
    """I13: no process wrote down who anybody is, whatever happened to it."""
    found = []
    for path in sorted(house.stack.paths.logs.glob("*.log")):
        written = path.read_text("utf-8", "replace")
        found += [
            f"I13 {path.name} names the person of {line['case_ref']}"
            for line in played
            if any(word in written for word in identifying(line["person"]))
        ]
    return found


def files_left_open(house: House) -> list[str]:
    """I15: after all the reconnecting no process keeps files and sockets that it has no use for."""
    return [
        f"I15 {name} has {program.open_files()} open files"
        for name, program in house.programs.items()
        if program.open_files() > MOST_OPEN_FILES
    ]


def slow_to_recover(house: House) -> list[str]:
    """I14: every service answers again soon after all that stood in its way is gone."""
    environment = house.stack.environment()
    return [
        f"I14 {service} did not answer within {RECOVER_WITHIN_SECONDS} s"
        for service in SERVICES
        if not wait_until(
            partial(health.answers_calls, service, environment=environment),
            patience_seconds=RECOVER_WITHIN_SECONDS,
        )
    ]


def simulator_log(url: str) -> list[dict]:
    """What a simulator remembers having done: its last ten thousand acts."""
    return requests.get(f"{url}/_sim/log", timeout=30).json()["entries"]


def figures_that_do_not_follow_from_the_cases(
    house: House, caller: Caller, played: Sequence[dict]
) -> list[str]:
    """I2: each case that was played had each of its effects once; worked out from the cases."""
    found = quiet.look(
        caller, management_url=house.stack.environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    )
    figures = summary.summarise(caller, found=found, failed=[], setup_seconds=0, cases_seconds=0)
    wanted = expected(played)
    wrong = [
        f"I2 {name}: {figures[name]}, from the cases {value}"
        for name, value in wanted.items()
        if name != LATE_DECLINES and figures[name] != value
    ]
    spent = figures["spent_pence"]
    if sum(spent.values()) != spent_pence(played):
        wrong.append(f"I2 spent {spent}, from the cases {spent_pence(played)} in all")
    wrong += [
        f"I1 {funder} has drifted: {spent[funder]}"
        for funder in FUNDERS
        if abs(spent[funder] - exactly_spent(played, funder)) > most_drift_pence(played)
    ]
    return wrong


def number_of_messages(house: House) -> int:
    """Count the messages that the listeners of the suite have had."""
    return sum(house.rows(one, "SELECT count(*) AS n FROM inbox")[0].n for one in SERVICES)
