"""addresses, facts and words are sealed at rest"""

import json

import sqlalchemy as sa
from alembic import op

from services.notifications.tables import KEYS_SETTING, sealed
from shared.contracts.sealing import open_bytes

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# By table: its key, and its columns with their former types.
_COLUMNS = {
    "people": (
        "person_id",
        {
            "given_name": "varchar",
            "family_name": "varchar",
            "mobile": "varchar",
            "email": "varchar",
            "address_lines": "jsonb",
        },
    ),
    "messages": ("message_id", {"facts": "jsonb"}),
    "deliveries": ("delivery_id", {"subject": "varchar", "body": "varchar"}),
    "safeguarding_holds": ("hold_id", {"reason": "varchar", "release_reason": "varchar"}),
}
_REQUIRED = {
    "people": ("given_name", "family_name", "address_lines"),
    "safeguarding_holds": ("reason",),
}
_CHECKS = {
    "deliveries": {
        "subject_unless_sms": "body IS NULL OR (channel = 'sms') = (subject IS NULL)",
    },
    "safeguarding_holds": {
        "released_as_a_whole": "(released_at IS NULL) = (released_by IS NULL)"
        " AND (released_at IS NULL) = (release_reason IS NULL)",
    },
}


def upgrade() -> None:
    _convert(
        lambda _table, _former: "bytea",
        lambda value, about: None if value is None else sealed(value, about=about),
    )


def downgrade() -> None:
    _convert(lambda _table, former: former, _opened)


def _opened(value, about):
    if value is None:
        return None
    return json.loads(open_bytes(bytes(value), about=about, setting=KEYS_SETTING))


def _convert(new_type, converted) -> None:
    """Put new columns in the place of old ones; keys are needed only where there are rows."""
    connection = op.get_bind()
    for table, (key, columns) in _COLUMNS.items():
        for check in _CHECKS.get(table, {}):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{check}_check")
        names = ", ".join(columns)
        rows = connection.execute(sa.text(f"SELECT {key} AS key, {names} FROM {table}")).all()
        for name, former in columns.items():
            op.execute(f"ALTER TABLE {table} DROP {name}")
            op.execute(f"ALTER TABLE {table} ADD {name} {new_type(table, former)}")
        for row in rows:
            values = {
                name: converted(getattr(row, name), f"{table}.{name}") for name in columns
            }
            kept = {name: value for name, value in values.items() if value is not None}
            if kept:
                _update(connection, table, key, row.key, kept)
        for name in _REQUIRED.get(table, ()):
            op.execute(f"ALTER TABLE {table} ALTER {name} SET NOT NULL")
        for check, condition in _CHECKS.get(table, {}).items():
            op.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{check}_check CHECK ({condition})"
            )


def _update(connection, table, key, id_, values) -> None:
    former = _COLUMNS[table][1]
    bound = {
        name: json.dumps(value) if former[name] == "jsonb" and not isinstance(value, bytes)
        else value
        for name, value in values.items()
    }
    assignments = ", ".join(
        f"{name} = CAST(:{name} AS jsonb)"
        if former[name] == "jsonb" and not isinstance(values[name], bytes)
        else f"{name} = :{name}"
        for name in values
    )
    statement = sa.text(f"UPDATE {table} SET {assignments} WHERE {key} = :key_of_row")
    connection.execute(statement, {**bound, "key_of_row": id_})
