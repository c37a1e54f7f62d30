"""By service and by the name of a field in a request: where its ids are, and whose they are."""

# ruff: noqa: S608 - these are our own words

from collections.abc import Mapping

_OF_REFERRAL = "JOIN referrals USING (referral_id) WHERE person_id = :person_id"
_OF_PLAN = f"JOIN plans USING (plan_id) {_OF_REFERRAL}"
_OF_BUDGET = "JOIN budgets USING (budget_id) WHERE person_id = :person_id"
_IS_THEIRS = "person_id = :person_id"
_OF_POOL = f"JOIN budgets USING (pool_id) WHERE {_IS_THEIRS}"
_OF_PURCHASE = "JOIN purchases USING (purchase_id) WHERE person_id = :person_id"

FOUND: Mapping[str, Mapping[str, str]] = {
    "assessment": {
        "referral_id": "SELECT referral_id FROM referrals WHERE person_id = :person_id",
        "plan_id": f"SELECT plan_id FROM plans {_OF_REFERRAL}",
        "decision_id": f"SELECT decision_id FROM decisions {_OF_PLAN}",
        "refusal_id": f"SELECT refusal_id FROM refused_referrals {_OF_REFERRAL}",
        "appeal_id": f"SELECT appeal_id FROM appeals {_OF_REFERRAL}",
        "dispute_id": f"SELECT dispute_id FROM disputes {_OF_REFERRAL}",
        "request_id": f"SELECT request_id FROM worker_changes {_OF_REFERRAL}",
        "crisis_id": f"SELECT crisis_id FROM crises {_OF_REFERRAL}",
        "statement_id": f"SELECT statement_id FROM preventive_effects {_OF_REFERRAL}",
        "question_id": "SELECT question_id FROM identity_questions",  # it is of two of them
        "complaint_id": "SELECT complaint_id FROM complaints WHERE person_id = :person_id",
        "appointment_id": "SELECT appointment_id FROM representatives WHERE person_id = :person_id",
        "access_id": "SELECT access_id FROM emergency_accesses WHERE person_id = :person_id",
        "event_id": "SELECT event_id FROM life_events WHERE person_id = :person_id",
    },
    "budget": {
        "budget_id": "SELECT budget_id FROM budgets WHERE person_id = :person_id",
        "item_id": f"SELECT item_id FROM budget_items {_OF_BUDGET}",
        "agreement_id": f"SELECT agreement_id FROM agreements {_OF_BUDGET}",
        "contribution_id": f"SELECT contribution_id FROM contributions {_OF_BUDGET}",
        "allocation_id": f"SELECT allocation_id FROM allocations {_OF_BUDGET}",
        "reserve_id": f"SELECT reserve_id FROM crisis_reserves {_OF_BUDGET}",
        "schedule_id": f"SELECT schedule_id FROM direct_payment_schedules {_OF_BUDGET}",
        "repayment_id": f"SELECT repayment_id FROM repayments {_OF_BUDGET}",
        "journal_id": f"SELECT journal_id FROM journals {_OF_BUDGET}",
        "payment_id": f"SELECT purchase_id FROM holds {_OF_BUDGET}",
        # Whose money it is.
        "funder_id": "SELECT funder_id FROM pool_partners JOIN funders USING (funder_id)"
        f" JOIN budgets USING (pool_id) WHERE kind = 'nhs' AND {_IS_THEIRS}",
        "host_id": f"SELECT host_id FROM pools JOIN budgets USING (pool_id) WHERE {_IS_THEIRS}",
        "pool_id": f"SELECT pool_id FROM budgets WHERE {_IS_THEIRS}",
        "period_id": f"SELECT period_id FROM periods {_OF_POOL}",
        "run_id": f"SELECT run_id FROM recharge_runs {_OF_POOL}",
        "invoice_id": "SELECT invoice_id FROM recharge_invoices"
        f" JOIN recharge_runs USING (run_id) {_OF_POOL}",
    },
    "payments": {
        "budget_id": "SELECT budget_id FROM plans WHERE person_id = :person_id",
        "item_id": "SELECT item_id FROM plan_items JOIN plans USING (budget_id)"
        " WHERE person_id = :person_id",
        "purchase_id": "SELECT purchase_id FROM purchases WHERE person_id = :person_id",
        "payee_id": "SELECT payee_id FROM payees WHERE person_id = :person_id",
        "series_id": "SELECT series_id FROM series JOIN plans USING (budget_id)"
        " WHERE person_id = :person_id",
        "card_id": f"SELECT card_id FROM cards {_OF_PURCHASE}",
        "dispute_id": f"SELECT dispute_id FROM disputes {_OF_PURCHASE}",
        "receipt_id": f"SELECT receipt_id FROM receipts {_OF_PURCHASE}",
        "exception_id": f"SELECT exception_id FROM exceptions {_OF_PURCHASE}",
        "presentment_id": f"SELECT presentment_id FROM presentments {_OF_PURCHASE}",
    },
    "notifications": {
        "message_id": "SELECT message_id FROM messages WHERE person_id = :person_id",
        "hold_id": "SELECT hold_id FROM safeguarding_holds WHERE person_id = :person_id",
        "suppression_id": "SELECT suppression_id FROM suppressions WHERE person_id = :person_id",
        "reply_id": "SELECT reply_id FROM replies WHERE person_id = :person_id",
    },
}
