"""who at an organisation hears of what concerns its money"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE funder_contacts (
            funder_id uuid NOT NULL CONSTRAINT funder_contacts_pkey PRIMARY KEY
                CONSTRAINT funder_contacts_funder_id_fkey REFERENCES funders,
            version bigint NOT NULL
                CONSTRAINT funder_contacts_version_counts_check CHECK (version >= 1),
            name varchar,
            email varchar,
            CONSTRAINT funder_contacts_name_with_address_check
                CHECK ((name IS NULL) = (email IS NULL))
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE funder_contacts")
