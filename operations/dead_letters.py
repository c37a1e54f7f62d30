"""What is dead in one service: list it, look at it, try it again, or give it up.

Needs the settings of that service: its database and its keys. Four places are one here:
``inbox``, what a subscriber failed of; ``broker``, what nobody here could read; ``outbox``, what
could not be sent; ``errand``, what was not done outside. No value of a message's data is ever
shown: it may name a person.
"""

import argparse
import importlib
import inspect
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, text
from sqlalchemy.exc import DBAPIError

from shared import clock, settings
from shared.contracts import catalogue, documents, manifest, sealing
from shared.database import open_engine
from shared.messaging.dead_letter_queue import ABOUT, understood
from shared.messaging.tables import DeadLetterAct

DEDUP_WINDOW = timedelta(days=35)  # afterwards the inbox has forgotten what it processed
DEEPEST = 5  # of what is shown of an envelope

# What is put together here are these very words and no others; a value is always a parameter.
# ruff: noqa: S608
_STUCK = f"""
    WITH stuck AS (
        SELECT 'inbox' AS place, consumer AS key, message_id::text AS message_id,
               replace(body->>'type', '{catalogue.TYPE_PREFIX}', '') AS event, last_error AS reason,
               attempts, received_at AS since, body, NULL::bytea AS sealed, NULL AS content_type
        FROM inbox WHERE state = 'dead'
        UNION ALL SELECT 'errand', errand_id::text, errand_id::text, kind, last_error, attempts,
                         created_at, NULL, NULL, NULL FROM errands WHERE state = 'failed'
        UNION ALL SELECT 'outbox', position::text, message_id::text, event_type, last_error,
                         attempts, created_at, body, NULL, NULL FROM outbox WHERE state = 'parked'
        UNION ALL SELECT 'broker', dead_letter_id::text,
                         coalesce(substring(message_id FROM '^[0-9a-f-]{{36}}$'),
                                  dead_letter_id::text),
                         routing_key, reason, deaths, died_at, NULL, body, content_type
                  FROM dead_letters WHERE state = 'dead'),
    found AS (SELECT left(md5(concat_ws(' ', place, event, reason)), 8) AS fingerprint, *,
                     clock_timestamp() - since AS age FROM stuck)
"""  # nosec B608  # words of ours
_GROUPS = text(f"""{_STUCK}
    SELECT fingerprint, place, event, reason, count(*) AS messages, min(since) AS oldest,
           max(since) AS newest FROM found GROUP BY 1, 2, 3, 4 ORDER BY 6
""")  # nosec B608  # words of this file
_CHOSEN = text(f"""{_STUCK}
    SELECT * FROM found
    WHERE :which IN (fingerprint, message_id) OR (place = 'broker' AND key = :which) ORDER BY since
""")  # nosec B608  # words of this file
_SOON = "clock_timestamp() + make_interval(secs => :seconds)"
_CHANGES = {
    "replay inbox": f"state = 'retry', attempts = 0, failures = 0, next_attempt_at = {_SOON}",
    "replay outbox": f"state = 'pending', attempts = 0, next_attempt_at = {_SOON}",
    "replay broker": "state = 'replayed', body = ''",
    "discard inbox": "state = 'discarded', body = NULL",
    "discard outbox": "state = 'discarded', body = '{}'",
    "discard errand": "state = 'discarded', arguments = '{}'",
    "discard broker": "state = 'discarded', body = ''",
}
_ROWS = {
    "inbox": ("inbox", "state = 'dead' AND (consumer, message_id::text) = (:key, :message_id)"),
    "outbox": ("outbox", "state = 'parked' AND position::text = :key"),
    "errand": ("errands", "state = 'failed' AND errand_id::text = :key"),
    "broker": ("dead_letters", "state = 'dead' AND dead_letter_id::text = :key"),
}
_HAND_OVER = text(f"""
    INSERT INTO inbox (consumer, message_id, state, attempts, failures, body, next_attempt_at)
    VALUES (:consumer, :message_id, 'retry', 0, 0, CAST(:body AS jsonb), {_SOON})
    ON CONFLICT DO NOTHING
""")  # nosec B608  # words of this file
_KNOWN = text("SELECT state FROM inbox WHERE (consumer, message_id) = (:consumer, :message_id)")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SHOWN = re.compile(  # ids, types, instants, and what an envelope may say of itself
    r"([a-z_]+/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+"
    r"|uk[.]commonpurse[.][a-z]+[.][a-z_]+[.]v[0-9]+|[0-9]{20}|1[.]0|none|personal"
)
_UNREADABLE = (
    documents.UnreadableDocumentError,
    catalogue.UnreadableEventError,
    sealing.BrokenSealError,
)


class RefusedError(Exception):
    """A message that stays as it is, and why."""


def listening(service: str) -> list[Any]:
    """Return what a service subscribes to, without a container in which it would run."""
    module = importlib.import_module(f"services.{service}.service")
    methods = inspect.getmembers(getattr(module, f"{service.capitalize()}Service"))
    return [
        SimpleNamespace(method_name=name, event_class=entrypoint.event_class)
        for name, method in methods
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if hasattr(entrypoint, "event_class")
    ]


def show_groups(connection: Connection, asked: argparse.Namespace) -> int:
    groups = connection.execute(_GROUPS).all()
    _say(f"{asked.service}: {sum(group.messages for group in groups) or 'nothing is'} dead.")
    _say_table(groups, "fingerprint place event reason messages oldest newest")
    return 0


def show_messages(connection: Connection, asked: argparse.Namespace) -> int:
    rows = _chosen(connection, asked)
    _say_table(rows, "fingerprint place event reason message_id key attempts since")
    for row in rows:
        try:
            envelope = json.dumps(redacted(_envelope(row)))
        except _UNREADABLE as error:
            envelope = f"cannot be read: {error.reason}"
        _say(f"{row.message_id}  {envelope}")
    return 0 if rows else 1


def act(connection: Connection, asked: argparse.Namespace) -> int:
    """Replay or discard what is asked for. What is refused stays, and the others go on."""
    rows = _chosen(connection, asked)
    ids: dict[tuple[str, str], list[str]] = {(row.place, row.fingerprint): [] for row in rows}
    refused: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        kind = (row.place, row.fingerprint)
        seconds = sum(map(len, ids.values())) / asked.per_second
        try:
            with connection.begin_nested():
                outcome = _act_on(connection, row, asked, seconds=seconds)
            ids[kind].append(row.message_id)
        except (RefusedError, *_UNREADABLE) as error:
            outcome = f"refused: {error}"
            refused[kind] += 1
        _say(f"{row.message_id}  {row.place}  {outcome}")
    for kind, message_ids in ids.items():
        done = {"place": kind[0], "fingerprint": kind[1], "message_ids": message_ids}
        decided = {"act": asked.act, "who": asked.who, "why": asked.why, "refused": refused[kind]}
        connection.execute(insert(DeadLetterAct).values(act_id=uuid4(), **done, **decided))
    if asked.dry_run:
        connection.rollback()
        _say("A dry run: nothing was changed.")
    return 0 if rows and not any(refused.values()) else 1


def _act_on(
    connection: Connection, row: Row[Any], asked: argparse.Namespace, *, seconds: float
) -> str:
    if (asked.act, row.place) == ("replay", "errand"):
        raise RefusedError("that it failed was told; have the work asked for anew")
    table, where = _ROWS[row.place]
    change = text(f"UPDATE {table} SET {_CHANGES[f'{asked.act} {row.place}']} WHERE {where}")  # nosec B608  # words of this file
    values = {"key": row.key, "message_id": row.message_id, "seconds": seconds}
    if not connection.execute(change, values).rowcount:
        raise RefusedError("somebody else was quicker")
    if asked.act == "discard":
        return "discarded"
    if row.place == "broker":
        return _hand_over(connection, row, listening(asked.service), seconds=seconds)
    _see_that_a_repeat_is_known(row, row.body)
    return "replayed"


def _hand_over(connection: Connection, row: Row[Any], to: Iterable[Any], *, seconds: float) -> str:
    """Put into the inbox what the broker could not, as a message that waits for its next try."""
    body = sealing.open_bytes(bytes(row.sealed), about=ABOUT)
    event, envelope, found = understood(body, content_type=row.content_type, subscriptions=to)
    _see_that_a_repeat_is_known(row, envelope)
    outcome = "replayed"
    for one in found:
        message = {"consumer": one.method_name, "message_id": event.event_id}
        new = {"body": json.dumps(envelope), "seconds": seconds}
        if not connection.execute(_HAND_OVER, message | new).rowcount:
            outcome = f"already {connection.scalar(_KNOWN, message)}"
    return outcome


def _see_that_a_repeat_is_known(row: Row[Any], envelope: dict[str, Any]) -> None:
    """Refuse what is so old that its listeners may have forgotten that they had it."""
    schema = catalogue.SCHEMAS.get(catalogue.event_type(envelope))
    if schema is not None and schema.event_class.business_key:
        return
    age = row.age  # which must do where the envelope does not say when it was told
    with suppress(ValueError, TypeError):
        age = max(age, clock.now() - datetime.fromisoformat(str(envelope.get("time"))))
    if age > DEDUP_WINDOW:
        raise RefusedError("older than 35 days, and no business key would show a repeat")


def redacted(value: Any, *, depth: int = 0) -> Any:
    """Return keys and types; of values only ids, types of event and times of an envelope."""
    if depth < DEEPEST and isinstance(value, dict):
        names = [key if _KEY.fullmatch(key) else "?" for key in value]
        parts = [redacted(part, depth=depth + 1) for part in value.values()]
        return dict(zip(names, parts, strict=True))
    if depth < DEEPEST and isinstance(value, list):
        return [redacted(part, depth=depth + 1) for part in value[:DEEPEST]]
    is_shown = depth == 1 and isinstance(value, str) and _SHOWN.fullmatch(value)
    return value if is_shown else type(value).__name__


def _envelope(row: Row[Any]) -> Any:
    if row.place != "broker":
        return row.body
    body = sealing.open_bytes(bytes(row.sealed), about=ABOUT)
    return documents.read(body, content_type=row.content_type)


def _chosen(connection: Connection, asked: argparse.Namespace) -> Sequence[Row[Any]]:
    rows = connection.execute(_CHOSEN, {"which": asked.which}).all()
    if not rows:
        _say(f"{asked.service}: nothing dead has this fingerprint or id.")
    return rows


def _say_table(rows: Sequence[Row[Any]], names: str) -> None:
    table = [
        names.split(),
        *([_cell(getattr(row, name)) for name in names.split()] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table if rows else ():
        _say("  ".join(map(str.ljust, line, widths)).rstrip())


def _cell(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _words(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("it must not be empty")
    return value


def _rate(value: str) -> float:
    if not 0 < float(value) < float("inf"):
        raise argparse.ArgumentTypeError("it must be more than 0")
    return float(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.messaging.deadletters",
        description="What is dead in one service, and what to do about it.",
        epilog="Ends with 0 when done, 1 when something was refused or not found, 2 on bad usage.",
    )
    whose = argparse.ArgumentParser(add_help=False)
    whose.add_argument("--service", required=True, choices=manifest.SERVICES)
    chosen = argparse.ArgumentParser(add_help=False, parents=[whose])
    chosen.add_argument("which", help="a fingerprint, for its whole group, or one message's id")
    acting = argparse.ArgumentParser(add_help=False, parents=[chosen])
    acting.add_argument("--who", required=True, type=_words, help="who decided this; recorded")
    acting.add_argument("--why", required=True, type=_words, help="and why; name nobody in it")
    acting.add_argument("--dry-run", action="store_true", help="only say what would happen")
    acting.add_argument("--per-second", type=_rate, default=20.0, help="tries begun at most; 20")
    add = parser.add_subparsers(dest="act", required=True).add_parser
    listed = add("list", parents=[whose], help="one line for each kind of dead message")
    listed.set_defaults(run=show_groups)
    shown = add("show", parents=[chosen], help="one message or a group, without its values")
    shown.set_defaults(run=show_messages)
    replayed = add("replay", parents=[acting], help="try again, under the same message id")
    replayed.set_defaults(run=act)
    discarded = add("discard", parents=[acting], help="give up: the row stays, a body goes")
    discarded.set_defaults(run=act)
    return parser


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        database_url = settings.required(os.environ, "COMMONPURSE_DATABASE_URL")
        with open_engine(database_url, pool_size=1).connect() as connection:
            status: int = asked.run(connection, asked)
            connection.commit()
    except (settings.SettingMissingError, sealing.BadSealingKeysError, DBAPIError) as error:
        sys.stderr.write(f"Nothing was done: {error}\n")
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
