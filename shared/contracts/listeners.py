"""Who listens to which event; the queues and their bindings follow from it."""

from collections.abc import Mapping, Sequence

# In every version. An event that nobody listens to is told all the same.
LISTENERS: Mapping[str, Sequence[str]] = {
    "assessment.referral_received": ("notifications",),
    "assessment.contact_details_changed": ("notifications",),
    "assessment.care_team_changed": ("payments", "notifications"),
    "assessment.assessment_agreed": (),
    "assessment.indicative_budget_calculated": ("notifications",),
    "assessment.budget_declined": ("notifications",),
    "assessment.plan_submitted": ("notifications",),
    "assessment.plan_signed": (),
    "assessment.plan_escalated": ("notifications",),
    "assessment.plan_approved": ("budget", "payments", "notifications"),
    "assessment.crisis_plan_activated": ("notifications",),
    "assessment.review_due": ("notifications",),
    "budget.contribution_called": (),
    "budget.contribution_received": (),
    "budget.budget_activated": ("payments", "notifications"),
    "budget.hold_placed": ("payments",),
    "budget.hold_refused": ("payments",),
    "budget.hold_captured": ("payments",),
    "budget.hold_released": ("payments",),
    "budget.refund_posted": ("payments", "notifications"),
    "budget.ledger_sealed": (),
    "payments.purchase_requested": ("budget",),
    "payments.purchase_ready": (),
    "payments.purchase_refused": ("notifications",),
    "payments.card_issued": (),
    "payments.authorisation_decided": ("notifications",),
    "payments.purchase_amounts_changed": ("budget",),
    "payments.purchase_completed": ("notifications",),
    "payments.purchase_cancelled": (),
    "notifications.message_sent": (),
    "notifications.message_delivered": ("assessment",),
    "notifications.message_undeliverable": ("assessment",),
}
