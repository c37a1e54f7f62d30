"""who may see whose record, who saw it, and the reader that sees no other"""

from access import revisions

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NOBODYS = ("funder_contacts",)
PERSONAL = {
    "care_teams": "person_id",
    "choices": "person_id",
    "deaths": "person_id",
    "merged_people": "person_id",
    "named_contacts": "person_id",
    "people": "person_id",
    "replies": "person_id?",
    "representatives": "person_id",
    "safeguarding_holds": "person_id",
    "suppressions": "person_id?",
    "messages": "person_id",
    "deliveries": "message_id>messages",
    "attempts": "delivery_id>deliveries",
    "receipts": "delivery_id?>deliveries",
}


def upgrade() -> None:
    revisions.create_tables("notifications")
    revisions.open_to_reader("notifications", NOBODYS)
    revisions.protect("notifications", PERSONAL)


def downgrade() -> None:
    revisions.unprotect(PERSONAL)
    revisions.close_to_reader("notifications", [*NOBODYS, *PERSONAL])
    revisions.drop_tables("notifications")
