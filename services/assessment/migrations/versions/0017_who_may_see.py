"""who may see whose record, who saw it, and the reader that sees no other"""

from access import revisions

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NOBODYS = (
    "reporting_lines",
    "rule_sets",
    "unplaced_contributions",
)
PERSONAL = {
    "people": "person_id",
    "complaints": "person_id",
    "consent_withdrawals": "person_id",
    "life_events": "person_id",
    "referrals": "person_id",
    "representatives": "person_id",
    "team_memberships": "person_id",
    "consents": "person_id",
    # About two people: whoever sees one of them sees that it is asked.
    "identity_questions": (
        f"(person_id = {revisions.SEEN} OR other_person_id = {revisions.SEEN})"
    ),
    "indicative_budgets": "person_id",
    "agreed_assessments": "referral_id>referrals",
    "blocked_reductions": "referral_id>referrals",
    "bookings": "referral_id>referrals",
    "contributions": "referral_id>referrals",
    "deadlines": "referral_id>referrals",
    "declined_budgets": "referral_id>referrals",
    "discussions": "referral_id>referrals",
    "disputes": "referral_id>referrals",
    "domain_positions": "referral_id>referrals",
    "interviews": "referral_id>referrals",
    "plans": "referral_id>referrals",
    "preventive_effects": "referral_id>referrals",
    "refused_referrals": "referral_id>referrals",
    "review_meetings": "referral_id>referrals",
    "support_offers": "referral_id>referrals",
    "worker_changes": "referral_id>referrals",
    "crises": "referral_id>referrals",
    "goal_outcomes": "meeting_id>review_meetings",
    "plan_versions": "plan_id>plans",
    "reviews": "referral_id>referrals",
    "scored_domains": "contribution_id>contributions",
    "told_in_person": "referral_id>referrals",
    "crisis_prolongations": "crisis_id>crises",
    "decisions": "plan_id>plans",
    "plan_goals": "plan_id>plans",
    "plan_items": "plan_id>plans",
    "signatures": "plan_id>plans",
    "appeals": "referral_id>referrals",
    "decided_items": "decision_id>decisions",
}


def upgrade() -> None:
    revisions.create_tables("assessment")
    revisions.open_to_reader("assessment", NOBODYS)
    revisions.protect("assessment", PERSONAL)


def downgrade() -> None:
    revisions.unprotect(PERSONAL)
    revisions.close_to_reader("assessment", [*NOBODYS, *PERSONAL])
    revisions.drop_tables("assessment")
