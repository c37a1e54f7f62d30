"""reasons of choices and names of contacts are sealed at rest"""

import json

import sqlalchemy as sa
from alembic import op

from services.notifications.tables import KEYS_SETTING, sealed
from shared.contracts.sealing import open_bytes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Table, its key, the column, and the check that names it, which goes with it.
_COLUMNS = (
    ("choices", ("person_id", "version"), "reason", None),
    ("named_contacts", ("person_id",), "name", "(name IS NULL) = (role IS NULL)"),
)


def upgrade() -> None:
    _convert("bytea", lambda value, about: sealed(value, about=about))


def downgrade() -> None:
    _convert("varchar", _opened)


def _opened(value, about):
    return json.loads(open_bytes(bytes(value), about=about, setting=KEYS_SETTING))


def _convert(new_type, converted) -> None:
    """Put a new column in the place of an old one; keys are needed only where there are rows."""
    connection = op.get_bind()
    for table, key, column, check in _COLUMNS:
        keys = ", ".join(key)
        found = sa.text(f"SELECT {keys}, {column} FROM {table} WHERE {column} IS NOT NULL")
        rows = connection.execute(found).mappings().all()
        if check:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_name_with_role_check")
        op.execute(f"ALTER TABLE {table} DROP {column}, ADD {column} {new_type}")
        same = " AND ".join(f"{one} = :{one}" for one in key)
        for row in rows:
            value = converted(row[column], f"{table}.{column}")
            statement = sa.text(f"UPDATE {table} SET {column} = :value WHERE {same}")
            connection.execute(statement, {"value": value, **{one: row[one] for one in key}})
        if check:
            op.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_name_with_role_check CHECK ({check})"
            )
        else:
            op.execute(f"ALTER TABLE {table} ALTER {column} SET NOT NULL")
