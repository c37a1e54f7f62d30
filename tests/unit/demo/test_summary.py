"""The figures come from the services, in the form that was promised."""

import io

from rich.console import Console

from demo import summary as figures
from demo.crew import Outcome
from tests.unit.demo.test_quiet import a_look

TOTALS = {
    "assessment.totals": {
        "referrals": 4,
        "declined_a_budget": 1,
        "refused": 1,
        "along_the_way": dict.fromkeys(("appeals", "appeals_upheld", "disputes"), 0),
        "approved_at": {"care_coordinator": 2},
    },
    "budget.totals": {
        "budgets": 2,
        "funded_pence": {"nhs": 600_00, "council": 400_00},
        "spent_pence": {"nhs": 500_00, "council": 300_00},
        "person_contribution_pence": 52_00,
        "overspent_pence": 0,
        "refunded_pence": 10_00,
        "ledger": {
            "journals": 9,
            "postings": 18,
            "sum_pence": 0,
            "balances_match_postings": True,
        },
    },
    "payments.totals": {
        "purchases": {"card": 4, "bacs": 1},
        "card_declines": 1,
        "decision_ms": {"p50": 4.2, "p99": 11.0},
    },
    "notifications.totals": {"sms": 5, "email": 6, "letter": 7, "open": 0, "failed": 0},
    "partners.totals": {
        "received": [
            {"partner": "a-trust", "system": "records", "state": "accepted", "count": 7},
            {"partner": "a-council", "system": "care", "state": "rejected", "count": 1},
            {"partner": "a-council", "system": "care", "state": "accepted", "count": 2},
        ],
        "outgoing": [],
    },
}


class Services:
    def query(self, operation, request):
        return TOTALS[operation]


def a_summary(*, failed=(), look=None):
    return figures.summarise(
        Services(), found=look or a_look(), failed=failed, setup_seconds=12.34, cases_seconds=5.0
    )


def test_the_summary_has_the_promised_form():
    assert a_summary() == {
        "cases": 3,
        "declined_a_budget": 1,
        "budgets": 2,
        "approved_at": {
            "care_coordinator": 2,
            "team_manager": 0,
            "multidisciplinary_team": 0,
            "risk_enablement_panel": 0,
        },
        "funded_pence": {"nhs": 600_00, "council": 400_00},
        "spent_pence": {"nhs": 500_00, "council": 300_00},
        "person_contribution_pence": 52_00,
        "purchases": {"card": 4, "bacs": 1, "invoice": 0},
        "refunded_pence": 10_00,
        "card_declines": 1,
        "decision_ms": {"p50": 4.2, "p99": 11.0},
        "messages": {"sms": 5, "email": 6, "letter": 7},
        "from_partners": {
            "a-council/care": {"rejected": 1, "accepted": 2},
            "a-trust/records": {"accepted": 7},
        },
        "ledger": {
            "journals": 9,
            "postings": 18,
            "sum_pence": 0,
            "balances_match_postings": True,
        },
        "queues": {"ready": 0, "unacknowledged": 0, "dead": 0},
        "outbox_pending": 0,
        "cases_failed": [],
        "seconds": {"setup": 12.3, "cases": 5.0},
    }


def test_a_run_in_order_gives_no_cause_for_complaint():
    assert figures.complaints(a_summary(), left=[]) == []


def test_failed_cases_dead_messages_and_an_unbalanced_ledger_are_complained_of():
    failed = [Outcome(case_ref="MP-0001", known={}, reason="the card was declined")]
    summary = a_summary(failed=failed, look=a_look(dead_letters=1, undrained=1))
    summary["ledger"] = {**summary["ledger"], "sum_pence": 1}

    assert figures.complaints(summary, left=["budget.errands_open: 1"]) == [
        "MP-0001 failed: the card was declined",
        "Still under way: budget.errands_open: 1",
        "2 messages or errands are dead.",
        "The ledger does not add up.",
    ]


def test_the_table_shows_pounds_and_no_control_characters_without_a_terminal():
    written = io.StringIO()

    figures.show(a_summary(), console=Console(file=written, width=100))

    assert "£600.00" in written.getvalue()
    rows = dict(figures.rows(a_summary()))
    assert rows["Messages from a-council/care"] == "3, 1 rejected"
    assert rows["Messages from a-trust/records"] == "7"
    assert "\x1b" not in written.getvalue()


def test_what_did_not_go_smoothly_is_counted_only_where_it_occurs(monkeypatch):
    happened = {"appeals": 2, "appeals_upheld": 1, "disputes": 0, "plans_returned": 3}
    assessment = {**TOTALS["assessment.totals"], "along_the_way": happened}
    monkeypatch.setitem(TOTALS, "assessment.totals", assessment)

    summary = a_summary()

    assert summary["along_the_way"] == {"appeals": 2, "appeals_upheld": 1, "plans_returned": 3}
    rows = dict(figures.rows(summary))
    assert rows["Appeals"] == "2, 1 upheld"
    assert rows["Plans returned"] == "3"
    assert "Disputes" not in rows
