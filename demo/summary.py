"""The figures of a run, each read from a service or the broker, none counted by the demo."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from demo.calling import Caller
from demo.crew import Outcome
from demo.quiet import Look
from shared.money import pounds

FUNDERS = ("nhs", "council")
RUNGS = ("care_coordinator", "team_manager", "multidisciplinary_team", "risk_enablement_panel")
RAILS = ("card", "bacs", "invoice")
# What may be counted along the way, and what can come of it.
ALONG_THE_WAY: Mapping[str, Mapping[str, str]] = {
    "identity_questions": {"people_merged": "merged"},
    "referrals_refused": {},
    "worker_changes": {"worker_changes_agreed": "agreed"},
    "consents_withdrawn": {},
    "disputes": {"disputes_settled": "settled"},
    "signed_by_representatives": {},
    "plans_returned": {},
    "signatures_voided": {},
    "plans_refused": {},
    "appeals": {"appeals_upheld": "upheld"},
    "amounts_appealed": {},
    "panels_asked": {},
    "complaints": {"complaints_answered": "answered"},
    "reductions_held_up": {"statements_shown": "explained and shown"},
    "crises_prolonged": {},
    "admissions": {"discharges": "discharged"},
    "moves": {},
    "deaths": {"deaths_taken_back": "taken back"},
}
CHANNELS = ("sms", "email", "letter")


def summarise(
    caller: Caller,
    *,
    found: Look,
    failed: Sequence[Outcome],
    setup_seconds: float,
    cases_seconds: float,
) -> dict[str, Any]:
    """Ask the services what they have, and put it in the summary's form."""
    assessment = caller.query("assessment.totals", {})
    budget = caller.query("budget.totals", {})
    payments = caller.query("payments.totals", {})
    notifications = caller.query("notifications.totals", {})
    partners = caller.query("partners.totals", {})
    summary = {
        # A second referral of one person is refused and stays so; their case is the first.
        "cases": assessment["referrals"] - assessment["refused"],
        "declined_a_budget": assessment["declined_a_budget"],
        "budgets": budget["budgets"],
        "approved_at": _each(RUNGS, assessment["approved_at"]),
        "funded_pence": _each(FUNDERS, budget["funded_pence"]),
        "spent_pence": _each(FUNDERS, budget["spent_pence"]),
        "person_contribution_pence": budget["person_contribution_pence"],
        "purchases": _each(RAILS, payments["purchases"]),
        "refunded_pence": budget["refunded_pence"],
        "card_declines": payments["card_declines"],
        "decision_ms": {name: payments["decision_ms"][name] for name in ("p50", "p99")},
        "messages": _each(CHANNELS, notifications),
        "from_partners": _from_partners(partners["received"]),
        "ledger": {
            name: budget["ledger"][name]
            for name in ("journals", "postings", "sum_pence", "balances_match_postings")
        },
        "queues": {
            "ready": found.ready,
            "unacknowledged": found.unacknowledged,
            "dead": found.dead,
        },
        "outbox_pending": found.outbox_pending,
        "cases_failed": [
            {"case_ref": outcome.case_ref, "reason": outcome.reason} for outcome in failed
        ],
        "seconds": {"setup": round(setup_seconds, 1), "cases": round(cases_seconds, 1)},
    }
    happened = {name: number for name, number in assessment["along_the_way"].items() if number}
    return {**summary, "along_the_way": happened} if happened else summary


def complaints(summary: dict[str, Any], *, left: Sequence[str]) -> list[str]:
    """Say, in a line each, what is not as it must be at the end of a run."""
    said = [f"{case['case_ref']} failed: {case['reason']}" for case in summary["cases_failed"]]
    said += [f"Still under way: {what}" for what in left]
    if summary["queues"]["dead"]:
        said.append(f"{summary['queues']['dead']} messages or errands are dead.")
    ledger = summary["ledger"]
    if ledger["sum_pence"] != 0 or not ledger["balances_match_postings"]:
        said.append("The ledger does not add up.")
    return said


def show(summary: dict[str, Any], *, console: Console) -> None:
    """Print the summary as a table."""
    table = Table(title="What the services hold at the end")
    table.add_column("")
    table.add_column("", justify="right")
    for name, value in rows(summary):
        table.add_row(name, value)
    console.print(table)


def rows(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """List the summary as a person reads it: in words and pounds."""
    ledger, queues = summary["ledger"], summary["queues"]
    balanced = "match" if ledger["balances_match_postings"] else "do NOT match"
    return [
        ("Cases", str(summary["cases"])),
        ("Declined a budget", str(summary["declined_a_budget"])),
        ("Budgets", str(summary["budgets"])),
        *(
            (f"Approved by the {_words(rung)}", str(number))
            for rung, number in summary["approved_at"].items()
        ),
        *_by_funder("Paid in", summary["funded_pence"]),
        ("Paid in by the people themselves", pounds(summary["person_contribution_pence"])),
        *_by_funder("Spent", summary["spent_pence"]),
        ("Refunded", pounds(summary["refunded_pence"])),
        *((f"Purchases by {rail}", str(number)) for rail, number in summary["purchases"].items()),
        ("Card payments declined", str(summary["card_declines"])),
        *(
            (f"Card decisions, ms {name}", str(taken))
            for name, taken in summary["decision_ms"].items()
        ),
        *((f"Messages by {name}", str(number)) for name, number in summary["messages"].items()),
        *(
            (f"Messages from {system}", _with_states(states))
            for system, states in summary["from_partners"].items()
        ),
        *_along_the_way(summary.get("along_the_way", {})),
        ("Ledger: journals", str(ledger["journals"])),
        ("Ledger: postings", str(ledger["postings"])),
        ("Ledger: sum", pounds(ledger["sum_pence"])),
        ("Ledger: balances and postings", balanced),
        ("Messages waiting in queues", str(queues["ready"] + queues["unacknowledged"])),
        ("Dead messages and errands", str(queues["dead"])),
        ("Events not yet sent", str(summary["outbox_pending"])),
        ("Cases failed", str(len(summary["cases_failed"]))),
        ("Seconds to start the servers", str(summary["seconds"]["setup"])),
        ("Seconds to play the cases", str(summary["seconds"]["cases"])),
    ]


def _along_the_way(figures: dict[str, int]) -> Iterator[tuple[str, str]]:
    """List what did not go smoothly, and what came of it; nothing where all went well."""
    for name, what_came_of_it in ALONG_THE_WAY.items():
        if name in figures:
            came = "".join(
                f", {figures.get(outcome, 0)} {words}" for outcome, words in what_came_of_it.items()
            )
            yield _words(name).capitalize(), f"{figures[name]}{came}"


def _by_funder(what: str, amounts: dict[str, int]) -> list[tuple[str, str]]:
    names = {"nhs": "NHS", "council": "council"}
    return [(f"{what}, {names[funder]}", pounds(pence)) for funder, pence in amounts.items()]


def _each(names: Sequence[str], figures: dict[str, int]) -> dict[str, int]:
    """Take the figures in the summary's order; what a service has none of is 0."""
    return {name: figures.get(name, 0) for name in names}


def _from_partners(received: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return by each partner's system how many of its messages came to what."""
    found: dict[str, dict[str, int]] = {}
    for one in received:
        system = found.setdefault(f"{one['partner']}/{one['system']}", {})
        system[one["state"]] = one["count"]
    return dict(sorted(found.items()))


def _with_states(states: Mapping[str, int]) -> str:
    """Say how many, and of what is not accepted how many: "12, 1 rejected"."""
    others = [f"{count} {state}" for state, count in states.items() if state != "accepted"]
    return ", ".join([str(sum(states.values())), *others])


def _words(code: str) -> str:
    return code.replace("_", " ")
